"""The rules: pure, synchronous, without clock, network or database."""
