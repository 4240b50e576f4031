"""Titles as a ranker reads them: words in order, heads, measures, and how words are used in the whole catalogue."""
