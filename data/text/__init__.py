"""The only place that normalises, tokenises or analyses text."""
