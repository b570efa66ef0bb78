"""What becomes of findings: each change is an entry, written in the transaction of the change."""
