"""What a process of its own that reads the record is started with."""

import os

KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "TMPDIR", "TEMP", "HOME")
"""Of the environment the process gets what a program needs to start."""

SERVER = "PG"
"""And what PostgreSQL's programs and drivers read: PGSSLMODE, PGPASSFILE and their like."""


def environment() -> dict[str, str]:
    """Return the variables to start it with: none of the platform's settings is among them."""
    return {
        name: value for name, value in os.environ.items() if name in KEPT or name.startswith(SERVER)
    }
