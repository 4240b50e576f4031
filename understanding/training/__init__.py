"""Fitting encoders: PyTorch and sentence-transformers live here, imported when something is trained."""
