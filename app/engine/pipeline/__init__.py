"""The tasks that feed the engine: listen to signals, screen them, watch prices."""
