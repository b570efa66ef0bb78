"""Excerpts of two public logs of real cases, and running them through the plugin's command line."""

from .replaying import forget, replay

__all__ = ("forget", "replay")
