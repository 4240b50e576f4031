"""Prefix and context in, ranked suggestions out."""
