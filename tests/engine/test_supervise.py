"""A background task that fails starts again, later and later, and says so."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.engine.supervise import HEALTHY_AFTER, Supervisor
from tests.engine.faults import until
from tests.logs import heard
from tests.providers.clocks import RealClock


class Jumping(RealClock):
    """Time that a test can let pass; waits are written down and cut short."""

    def __init__(self) -> None:
        super().__init__(longest=0.001)
        self.ahead = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead


@pytest.fixture
def clock() -> Jumping:
    return Jumping()


@pytest.fixture
async def supervisor(clock: Jumping) -> AsyncIterator[Supervisor]:
    it = Supervisor(clock)
    yield it
    await it.stop()


class Work:
    """Work that fails as often as a test says, then runs for ever."""

    def __init__(self, *errors: BaseException) -> None:
        self.errors = list(errors)
        self.starts = 0

    async def __call__(self) -> None:
        self.starts += 1
        if self.errors:
            raise self.errors.pop(0)
        await asyncio.Event().wait()


async def test_it_starts_again_with_growing_waits(supervisor: Supervisor, clock: Jumping) -> None:
    work = Work(*(RuntimeError(f"fault {number}") for number in range(9)))
    supervisor.start("work", work)
    state = supervisor.states["work"]
    await until(lambda: state.state == "waiting")
    assert not supervisor.healthy()
    assert str(state.last_error).startswith("RuntimeError: fault")
    await until(lambda: work.starts == 10)
    assert supervisor.healthy()
    assert (state.state, state.restarts) == ("running", 9)
    assert state.last_error == "RuntimeError: fault 8"
    assert clock.slept == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


async def test_the_same_failure_again_is_counted_and_not_told_each_time(
    supervisor: Supervisor,
) -> None:
    work = Work(*(RuntimeError("out of soap") for _ in range(12)), RuntimeError("out of water"))
    with heard() as lines:
        supervisor.start("work", work)
        await until(lambda: work.starts == 14)
    assert [line["event"] for line in lines] == [
        "task failed",
        "task failed again: work",
        "task failed",
    ]


async def test_after_a_healthy_time_the_waits_begin_anew(
    supervisor: Supervisor, clock: Jumping
) -> None:
    starts = 0

    async def work() -> None:
        nonlocal starts
        starts += 1
        if starts == 4:
            clock.ahead += HEALTHY_AFTER + 1
        if starts < 6:
            raise RuntimeError

    supervisor.start("work", work)
    await until(lambda: supervisor.states["work"].state == "done")
    assert clock.slept == [0.5, 1, 2, 0.5, 1]


async def test_work_that_is_done_is_done(supervisor: Supervisor) -> None:
    async def work() -> None:
        await asyncio.sleep(0)

    supervisor.start("work", work)
    await until(lambda: supervisor.states["work"].state == "done")
    assert supervisor.healthy()
    assert supervisor.states["work"].restarts == 0


@pytest.mark.parametrize(
    "error",
    [asyncio.CancelledError(), ExceptionGroup("many", [ValueError("one"), KeyError("two")])],
    ids=["cancelled from within", "a group"],
)
async def test_no_failure_ends_it_silently(supervisor: Supervisor, error: BaseException) -> None:
    """Whoever waits for a task that somebody else cancelled is not told to stop himself."""
    work = Work(error)
    supervisor.start("work", work)
    await until(lambda: work.starts == 2)
    assert supervisor.states["work"].restarts == 1


async def test_one_that_fails_leaves_the_others_alone(supervisor: Supervisor) -> None:
    good, bad = Work(), Work(*(RuntimeError() for _ in range(50)))
    supervisor.start("good", good)
    supervisor.start("bad", bad)
    await until(lambda: bad.starts > 3)
    assert good.starts == 1
    assert supervisor.states["good"].state == "running"


async def test_stop_ends_all_and_says_so(supervisor: Supervisor) -> None:
    for name in ("one", "two", "kept"):
        supervisor.start(name, Work())
    failing = Work(*(RuntimeError() for _ in range(50)))
    supervisor.start("failing", failing)
    await until(lambda: failing.starts)
    await supervisor.stop_but("kept")
    states = {name: state.state for name, state in supervisor.states.items()}
    assert states == {"one": "stopped", "two": "stopped", "failing": "stopped", "kept": "running"}
    await supervisor.stop()
    assert supervisor.states["kept"].state == "stopped"


async def test_a_task_gets_time_to_end_by_itself(supervisor: Supervisor) -> None:
    finish, ended = asyncio.Event(), []

    async def work() -> None:
        await finish.wait()
        ended.append("well")

    supervisor.start("work", work)
    await asyncio.sleep(0)
    finish.set()
    await supervisor.wait_for("work", 5)
    assert ended == ["well"]
    supervisor.start("stubborn", Work())
    await supervisor.wait_for("stubborn", 0.01)
    assert supervisor.states["stubborn"].state == "stopped"
    await supervisor.wait_for("unknown", 5)


async def test_work_that_fails_while_it_is_stopped_is_not_started_again(
    supervisor: Supervisor,
) -> None:
    """A group of tasks says what its tasks failed with, and not that it was cancelled."""
    inside = asyncio.Event()

    async def stubborn() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise RuntimeError("failed while it ended")

    async def work() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(stubborn())
            inside.set()

    supervisor.start("work", work)
    await inside.wait()
    await asyncio.sleep(0.001)
    async with asyncio.timeout(5):
        await supervisor.stop()
    state = supervisor.states["work"]
    assert (state.state, state.restarts) == ("stopped", 0)
