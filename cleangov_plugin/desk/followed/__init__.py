"""Oversight follows an agency's ledger, and verifies while it copies."""
