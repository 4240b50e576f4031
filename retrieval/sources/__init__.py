"""What finds candidates, and what is matched."""
