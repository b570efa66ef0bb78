"""What machines send to `cleangov serve`: one description reads it, and is published as OpenAPI."""
