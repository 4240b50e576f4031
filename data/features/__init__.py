"""Counters of the log as of a moment: what a ranker may know, in training as in serving."""
