"""What the log says of completions, as of a day."""
