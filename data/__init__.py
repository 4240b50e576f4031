"""What comes from outside and what is kept: catalogues, events, judgments, reviews, text analysis, releases."""
