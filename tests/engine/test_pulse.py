"""What is measured while the process runs: sums that can be taken together, rates over a minute."""

from typing import Any

import pytest

from app.engine.pulse import LATELY_SAMPLES, Pulse
from app.engine.timing import Timing, Took


class Steady:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.ms = 1_000_000

    def now(self) -> int:
        return self.ms

    def monotonic(self) -> float:
        return self.ms / 1000

    async def sleep(self, seconds: float) -> None:
        self.ms += int(1000 * seconds)


class Engine:
    """As much of the live engine as is measured."""

    def __init__(self) -> None:
        self.lag = Timing()
        self.oldest_wait = 0.0
        self.waiting = 0
        self.commits = 0


class Stand:
    """A pulse over a clock, an engine and counts that a test moves."""

    def __init__(self) -> None:
        self.clock, self.engine, self.answers = Steady(), Engine(), {"signals": 0}
        live: Any = self.engine
        self.pulse = Pulse(live, self.clock, lambda: dict(self.answers))

    def sample(self, *, later_ms: int = 0) -> None:
        self.clock.ms += later_ms
        self.pulse._sample()


def test_times_are_added_up_and_begun_anew() -> None:
    timing = Timing()
    assert timing.now().mean is None
    timing.add(0.5)
    timing.add_many(3, 1.5, 1.0)
    assert timing.now() == Took(4, 2.0, 1.0)
    assert timing.take().mean == 0.5
    assert timing.take() == Took()
    assert Took(1, 1.0, 1.0) + Took(3, 1.0, 0.5) == Took(4, 2.0, 1.0)
    assert Took(1, 1.0, 1.0).at_least(2.0) == Took(1, 1.0, 2.0)


def test_a_rate_is_of_the_last_minute() -> None:
    stand = Stand()
    assert stand.pulse.per_minute() == {"signals": None}
    assert stand.pulse.commits_per_minute() is None
    stand.sample()
    assert stand.pulse.per_minute() == {"signals": None}
    for _ in range(LATELY_SAMPLES):
        stand.answers["signals"] += 10
        stand.engine.commits += 5
        stand.sample(later_ms=10_000)
    assert stand.pulse.per_minute() == {"signals": pytest.approx(60)}
    assert stand.pulse.commits_per_minute() == pytest.approx(30)
    for _ in range(LATELY_SAMPLES):
        stand.sample(later_ms=10_000)
    assert stand.pulse.per_minute() == {"signals": 0}


def test_a_service_that_is_new_counts_from_nothing() -> None:
    stand = Stand()
    stand.sample()
    stand.answers["tokens"] = 2
    stand.clock.ms += 60_000
    assert stand.pulse.per_minute() == {"signals": 0, "tokens": 2}


def test_what_still_waits_counts_as_long_as_it_waits() -> None:
    stand = Stand()
    stand.sample()
    stand.engine.lag.add(0.002)
    stand.sample(later_ms=10_000)
    stand.engine.lag.add(0.004)
    assert stand.pulse.lag() == Took(2, 0.006, 0.004)
    stand.engine.oldest_wait = 7.0
    assert stand.pulse.lag().longest == 7.0
    stand.sample(later_ms=10_000)
    assert stand.pulse.samples()[-1].lag.longest == 7.0


def test_it_remembers_half_an_hour() -> None:
    stand = Stand()
    for _ in range(400):
        stand.sample(later_ms=10_000)
    kept = stand.pulse.samples()
    assert kept[-1].at - kept[0].at == 1_800_000
