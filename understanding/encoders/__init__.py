"""Vectors of texts, shared by understanding and retrieval."""
