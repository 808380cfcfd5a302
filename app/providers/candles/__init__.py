"""Where pools and candles come from: one source a file."""
