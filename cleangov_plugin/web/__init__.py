"""The blueprint under /cleangov/: answers, slots and pages."""
