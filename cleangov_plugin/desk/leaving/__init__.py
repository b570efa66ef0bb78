"""A city leaves: everything of its own in open formats, and our tables taken away."""
