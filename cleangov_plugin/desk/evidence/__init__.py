"""Evidence for others: receipts, the bundle of a case, and checking both away from the database."""
