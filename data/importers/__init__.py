"""One importer per feed format; each writes canonical files."""
