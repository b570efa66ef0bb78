"""The ledger's bytes: canonical JSON, leaf hashes, erasable disclosures and body v1. Pure."""
