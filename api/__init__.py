"""The doors: REST, WebSocket, pages and the command line; `assembly` is the one place that wires objects."""
