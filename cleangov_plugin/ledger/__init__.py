"""Canonical bytes, leaf hashes and disclosures of the ledger's entries; pure functions."""
