"""The process that carries messages out, confined so that no address a person set leads inside."""
