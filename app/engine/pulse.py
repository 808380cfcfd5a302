"""How the process does, minute by minute: the engine's lag, the event loop's, and what services
answered. Half an hour of it, in memory.

A sample is taken every ten seconds of real time; its moment is of the platform's clock, which may
run faster. It judges nothing.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from time import perf_counter
from typing import NamedTuple

from app.engine.live import Live
from app.engine.timing import Timing, Took
from app.ports import Clock

TICK_SECONDS = 0.25
SAMPLE_SECONDS = 10.0
KEPT_SAMPLES = 180
LATELY_SAMPLES = 6
"""How many samples, with what came since, are called lately: about a minute."""

MINUTE_MS = 60_000
LEAST_MS = 3_000
"""Over less time than this no rate says anything."""


class Sample(NamedTuple):
    """How it was over some seconds up to `at` (Unix ms).

    `commits` and `answers` count from the start, so that the difference of two samples is a rate.
    """

    at: int
    lag: Took
    loop_lag: Took
    waiting: int
    commits: int
    answers: Mapping[str, int]


class Pulse:
    """Measures as long as the process runs, engine or not."""

    def __init__(self, live: Live, clock: Clock, answers: Callable[[], Mapping[str, int]]) -> None:
        self._live = live
        self._clock = clock
        self._answers = answers
        self._loop_lag = Timing()
        self._began = perf_counter()
        self._samples: deque[Sample] = deque(maxlen=KEPT_SAMPLES + 1)
        self.started_at = clock.now()

    @property
    def uptime_seconds(self) -> float:
        """Return how long the process has run, by a real clock."""
        return perf_counter() - self._began

    async def run(self) -> None:
        """Measure for ever."""
        if not self._samples:
            self._sample()
        while True:
            due = perf_counter() + SAMPLE_SECONDS
            while (began := perf_counter()) < due:
                await asyncio.sleep(TICK_SECONDS)
                self._loop_lag.add(max(0.0, perf_counter() - began - TICK_SECONDS))
            self._sample()

    def samples(self) -> Sequence[Sample]:
        """Return the last half hour, oldest first; the first one is what the second is from."""
        return tuple(self._samples)

    def lag(self) -> Took:
        """Return how long inputs took into the record lately; one that still waits counts too."""
        past = (sample.lag for sample in self._lately())
        return sum(past, self._live.lag.now()).at_least(self._live.oldest_wait)

    def loop_lag(self) -> Took:
        """Return how late the event loop was lately."""
        return sum((sample.loop_lag for sample in self._lately()), self._loop_lag.now())

    def per_minute(self) -> dict[str, float | None]:
        """Return how often each service answered lately; None as long as nothing can be said."""
        now, minutes = self._answers(), self._since_lately()
        if minutes is None:
            return dict.fromkeys(now)
        then = self._lately_from().answers
        return {name: (count - then.get(name, 0)) / minutes for name, count in now.items()}

    def commits_per_minute(self) -> float | None:
        """Return how often the engine committed lately."""
        minutes = self._since_lately()
        if minutes is None:
            return None
        return (self._live.commits - self._lately_from().commits) / minutes

    def _since_lately(self) -> float | None:
        """Return the minutes since what is called lately began; None when it is too short."""
        if not self._samples:
            return None
        passed = self._clock.now() - self._lately_from().at
        return passed / MINUTE_MS if passed >= LEAST_MS else None

    def _lately_from(self) -> Sample:
        return self._samples[-min(LATELY_SAMPLES + 1, len(self._samples))]

    def _lately(self) -> list[Sample]:
        """Return the samples of the last minute; the very first one has measured nothing."""
        return list(self._samples)[1:][-LATELY_SAMPLES:]

    def _sample(self) -> None:
        sample = Sample(
            at=self._clock.now(),
            lag=self._live.lag.take().at_least(self._live.oldest_wait),
            loop_lag=self._loop_lag.take(),
            waiting=self._live.waiting,
            commits=self._live.commits,
            answers=self._answers(),
        )
        self._samples.append(sample)
