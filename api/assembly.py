"""The one place that wires objects and reads the clock."""
