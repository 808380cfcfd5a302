"""What others' clocks say: every answer carries a `Date`, and so tells how far ours is off.

A `Date` has whole seconds, and an answer is on its way for a while, so one answer tells an
interval; several of one host tell a narrow one. Over hosts the middle one counts, so that a host
with a wrong clock, or a cache with an old date, moves nothing.
"""

from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

SECOND_MS = 1_000
LONGEST_AGE = 8
"""Digits of an `Age` in seconds; a longer one is nonsense."""
KEPT_READINGS = 8
KEPT_HOSTS = 50
FRESH_MS = 900_000
"""Readings older than a quarter of an hour say nothing of now."""


@dataclass(frozen=True, slots=True)
class Skew:
    """How far others' clocks are ahead of ours: so many milliseconds, give or take `within_ms`.

    `hosts` counts those who said so lately.
    """

    ms: float
    within_ms: float
    hosts: int

    def is_beyond(self, limit_ms: float) -> bool:
        """Tell whether it is certainly more than a limit, either way."""
        return abs(self.ms) - self.within_ms > limit_ms


@dataclass(frozen=True, slots=True)
class Reading:
    """What one answer says: theirs minus ours lies between `low` and `high`."""

    at: int
    low: float
    high: float


class Dates:
    """Remembers what the answers of hosts said of the time."""

    def __init__(self) -> None:
        self._hosts: OrderedDict[str, deque[Reading]] = OrderedDict()

    def heard(self, host: str, headers: Mapping[str, str], sent: int, received: int) -> None:
        """Take an answer's headers, with when it was asked for and came by our clock (Unix ms)."""
        said = _date(headers)
        if said is None or received < sent:
            return
        age = _age(headers)
        older = age + SECOND_MS if age else 0
        reading = Reading(received, said + age - received, said + older + SECOND_MS - sent)
        self._hosts.setdefault(host, deque(maxlen=KEPT_READINGS)).append(reading)
        self._hosts.move_to_end(host)
        while len(self._hosts) > KEPT_HOSTS:
            self._hosts.popitem(last=False)

    def skew(self, now: int) -> Skew | None:
        """Say how far off our clock is by what was heard lately; None when nobody said anything."""
        spans = [span for own in self._hosts.values() if (span := _span(own, now)) is not None]
        if not spans:
            return None
        spans.sort(key=sum)
        low, high = spans[(len(spans) - 1) // 2]
        return Skew((low + high) / 2, (high - low) / 2, len(spans))

    def forget(self) -> None:
        """Forget everything: our clock was set, so what was heard is about another one."""
        self._hosts.clear()


def _span(readings: deque[Reading], now: int) -> tuple[float, float] | None:
    """Return what the newest readings of a host agree on."""
    span: tuple[float, float] | None = None
    for reading in reversed(readings):
        if abs(now - reading.at) > FRESH_MS:
            break
        low, high = (reading.low, reading.high) if span is None else span
        narrower = (max(low, reading.low), min(high, reading.high))
        if narrower[0] > narrower[1]:  # one of the clocks was set in between
            break
        span = narrower
    return span


def _date(headers: Mapping[str, str]) -> int | None:
    try:
        said = parsedate_to_datetime(headers.get("date", ""))
        return round(said.replace(tzinfo=said.tzinfo or UTC).timestamp()) * SECOND_MS
    except (ValueError, TypeError, OverflowError):
        return None


def _age(headers: Mapping[str, str]) -> int:
    """Return how long an answer lay in a cache."""
    text = headers.get("age", "")
    is_number = text.isascii() and text.isdigit() and len(text) <= LONGEST_AGE
    return int(text) * SECOND_MS if is_number else 0
