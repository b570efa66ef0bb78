"""Sealing the ledger, and finding out whether what was sealed is still what it was."""
