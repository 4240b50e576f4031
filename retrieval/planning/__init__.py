"""From an understanding to a plan."""
