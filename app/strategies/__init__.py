"""Entry strategies, one per file, found by file name."""
