"""Slips of the thumb: what may have been meant, how likely, and what matches it."""
