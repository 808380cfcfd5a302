"""What the platform writes to its log, as a test hears it."""

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import structlog


@contextmanager
def heard(*, context: bool = False) -> Iterator[list[MutableMapping[str, Any]]]:
    """Take in every line that is logged, also where an application before it wanted fewer.

    With `context` a line has its request's id and wallet, too.
    """
    before = structlog.get_config()
    structlog.reset_defaults()
    merged = [structlog.contextvars.merge_contextvars] if context else []
    try:
        with structlog.testing.capture_logs(processors=merged) as lines:
            yield lines
    finally:
        structlog.configure(**before)
