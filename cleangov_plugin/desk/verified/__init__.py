"""Finding out whether what was sealed is still what it was."""
