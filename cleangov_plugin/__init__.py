"""Supervision for an existing city platform: the plugin a host finds by its entry point."""

__version__ = "0.1.0"
