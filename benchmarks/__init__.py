"""Each hot path against its limit and its peers."""
