"""The time as the platform asks for it: the machine's own, or a faster one for recorded markets."""

import asyncio
import time


class SystemClock:
    """The machine's clock."""

    def now(self) -> int:
        """Return the time in Unix milliseconds."""
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        """Return seconds that never jump."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class ScaledClock:
    """A clock that starts at a given time and runs `speed` times as fast as the machine's."""

    def __init__(self, start: int, speed: float) -> None:
        self._start = start
        self._speed = speed
        self._began = time.monotonic()

    def now(self) -> int:
        """Return the scaled time in Unix milliseconds."""
        return self._start + int(1000 * self._speed * (time.monotonic() - self._began))

    def monotonic(self) -> float:
        """Return scaled seconds that never jump."""
        return self._speed * (time.monotonic() - self._began)

    async def sleep(self, seconds: float) -> None:
        """Wait for scaled seconds."""
        await asyncio.sleep(seconds / self._speed)
