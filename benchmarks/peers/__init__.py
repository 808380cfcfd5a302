"""Other backtesters doing the same work; each runs in an environment of its own (see setup.sh)."""
