"""Backups made by themselves while the platform trades, in a process of low priority of their own.

It reads and audits a whole database: in this process that would keep the event loop waiting. What
it is asked comes through a pipe, and it gets no other of the platform's settings. Times are the
machine's, however fast the market's clock runs.
"""

import asyncio
import os
import sys
import time
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
import structlog

from app.engine.apart import command, environment
from app.engine.backups import FOLDER, back_up, good_ones
from app.store.errors import StoreError

log = structlog.get_logger(__name__)

FIRST_SECONDS: Final = 300.0
"""After a start other things come first."""

RETRY_SECONDS: Final = 900.0
LOOK_SECONDS: Final = 60.0
HOUR_SECONDS: Final = 3_600.0
NICE: Final = 10


class Asked(msgspec.Struct):
    """What the process is told: the database's address, and where backups are kept."""

    url: str
    folder: str


class Made(msgspec.Struct):
    """What the process says of a backup that it made."""

    name: str
    faults: int


class Backups:
    """Makes a backup whenever the newest one is old enough; `every_hours` 0 makes none."""

    def __init__(self, url: str, data_dir: Path, every_hours: float) -> None:
        self._folder = data_dir / FOLDER
        self._asked = msgspec.json.encode(Asked(url, str(self._folder.absolute())))
        self._every = every_hours * HOUR_SECONDS
        self._tried: float | None = None
        self._error: str | None = None
        self._newest = self._look()

    def snapshot(self) -> dict[str, object]:
        """Tell of the newest good backup, and what the last try failed with, if it did."""
        path, at, size = self._newest or (None, None, None)
        return {
            "every_hours": self._every / HOUR_SECONDS,
            "last_at": None if at is None else int(at * 1_000),
            "file": None if path is None else path.name,
            "bytes": size,
            "last_error": self._error,
            "last_error_at": None if not self._error else int((self._tried or 0.0) * 1_000),
        }

    async def run(self) -> None:
        """Make them for ever."""
        if not self._every:
            return
        await asyncio.sleep(FIRST_SECONDS)
        while True:
            self._newest = await asyncio.to_thread(self._look)
            if self.due_in(time.time()) <= 0:
                await self.back_up()
            await asyncio.sleep(min(max(self.due_in(time.time()), 1.0), LOOK_SECONDS))

    def due_in(self, now: float) -> float:
        """Return the seconds until the next one is due; what failed is tried again sooner."""
        due = 0.0 if self._newest is None else self._newest[1] + self._every
        if self._tried is not None:
            due = max(due, self._tried + min(self._every, RETRY_SECONDS))
        return due - now

    async def back_up(self) -> None:
        """Make one now; what goes wrong is kept for the status and harms nobody."""
        self._tried = time.time()
        process = await self._start()
        try:
            out, said = await process.communicate(self._asked)
        except BaseException:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            raise
        self._error = _fault(process.returncode, out, said)
        self._newest = await asyncio.to_thread(self._look)
        if self._error:
            log.error("no good backup", error=self._error)
        else:
            log.info("backed up", file=self._newest and self._newest[0].name)

    async def _start(self) -> Process:
        process = await asyncio.create_subprocess_exec(
            *command(__spec__.name),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=environment(),
            start_new_session=True,
        )
        if os.name == "posix":
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
        return process

    def _look(self) -> tuple[Path, float, int] | None:
        """Find the newest good backup: its time and its size."""
        for path in reversed(good_ones(self._folder)):
            with suppress(OSError):
                found = path.stat()
                return path, found.st_mtime, found.st_size
        return None


def _fault(code: int | None, out: bytes, said: bytes) -> str | None:
    """Say what is wrong with a backup that was tried; None when it is a good one."""
    try:
        made = msgspec.json.decode(out, type=Made)
    except msgspec.MsgspecError:
        lines = said.decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"the process that makes it ended with code {code}"
    if made.faults:
        return f"{made.faults} faults in {made.name}; python -m app audit lists them"
    return None


def main() -> None:
    """Do what `Backups` asks for."""
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=Asked)
    try:
        made = asyncio.run(back_up(asked.url, Path(asked.folder), datetime.now(UTC)))
    except (StoreError, OSError) as error:
        sys.exit(f"no backup was made: {error}")
    told = Made(made.path.name, len(made.findings))
    sys.stdout.buffer.write(msgspec.json.encode(told))


if __name__ == "__main__":
    main()
