"""How long somebody waits for the store: a person's request has an end, the engine's own work none.

    with patient(5.0): ...    whatever is asked in here fails with NotInTimeError after 5 seconds

Each question has that long, so that a file of many pages may take its time. Where one was in vain
the next ones wait for a moment only: five of them are not to take five times as long.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from app.store.errors import NotInTimeError

T = TypeVar("T")

LOST_SECONDS = 0.25


class _Patience:
    __slots__ = ("seconds",)

    def __init__(self, seconds: float | None) -> None:
        self.seconds = seconds


_patience: ContextVar[_Patience | None] = ContextVar("patience", default=None)


@contextmanager
def patient(seconds: float | None) -> Iterator[None]:
    """Let everything that is asked inside wait so long at most; None: as long as it takes."""
    token = _patience.set(_Patience(seconds))
    try:
        yield
    finally:
        _patience.reset(token)


def patience() -> float | None:
    """Return the seconds that whoever asks here would wait; None: as long as it takes."""
    own = _patience.get()
    return None if own is None else own.seconds


def waited_in_vain(what: str, seconds: float | None) -> NotInTimeError:
    """Make the error of a wait that was too long; what follows it waits for a moment only."""
    own = _patience.get()
    if own is not None and own.seconds is not None:
        own.seconds = min(own.seconds, LOST_SECONDS)
    return NotInTimeError(f"{what} within {seconds:g} s")


async def in_time(answer: asyncio.Future[T], seconds: float | None, what: str) -> T:
    """Wait for an answer; one that does not come is cancelled. Raises NotInTimeError."""
    if seconds is None:
        return await answer
    await asyncio.wait({answer}, timeout=seconds)
    if answer.done():
        return answer.result()
    answer.cancel()
    raise waited_in_vain(what, seconds)
