"""How long somebody waits for the store: a person's request has an end, the engine's own work none.

    with patient(5.0): ...    whatever is asked in here fails with NotInTimeError after 5 seconds

Each question has that long, so that a file of many pages may take its time.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from app.store.errors import NotInTimeError

T = TypeVar("T")

_seconds: ContextVar[float | None] = ContextVar("patience", default=None)


@contextmanager
def patient(seconds: float | None) -> Iterator[None]:
    """Let everything that is asked inside wait so long at most; None: as long as it takes."""
    token = _seconds.set(seconds)
    try:
        yield
    finally:
        _seconds.reset(token)


def patience() -> float | None:
    """Return the seconds that whoever asks here would wait; None: as long as it takes."""
    return _seconds.get()


async def in_time(answer: asyncio.Future[T], seconds: float | None, what: str) -> T:
    """Wait for an answer; one that does not come is cancelled. Raises NotInTimeError."""
    if seconds is None:
        return await answer
    await asyncio.wait({answer}, timeout=seconds)
    if answer.done():
        return answer.result()
    answer.cancel()
    message = f"{what} within {seconds:g} s"
    raise NotInTimeError(message)
