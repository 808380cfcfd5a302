"""One file per noun: `<noun>.py` serves /api/<noun>; with `PUBLIC = True` it needs no session."""
