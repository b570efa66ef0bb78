"""Choosing the one prompt: merging hits, the verdict and the choices; pure functions."""
