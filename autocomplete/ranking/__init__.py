"""The learned order."""
