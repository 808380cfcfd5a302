"""An event loop whose time jumps to the next thing that is due, and whose order is drawn from a
seed.

Nothing waits for real: where asyncio would sleep in `select`, the clock moves. What is ready at the
same time runs in an order that the seed draws, so that no test passes by the luck of asyncio's
queue. The same seed gives the same run.
"""

import asyncio
import random
import selectors
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from typing import Any, TypeVar

T = TypeVar("T")
Handle = Any
"""asyncio's handles; typeshed knows no public name for what the ready queue holds."""


class Stuck(AssertionError):
    """Everybody waits, nothing is due: in real life this would hang for ever."""


class Drawn(deque[Handle]):
    """A ready queue that gives any of its handles next, as a generator draws them."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self._chance = chance

    def popleft(self) -> Handle:
        """Take one of those that are ready."""
        if len(self) > 1:
            self.rotate(-int(self._chance.random() * len(self)))
        return super().popleft()


class Jumps(selectors.DefaultSelector):
    """Never waits: it moves the loop's clock by as much as it was asked to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.time = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Let the time pass at once."""
        if timeout is None:
            raise Stuck("everybody waits for ever")
        self.time += max(0.0, timeout)
        return []


class Numbered(asyncio.Task[Any]):
    """A task whose place in a set does not depend on where it lies in memory."""

    made = 0

    def __init__(self, *arguments: Any, **named: Any) -> None:
        Numbered.made += 1
        self._number = Numbered.made
        super().__init__(*arguments, **named)

    def __hash__(self) -> int:
        return self._number


class VirtualLoop(asyncio.SelectorEventLoop):
    """The loop of one simulated run."""

    def __init__(self, seed: str) -> None:
        self._jumps = Jumps()
        super().__init__(self._jumps)
        Numbered.made = 0
        self.chance = random.Random(f"{seed} order")
        self.__dict__["_ready"] = Drawn(self.chance)
        self.set_task_factory(_numbered)
        self.abandoned: list[str] = []

    def _asyncgen_finalizer_hook(self, agen: AsyncGenerator[object, None]) -> None:
        """Note generators that nobody closed: the garbage collection would close them, when it
        runs, and the same seed would not give the same run.
        """
        self.abandoned.append(repr(agen))
        super()._asyncgen_finalizer_hook(agen)  # type: ignore[misc]  # typeshed knows no hook

    def time(self) -> float:
        """Return the virtual time in seconds from the start."""
        return self._jumps.time

    def run_in_executor(  # type: ignore[override]  # typeshed has no name for the loop's own future
        self, executor: object, func: Callable[..., T], *args: Any
    ) -> asyncio.Future[T]:
        """Run what others would give a thread here, a moment later."""
        del executor
        future: asyncio.Future[T] = self.create_future()
        self.call_later(self.chance.random() * 0.01, _run, future, func, args)
        return future


def _run(future: asyncio.Future[T], func: Callable[..., T], args: tuple[Any, ...]) -> None:
    if future.cancelled():
        return
    try:
        result = func(*args)
    except Exception as error:
        future.set_exception(error)
    else:
        future.set_result(result)


def _numbered(
    loop: asyncio.AbstractEventLoop,
    work: Coroutine[Any, Any, T] | Generator[Any, None, T],
    **named: Any,
) -> asyncio.Task[T]:
    return Numbered(work, loop=loop, **named)


def run(seed: str, main: Callable[[VirtualLoop], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine in virtual time to its end, with all its tasks."""
    loop = VirtualLoop(seed)
    asyncio.set_event_loop(loop)
    try:
        result = loop.run_until_complete(main(loop))
        assert not loop.abandoned, f"nobody closed {loop.abandoned}"
        return result
    finally:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
        asyncio.set_event_loop(None)
        loop.close()
