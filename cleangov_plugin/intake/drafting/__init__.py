"""Drafting a mapping from the head of a file; each guess says why, and how sure it is."""
