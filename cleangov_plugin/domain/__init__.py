"""Our own words: frozen values, enums and errors that every other room speaks in."""
