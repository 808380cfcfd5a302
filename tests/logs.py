"""What the platform writes to its log, as a test hears it."""

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import structlog


@contextmanager
def heard() -> Iterator[list[MutableMapping[str, Any]]]:
    """Take in every line that is logged, also where an application before it wanted fewer."""
    before = structlog.get_config()
    structlog.reset_defaults()
    try:
        with structlog.testing.capture_logs() as lines:
            yield lines
    finally:
        structlog.configure(**before)
