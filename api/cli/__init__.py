"""The `intentrie` command, one file a verb."""
