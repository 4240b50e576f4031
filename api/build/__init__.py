"""The build plane: a catalogue in, a published release out."""
