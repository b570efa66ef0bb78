"""Clocks at work: which run, what is found when a term is nearly over or over, without an event."""
