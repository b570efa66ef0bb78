"""The ledger's bytes: canonical JSON, bodies, disclosures, trees, proofs, signed heads. Pure."""
