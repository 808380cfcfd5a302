"""What runs live: the loop, its inputs, its recovery and its publishing."""
