"""The one floor that knows SQLAlchemy: our tables, and reading and writing them."""
