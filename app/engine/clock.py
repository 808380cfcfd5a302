"""The time as the platform asks for it: the machine's own, or a faster one for recorded markets."""

import asyncio
import time
from collections.abc import Callable

NS_PER_MS = 1_000_000
NS_PER_SECOND = 1_000_000_000
_BOOT: int | None = getattr(time, "CLOCK_BOOTTIME", None)


def steady_ns() -> int:
    """Return nanoseconds of a clock that nobody sets; where the system has one, it counts sleep."""
    return time.monotonic_ns() if _BOOT is None else time.clock_gettime_ns(_BOOT)


class SystemClock:
    """The machine's time, which nobody can set under the platform's feet.

    It reads the wall clock once. From then on it goes by a steady one, which counts sleep and
    follows the slow corrections of a time server, but no jump: whoever sets the wall clock by an
    hour ends no trade an hour early. `jumped_ms` says by how much the wall clock is ahead by now,
    and `adopt` takes it over; see `timekeeping`.
    """

    def __init__(
        self, wall_ns: Callable[[], int] = time.time_ns, steady_ns: Callable[[], int] = steady_ns
    ) -> None:
        self._wall_ns = wall_ns
        self._steady_ns = steady_ns
        self._offset_ns = wall_ns() - steady_ns()

    def now(self) -> int:
        """Return the time in Unix milliseconds."""
        return (self._steady_ns() + self._offset_ns) // NS_PER_MS

    def monotonic(self) -> float:
        """Return seconds that never jump."""
        return self._steady_ns() / NS_PER_SECOND

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)

    @property
    def jumped_ms(self) -> int:
        """Return by how many milliseconds the wall clock is ahead of this one."""
        return (self._wall_ns() - self._steady_ns() - self._offset_ns) // NS_PER_MS

    def adopt(self) -> None:
        """Go by the wall clock as it is now."""
        self._offset_ns = self._wall_ns() - self._steady_ns()


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
