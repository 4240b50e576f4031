"""What is never suggested: blocked words however disguised, private data, stuffed texts."""
