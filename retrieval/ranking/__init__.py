"""Fusion and the learned order."""
