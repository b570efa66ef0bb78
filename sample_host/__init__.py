"""A small city platform: it knows the supervision contract, and finds plugins by entry point."""

from .app import create_app

__all__ = ("create_app",)
