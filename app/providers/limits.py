"""How often a host may be asked, and who goes first when many want to.

A bucket per host holds a few tokens and gets new ones at its rate; a request takes one. Who finds
none waits, and a place that comes free goes to the most urgent: an exit before the price of a
held token, that before an entry, that before somebody looking at a chart. A service that says
"too many" pauses its bucket. It knows no HTTP; time comes from the injected clock.
"""

import asyncio
import heapq
import itertools
import math
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import IntEnum

from app.ports import Clock, RateLimitedError

LONGEST_PAUSE = 60.0
"""Seconds that a bucket waits at most, whatever the service says."""

MAX_WAITING = 512
"""Requests that may wait for one host; past that the least urgent is turned away."""

ALMOST_ONE = 1 - 1e-9
ABSOLUTE_SECONDS = 1_000_000_000
LONGEST_EXPONENT = 16


class Priority(IntEnum):
    """Who goes first."""

    EXIT = 0
    HELD = 1
    ENTRY = 2
    UI = 3


PATIENCE: Mapping[Priority, float] = {
    Priority.EXIT: math.inf,
    Priority.HELD: 120.0,
    Priority.ENTRY: 60.0,
    Priority.UI: 10.0,
}
"""Seconds that a request waits for its turn before it is turned away."""

_priority: ContextVar[Priority] = ContextVar("priority", default=Priority.ENTRY)


@contextmanager
def prioritised(priority: Priority) -> Iterator[None]:
    """Give every request made inside this priority: `with prioritised(Priority.EXIT): ...`."""
    token = _priority.set(priority)
    try:
        yield
    finally:
        _priority.reset(token)


def current_priority() -> Priority:
    """Return the priority of the surrounding `prioritised`; ENTRY outside of any."""
    return _priority.get()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What a host allows. `per_minute` None = as often as one likes."""

    per_minute: float | None = None
    burst: int = 1
    backoff_seconds: float = 2.0
    """Where the exponential pause begins when a 429 says nothing useful."""


class Bucket:
    """The tokens of one host and the requests that wait for them."""

    def __init__(
        self,
        clock: Clock,
        limit: Limit,
        *,
        jitter: Callable[[], float] = random.random,
        patience: Mapping[Priority, float] = PATIENCE,
        max_waiting: int = MAX_WAITING,
    ) -> None:
        self._clock = clock
        self._jitter = jitter
        self._patience = patience
        self._max_waiting = max_waiting
        self._waiting: list[tuple[int, int]] = []
        self._shed: set[tuple[int, int]] = set()
        self._order = itertools.count()
        self._changed = asyncio.Event()
        self._paused_until = -math.inf
        self._refusals = 0
        self.turned_away = 0
        self.limit = limit
        self._tokens = float(limit.burst)
        self._filled_at = clock.monotonic()

    def change(self, limit: Limit) -> None:
        """Set another limit; who waits goes on waiting under the new one."""
        self._refill()
        self.limit = limit
        self._tokens = min(self._tokens, float(limit.burst))
        self._wake()

    async def take(self, priority: Priority) -> None:
        """Wait for a turn. Raises RateLimitedError when it will not come in time."""
        ticket = (int(priority), next(self._order))
        if not self._waiting and self._delay() <= 0:
            self._spend()
            return
        self._make_room(ticket)
        heapq.heappush(self._waiting, ticket)
        try:
            await self._turn(ticket, self._clock.monotonic() + self._patience[priority])
            self._spend()
        except RateLimitedError:
            self.turned_away += 1
            raise
        finally:
            self._shed.discard(ticket)
            self._waiting.remove(ticket)
            heapq.heapify(self._waiting)
            self._wake()

    def refused(self, headers: Mapping[str, str]) -> float | None:
        """Pause after a 429; returns the seconds that the service asked for, None for none."""
        said = asked_pause(headers, self._clock.now())
        longest = self.limit.backoff_seconds * 2.0 ** min(self._refusals, LONGEST_EXPONENT)
        pause = said if said is not None else self._jitter() * min(LONGEST_PAUSE, longest)
        self._refusals += 1
        self._paused_until = max(self._paused_until, self._clock.monotonic() + pause)
        self._wake()
        return said

    def answered(self) -> None:
        """Begin the exponential pause anew: the service answered."""
        self._refusals = 0

    def waiting(self) -> int:
        """Count the requests that wait."""
        return len(self._waiting)

    def paused_seconds(self) -> float:
        """Return how long the service still wants to be left alone; 0 when it does not."""
        return max(0.0, self._paused_until - self._clock.monotonic())

    async def _turn(self, ticket: tuple[int, int], deadline: float) -> None:
        while True:
            changed = self._changed
            if ticket in self._shed:
                raise RateLimitedError("too many requests wait for this host, this one was shed")
            head = self._waiting[0] == ticket
            delay = self._delay()
            if head and delay <= 0:
                return
            left = deadline - self._clock.monotonic()
            if left <= 0 or delay > left:
                raise RateLimitedError(
                    f"this host has no turn within {self._patience[Priority(ticket[0])]:g} s", delay
                )
            if head:
                await self._clock.sleep(delay)
            else:
                await changed.wait()

    def _make_room(self, ticket: tuple[int, int]) -> None:
        if len(self._waiting) - len(self._shed) < self._max_waiting:
            return
        last = max(one for one in self._waiting if one not in self._shed)
        if last < ticket:
            self.turned_away += 1
            raise RateLimitedError("too many requests wait for this host", self._delay())
        self._shed.add(last)
        self._wake()

    def _delay(self) -> float:
        self._refill()
        rate = self.limit.per_minute
        missing = 0.0 if rate is None or self._tokens >= ALMOST_ONE else 1.0 - self._tokens
        return max(self.paused_seconds(), missing / rate * 60.0 if rate else 0.0)

    def _refill(self) -> None:
        now = self._clock.monotonic()
        gained = (now - self._filled_at) * (self.limit.per_minute or 0.0) / 60.0
        self._tokens = min(float(self.limit.burst), self._tokens + gained)
        self._filled_at = now

    def _spend(self) -> None:
        if self.limit.per_minute is not None:
            self._tokens -= 1.0

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


def asked_pause(headers: Mapping[str, str], now: int) -> float | None:
    """Return the seconds that a 429 asks to wait, at most 60; None when it says nothing useful.

    `x-ratelimit-reset` (Unix seconds) first, then a `Retry-After` above zero (seconds or a date).
    """
    reset = _float(headers.get("x-ratelimit-reset"))
    after = headers.get("retry-after")
    said = [
        reset - now / 1_000 if reset is not None and reset > ABSOLUTE_SECONDS else reset,
        _float(after),
        _seconds_until(after, now),
    ]
    return next((min(one, LONGEST_PAUSE) for one in said if one is not None and one > 0), None)


def _float(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _seconds_until(text: str | None, now: int) -> float | None:
    try:
        return parsedate_to_datetime(text or "").timestamp() - now / 1_000
    except (ValueError, TypeError, OverflowError):
        return None
