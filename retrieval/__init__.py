"""An understanding in, ranked products out."""
