"""What those see who look through the records: frozen views, ready in one language, no HTML."""
