"""The outside world: one folder per port, one implementation per file."""
