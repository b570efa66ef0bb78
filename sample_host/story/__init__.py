"""The story of the demo: past acts of an invented city, told through the platform's own steps."""

from .telling import tell

__all__ = ("tell",)
