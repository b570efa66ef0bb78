"""Civil days and working days: pure arithmetic over versions of a calendar."""
