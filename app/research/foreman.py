"""Starts the process that computes, hands it one job at a time, and ends it.

It is started at the first job, kept warm for the next, and ended after some idle minutes. One that
takes too much memory, or does not stop when it is told to, is killed; the next job gets a new one.
"""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec

from app.research.jobs import LENGTH, Answer, Cancel, Job, Message, Progress, Ready, said, written

ROOT = Path(__file__).resolve().parents[2]
COMPUTE = "app.research.compute"
IDLE_SECONDS = 600.0
SETTINGS = "AUTOTRADER_"
START_SECONDS = 60.0
STOP_SECONDS = 2.0
WATCH_SECONDS = 0.2
MEGABYTE = 1_000_000
MEMORY_BYTES = 500 * MEGABYTE
"""What jobs may take besides what the process takes when it has just started."""

STATM = "/proc/{}/statm"


class Died(Exception):
    """The process ended before it answered; the message says why, for a person."""


class Foreman:
    """Has one process compute; `module` is what it runs. Times in seconds."""

    def __init__(
        self,
        module: str = COMPUTE,
        *,
        memory_bytes: int = MEMORY_BYTES,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._module = module
        self._memory_bytes = memory_bytes
        self._idle_seconds = idle_seconds
        self._process: Process | None = None
        self._ready = Ready(version="", digest="")
        self._job: Job | None = None
        self._why: str | None = None
        self._fresh_bytes: int | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._stopping: set[asyncio.Task[None]] = set()

    @property
    def pid(self) -> int | None:
        """Number of the process; None while there is none."""
        alive = self._process is not None and self._process.returncode is None
        return self._process.pid if alive and self._process else None

    async def ready(self) -> Ready:
        """Start the process unless it is there; answers which code it runs. Raises Died."""
        self._forget_timer()
        if self.pid is None:
            await self.stop()
            await self._start()
        self._wait_idle()
        return self._ready

    async def work(self, job: Job, heard: Callable[[float], None]) -> Answer:
        """Have a job computed; `heard` takes the progress. Raises Died."""
        await self.ready()
        process = self._process
        if process is None:
            raise Died("the process that computes was stopped")
        self._forget_timer()
        self._job, self._why = job, None
        watching = asyncio.create_task(self._watch(process))
        try:
            await self._send(process, job)
            while True:
                message = await self._hear(process)
                if not isinstance(message, Progress | Ready):
                    return message
                if isinstance(message, Progress):
                    heard(message.share)
        finally:
            self._job = None
            self._forget_timer()
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            self._wait_idle()

    def cancel(self) -> bool:
        """Tell the process to stop its job, and kill it when it does not; False without a job."""
        process, job = self._process, self._job
        if process is None or job is None or process.stdin is None:
            return False
        with suppress(OSError, RuntimeError):
            process.stdin.write(written(Cancel(id=job.id)))
        self._forget_timer()
        self._timer = asyncio.get_running_loop().call_later(
            STOP_SECONDS, self._kill, process, "it was cancelled"
        )
        return True

    async def stop(self) -> None:
        """End the process, and wait until it is gone."""
        self._forget_timer()
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            self._kill(process, "the platform stopped")
            await process.wait()

    async def _start(self) -> None:
        folders = [str(ROOT), os.environ.get("PYTHONPATH", "")]
        # It is handed what it computes with; settings, and passwords in them, are not its business.
        inherited = {name: it for name, it in os.environ.items() if not name.startswith(SETTINGS)}
        variables = {**inherited, "PYTHONPATH": os.pathsep.join(filter(None, folders))}
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", self._module, str(os.getpid())),
                stdin=PIPE,
                stdout=PIPE,
                env=variables,
                start_new_session=True,  # Ctrl-C in a terminal is for the platform
            )
        except OSError as error:
            raise Died(f"the process that computes could not be started: {error}") from error
        self._process, self._why = process, None
        try:
            async with asyncio.timeout(START_SECONDS):
                ready = await self._hear(process)
        except TimeoutError:
            self._kill(process, "")
            raise Died("the process that computes did not start in time") from None
        if not isinstance(ready, Ready):
            raise Died("the process that computes said something unexpected")
        self._ready, self._fresh_bytes = ready, resident_bytes(process.pid)

    async def _send(self, process: Process, message: Message) -> None:
        if process.stdin is None:
            return
        with suppress(ConnectionError):  # what it says last tells why
            process.stdin.write(written(message))
            await process.stdin.drain()

    async def _hear(self, process: Process) -> Answer | Progress | Ready:
        if process.stdout is None:
            raise Died("the process that computes cannot be heard")
        try:
            (length,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
            return said(await process.stdout.readexactly(length))
        except asyncio.IncompleteReadError:
            # Until it is seen to be gone the next job would be given to it.
            code = await _gone(process)
            raise Died(self._why or _ended(code)) from None
        except msgspec.MsgspecError:
            self._kill(process, "")
            raise Died("the process that computes said something unexpected") from None

    async def _watch(self, process: Process) -> None:
        """Kill the process when a job takes too much memory."""
        while self._fresh_bytes is not None:
            await asyncio.sleep(WATCH_SECONDS)
            if self._taken(process) > self._memory_bytes:
                most = self._memory_bytes // MEGABYTE
                self._kill(process, f"it took more memory than a run may take ({most} MB)")
                return

    def _taken(self, process: Process) -> int:
        return (resident_bytes(process.pid) or 0) - (self._fresh_bytes or 0)

    def _wait_idle(self) -> None:
        """End the process when nothing more comes, or soon when it has grown."""
        process = self._process
        grown = process is not None and self._taken(process) > self._memory_bytes // 2
        seconds = 0 if grown else self._idle_seconds
        self._forget_timer()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._end_idle)

    def _end_idle(self) -> None:
        task = asyncio.create_task(self.stop())
        self._stopping.add(task)
        task.add_done_callback(self._stopping.discard)

    def _kill(self, process: Process, why: str) -> None:
        self._why = self._why or why
        with suppress(ProcessLookupError):
            process.kill()

    def _forget_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def resident_bytes(pid: int) -> int | None:
    """Measure the memory of a process; None where the system does not tell."""
    try:
        pages = int(Path(STATM.format(pid)).read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


async def _gone(process: Process) -> int:
    """Wait for the end of a process that says nothing more; answers its exit code."""
    try:
        async with asyncio.timeout(STOP_SECONDS):
            return await process.wait()
    except TimeoutError:
        process.kill()
        return await process.wait()


def _ended(code: int) -> str:
    how = f"by signal {-code}" if code < 0 else f"with code {code}"
    return f"the process that computed it ended unexpectedly ({how}); nothing of it is kept"
