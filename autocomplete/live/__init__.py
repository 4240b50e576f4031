"""What is suggested now, over a release: bans, pins, new texts, trends, what has sold out."""
