"""Importers: feeds as other programs write them, into canonical files."""
