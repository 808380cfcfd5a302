"""Where token signals come from: one source a file."""
