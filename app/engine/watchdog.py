"""Who holds the event loop up: a thread asks it for a sign of life, and looks when none comes.

While one piece of code holds the loop, no price is looked at and nobody is answered. A measurement
inside the loop can only tell afterwards that it was late, and not why. This thread is not held up:
a quarter of a second into a stall it notes where the loop's thread stands, and logs that once.
"""

import asyncio
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from traceback import walk_stack
from types import FrameType

import structlog

from app.ports import Clock

log = structlog.get_logger(__name__)

BEAT_SECONDS = 0.1
LATE_SECONDS = 0.25
DEEPEST = 12
OURS = "app"


class Watchdog:
    """Watches the loop that starts it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._alive = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self.stalls = 0
        self.longest = 0.0
        self.last_at: int | None = None
        self.last_where: str | None = None

    def start(self) -> None:
        """Watch the running loop until `stop`."""
        loop, thread = asyncio.get_running_loop(), threading.get_ident()
        self._stopping.clear()
        self._thread = threading.Thread(
            target=self._watch, args=(loop, thread), name="watchdog", daemon=True
        )
        self._thread.start()

    async def stop(self) -> None:
        """Watch no more; it takes no longer than a beat."""
        self._stopping.set()
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join)

    def snapshot(self) -> dict[str, object]:
        """Say how often the loop stood still, and where it did last."""
        return {
            "stalls": self.stalls,
            "longest_stall_seconds": self.longest,
            "last_stall_at": self.last_at,
            "last_stall": self.last_where,
        }

    def _watch(self, loop: asyncio.AbstractEventLoop, thread: int) -> None:
        while not self._stopping.wait(BEAT_SECONDS):
            self._alive.clear()
            began = perf_counter()
            try:
                loop.call_soon_threadsafe(self._alive.set)
            except RuntimeError:  # the loop is closed
                return
            if self._comes_in_time(began) or self._stopping.is_set():
                continue
            self._tell(thread, perf_counter() - began)
            while not self._alive.wait(BEAT_SECONDS):
                if self._stopping.is_set():
                    return
            self._end(perf_counter() - began)

    def _comes_in_time(self, began: float) -> bool:
        """Wait for the sign; when this thread was late itself, the whole process stood still."""
        if self._alive.wait(LATE_SECONDS):
            return True
        itself_late = perf_counter() - began > 2 * LATE_SECONDS
        return itself_late and self._alive.wait(LATE_SECONDS)

    def _tell(self, thread: int, late: float) -> None:
        frame = sys._current_frames().get(thread)  # noqa: SLF001  # the only way to see it
        calls = [] if frame is None else [_place(one) for one in _inner(frame)]
        self.stalls += 1
        self.last_at = self._clock.now()
        self.last_where = calls[0] if calls else "unknown"
        log.warning("loop stalled", where=self.last_where, late_seconds=round(late, 3), calls=calls)

    def _end(self, seconds: float) -> None:
        self.longest = max(self.longest, seconds)
        log.warning("loop goes on", stalled_seconds=round(seconds, 3), where=self.last_where)


def _inner(frame: FrameType) -> Iterator[FrameType]:
    """List where a thread stands, the innermost call first."""
    for depth, (one, _) in enumerate(walk_stack(frame)):
        if depth == DEEPEST:
            return
        yield one


def _place(frame: FrameType) -> str:
    """Write a place in the code, without the folders of this machine."""
    parts = Path(frame.f_code.co_filename).parts
    known = [place for place, part in enumerate(parts) if part in {OURS, "site-packages", "tests"}]
    file = "/".join(parts[known[-1] :] if known else parts[-2:])
    return f"{file}:{frame.f_lineno} {frame.f_code.co_qualname}"
