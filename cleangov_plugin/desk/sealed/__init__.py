"""Sealing the ledger: leaves, heads, and what is kept away from the database."""
