"""What goes on with a prefix that no completion starts with."""
