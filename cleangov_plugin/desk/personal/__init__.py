"""Personal fields: shown one by one, erased on a legal basis, and kept no longer than allowed."""
