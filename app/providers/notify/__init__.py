"""Who carries messages to people: one file per carrier."""
