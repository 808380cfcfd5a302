"""A clock that is set is followed when the step is small, or when others agree."""

import pytest

from app.engine.clock import SystemClock
from app.engine.timekeeping import Timekeeper
from app.providers.dates import Skew
from tests.logs import heard

MS = 1_000_000
HOUR = 3_600_000


class Machine:
    """A wall clock that can be set, and a steady one that cannot."""

    def __init__(self) -> None:
        self.wall = 1_795_000_000_000
        self.steady = 5_000_000
        self.skew: Skew | None = None
        self.adopted = 0
        self.clock = SystemClock(lambda: self.wall * MS, lambda: self.steady * MS)
        self.keeper = Timekeeper(self.clock, lambda: self.skew, self._adopted)

    def _adopted(self) -> None:
        self.adopted += 1
        self.skew = None

    def passes(self, milliseconds: int) -> None:
        self.wall += milliseconds
        self.steady += milliseconds

    def look(self) -> list[str]:
        with heard() as lines:
            self.keeper.look()
        return [line["event"] for line in lines]


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_time_passes_steadily_whatever_the_wall_says(machine: Machine) -> None:
    began, steady = machine.clock.now(), machine.clock.monotonic()
    machine.passes(1_500)
    machine.wall -= HOUR
    assert machine.clock.now() == began + 1_500
    assert machine.clock.monotonic() == pytest.approx(steady + 1.5)
    assert machine.clock.jumped_ms == -HOUR


@pytest.mark.parametrize("step", [-1_000, -3, 7, 1_000])
def test_a_small_step_is_followed_in_silence(machine: Machine, step: int) -> None:
    machine.wall += step
    assert machine.look() == []
    assert (machine.clock.now(), machine.clock.jumped_ms) == (machine.wall, 0)


@pytest.mark.parametrize("jump", [-HOUR, -1_001, 1_001, HOUR, 24 * HOUR])
def test_a_jump_that_nobody_confirms_is_told_once_and_not_followed(
    machine: Machine, jump: int
) -> None:
    began = machine.clock.now()
    machine.wall += jump
    told = "the machine's clock was set; its time is not followed"
    assert [machine.look(), machine.look()] == [[told], []]
    machine.skew = Skew(100.0, 400.0, 3)
    assert machine.look() == []
    assert machine.clock.now() == began
    assert machine.keeper.snapshot()["set_by_ms"] == jump


@pytest.mark.parametrize("jump", [-HOUR, 5_000, HOUR])
def test_a_jump_is_followed_when_others_agree(machine: Machine, jump: int) -> None:
    machine.skew = Skew(jump + 250.0, 300.0, 2)
    machine.wall += jump
    assert machine.look() == ["the machine's clock was set, and others agree"]
    assert (machine.clock.now(), machine.adopted) == (machine.wall, 1)


def test_who_sets_it_back_is_as_if_nobody_had(machine: Machine) -> None:
    machine.wall += HOUR
    machine.look()
    machine.wall -= HOUR
    assert machine.look() == []
    machine.wall += HOUR
    assert machine.look() == ["the machine's clock was set; its time is not followed"]


def test_a_clock_that_is_off_is_told_above_a_second_and_when_it_is_sure(machine: Machine) -> None:
    told = ["the clock is off by what others say"]
    machine.skew = Skew(1_300.0, 400.0, 1)
    assert machine.look() == []
    machine.skew = Skew(-1_500.0, 400.0, 1)
    assert [machine.look(), machine.look()] == [told, []]
    assert machine.keeper.snapshot() == {
        "skew_ms": -1_500,
        "within_ms": 400,
        "hosts": 1,
        "off": True,
        "set_by_ms": 0,
    }
    machine.skew = Skew(0.0, 400.0, 1)
    assert machine.look() == []
    machine.skew = Skew(-1_500.0, 400.0, 1)
    assert machine.look() == told


def test_without_a_word_from_others_nothing_is_known(machine: Machine) -> None:
    assert machine.look() == []
    assert machine.keeper.snapshot()["skew_ms"] is None


def test_the_machines_own_clock_runs() -> None:
    clock = SystemClock()
    began = clock.now()
    assert abs(clock.jumped_ms) < 1_000
    assert clock.now() >= began
