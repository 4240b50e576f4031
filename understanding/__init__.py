"""Text and context in, what was meant out: mentions, constraints, intents, corrections, expansions."""
