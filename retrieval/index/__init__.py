"""The products of a release and what is live over them, as one world of rows."""
