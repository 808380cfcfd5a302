"""Background tasks that are never silently dead: one that fails starts again, and says so."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from app.ports import Clock
from app.providers.bursts import Bursts

log = structlog.get_logger(__name__)

FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
HEALTHY_AFTER = 60.0

Work = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class TaskState:
    """How a background task is doing; `since` in Unix ms."""

    state: str
    since: int
    restarts: int = 0
    last_error: str | None = None


class Supervisor:
    """Starts tasks, starts them again when they fail, stops them all."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._bursts = Bursts(log, clock)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self.states: dict[str, TaskState] = {}

    def start(self, name: str, work: Work) -> None:
        """Run a piece of work under a name until `stop`; work that returns is done."""
        self.states[name] = TaskState("running", self._clock.now())
        self._tasks[name] = asyncio.create_task(self._keep(name, work), name=name)

    async def stop(self) -> None:
        """Cancel every task and wait for them."""
        await self.stop_but("")

    async def stop_but(self, kept: str) -> None:
        """Cancel every task except one and wait for them."""
        gone = [name for name in self._tasks if name != kept]
        tasks = [self._tasks.pop(name) for name in gone]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for name in gone:
            self.states[name].state = "stopped"

    async def wait_for(self, name: str, seconds: float) -> None:
        """Give a task some seconds to end by itself, then cancel it."""
        task = self._tasks.pop(name, None)
        if task is None:
            return
        await asyncio.wait({task}, timeout=seconds)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        self.states[name].state = "stopped"

    def healthy(self) -> bool:
        """Tell whether every task runs."""
        return all(state.state in {"running", "done"} for state in self.states.values())

    async def _keep(self, name: str, work: Work) -> None:
        wait = FIRST_WAIT
        state = self.states[name]
        while True:
            began = self._clock.monotonic()
            try:
                await work()
            except (Exception, asyncio.CancelledError) as error:
                if _is_stopped():
                    raise
                if self._clock.monotonic() - began > HEALTHY_AFTER:
                    wait = FIRST_WAIT
                state.state, state.since = "waiting", self._clock.now()
                state.restarts += 1
                self._tell(name, state, error, wait)
            else:
                state.state, state.since = "done", self._clock.now()
                return
            await self._clock.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)
            state.state, state.since = "running", self._clock.now()

    def _tell(self, name: str, state: TaskState, error: BaseException, wait: float) -> None:
        """Log a failure with its trace; the same one again is only counted."""
        before, state.last_error = state.last_error, f"{type(error).__name__}: {error}"
        if state.last_error == before:
            self._bursts.warn(f"task failed again: {name}", error=state.last_error)
        else:
            log.error("task failed", task=name, restart_in_seconds=wait, exc_info=error)


def _is_stopped() -> bool:
    """Tell whether somebody cancelled this task.

    Work that waited for a cancelled one failed, and is not; work that failed while it was cancelled
    is, whatever it failed with: a group of tasks then raises their errors, not the cancellation.
    """
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
