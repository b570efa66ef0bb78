"""Signing in at pages that we serve ourselves, where no host does it; never a password of ours."""
