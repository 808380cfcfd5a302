"""What a process of its own that reads the record is started with."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "TMPDIR", "TEMP", "HOME")
"""Of the environment the process gets what a program needs to start."""

SERVER = "PG"
"""And what PostgreSQL's programs and drivers read: PGSSLMODE, PGPASSFILE and their like."""


def command(module: str) -> tuple[str, ...]:
    """Return the words that start it, in this process's folder: paths mean the same there."""
    return (sys.executable, "-P", "-m", module)


def environment() -> dict[str, str]:
    """Return the variables to start it with: none of the platform's settings is among them."""
    kept = {
        name: value for name, value in os.environ.items() if name in KEPT or name.startswith(SERVER)
    }
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return {**kept, "PYTHONPATH": path}
