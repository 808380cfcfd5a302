"""What the crowd feels about a token: one source a file."""
