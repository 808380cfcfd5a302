"""Clocks for tests: one that tells the real time, one that only moves when told."""

import asyncio
import heapq
import itertools
import time

NOW = 1_795_000_000_000


class RealClock:
    """The machine's time; sleeps are recorded and shortened so that no test waits."""

    def __init__(self, longest: float = 0.01) -> None:
        self.slept: list[float] = []
        self._longest = longest

    def now(self) -> int:
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(min(seconds, self._longest))


class StillClock:
    """Stands still until moved; who sleeps wakes in the order of time."""

    def __init__(self, now: int = NOW) -> None:
        self._start = now
        self._seconds = 0.0
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []

    def now(self) -> int:
        return self._start + round(self._seconds * 1_000)

    def monotonic(self) -> float:
        return self._seconds

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.Event()
        heapq.heappush(self._sleepers, (self._seconds + seconds, next(self._order), woken))
        await woken.wait()

    def jump(self, seconds: float) -> None:
        self._seconds += seconds

    async def advance(self, seconds: float) -> None:
        end = self._seconds + seconds
        await settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            wake, _, woken = heapq.heappop(self._sleepers)
            self._seconds = max(self._seconds, wake)
            woken.set()
            await settle()
        self._seconds = end
        await settle()


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)
