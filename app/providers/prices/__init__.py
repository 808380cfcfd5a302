"""Second opinions on prices, one service per file."""
