"""Watching a view of a platform that cannot call us: what was told, and what is told next."""
