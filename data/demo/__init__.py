"""The bundled demo shop, generated from a seed."""
