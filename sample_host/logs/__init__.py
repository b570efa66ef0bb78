"""Excerpts of two public logs of real cases, and running them through the plugin's command line."""

from .replaying import replay

__all__ = ("replay",)
