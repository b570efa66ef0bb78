"""The verbs: one unit of work each; record and answer join, the others own their transaction."""
