"""What `python3 dev.py` does, with nothing but the standard library."""
