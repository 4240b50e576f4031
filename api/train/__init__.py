"""Training, one file a piece; nothing here is imported by a server."""
