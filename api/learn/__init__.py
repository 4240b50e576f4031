"""The nightly loop: what the log taught is tried on days it never saw, and only what is better is published."""
