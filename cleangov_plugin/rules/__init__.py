"""The rule language: checked trees, plans and evaluation; no input, no output, no clock."""
