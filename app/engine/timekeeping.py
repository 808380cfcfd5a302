"""Keeps the platform's time honest: the machine's clock may be set, and may be wrong.

    the wall clock moved by up to a second      it is followed
    by more, and what others say agrees         it is followed: the machine slept, or was put right
    by more, and nobody or nothing agrees       the platform goes on by its own time, and says so

How far the platform's time is off by what others say is told above a second.
"""

from collections.abc import Callable
from typing import Protocol

import structlog

from app.ports import Clock
from app.providers.dates import Skew

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0
STEP_MS = 1_000
"""A smaller step of the wall clock is followed unasked."""
WARN_MS = 1_000


class Settable(Clock, Protocol):
    """A clock beside which the wall clock may be set."""

    @property
    def jumped_ms(self) -> int:
        """Return by how much the wall clock is ahead of this one."""
        ...

    def adopt(self) -> None:
        """Go by the wall clock."""
        ...


class Timekeeper:
    """Looks after one clock; `skew` says what others' clocks say of its time."""

    def __init__(
        self,
        clock: Settable,
        skew: Callable[[], Skew | None],
        adopted: Callable[[], None] = lambda: None,
    ) -> None:
        self._clock = clock
        self._skew = skew
        self._adopted = adopted
        self._told_jump = False
        self._told_skew = False

    async def run(self) -> None:
        """Look for ever."""
        while True:
            self.look()
            await self._clock.sleep(LOOK_SECONDS)

    def look(self) -> None:
        """Follow the wall clock or do not, and tell what is wrong, once each."""
        jump = self._clock.jumped_ms
        if abs(jump) <= STEP_MS:
            self._clock.adopt()
            self._told_jump = False
        elif _agrees(self._skew(), jump):
            log.warning("the machine's clock was set, and others agree", by_ms=jump)
            self._clock.adopt()
            self._adopted()
            self._told_jump = False
        elif not self._told_jump:
            log.warning("the machine's clock was set; its time is not followed", by_ms=jump)
            self._told_jump = True
        self._tell(self._skew())

    def _tell(self, skew: Skew | None) -> None:
        off = skew is not None and skew.is_beyond(WARN_MS)
        if off and not self._told_skew:
            log.warning("the clock is off by what others say", by_ms=round(skew.ms) if skew else 0)
        self._told_skew = off

    def snapshot(self) -> dict[str, object]:
        """Tell how far off the clock is, and by how much the machine's was set beside it."""
        skew = self._skew()
        return {
            "skew_ms": None if skew is None else round(skew.ms),
            "within_ms": None if skew is None else round(skew.within_ms),
            "hosts": 0 if skew is None else skew.hosts,
            "off": skew is not None and skew.is_beyond(WARN_MS),
            "set_by_ms": self._clock.jumped_ms,
        }


def _agrees(skew: Skew | None, jump: int) -> bool:
    """Tell whether others' clocks say what the wall clock says, and not what ours does."""
    if skew is None:
        return False
    return abs(skew.ms - jump) <= skew.within_ms + STEP_MS and skew.is_beyond(0.0)
