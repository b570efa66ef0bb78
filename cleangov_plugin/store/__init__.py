"""The one room that knows SQLAlchemy: tables, and every statement that reads or writes them."""
