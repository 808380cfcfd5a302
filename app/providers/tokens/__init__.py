"""What is known of a mint: one directory a file."""
