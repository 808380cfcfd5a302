"""Whatever anybody does to the machine's clock, no trade ends earlier or later for it."""

import os
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.api.sessions import IDLE_MS, Sessions
from app.engine.clock import SystemClock
from app.engine.platform import LEASE_MS
from app.providers.dates import Skew
from app.trading.judging import max_price_age_ms
from tests.simulation.day import Day, simulate
from tests.simulation.world import Known, Outcome, Plan, World
from tests.store import samples

SECOND, HOUR, DAY = 1_000, 3_600_000, 86_400_000
TICK_MS = 20_500
"""Prices come at most every twenty seconds, and an answer takes up to a quarter of one."""

END_OF_32_BITS = (2**31 - 420) * SECOND
"""Seven minutes before seconds no longer fit into 32 bits, in 2038."""

SUMMER_ENDS = 1_792_886_400_000 + HOUR - 420 * SECOND
"""Seven minutes before clocks in Berlin go back from three to two, in October 2026."""

QUIET = Plan(
    seed="clocks",
    seconds=600.0,
    signal_every=10.0,
    person_every=30.0,
    reach=0.0,
)
SETS = {
    "an hour ahead": ((300.0, HOUR),),
    "an hour back": ((300.0, -HOUR),),
    "a day ahead": ((300.0, DAY),),
    "a day back": ((300.0, -DAY),),
    "to and fro": ((200.0, HOUR), (260.0, -DAY), (420.0, 5 * SECOND), (600.0, DAY - HOUR)),
    "back and right again": ((300.0, -HOUR), (500.0, HOUR)),
}


class Lives:
    """Runs plans on empty databases."""

    def __init__(self, known: Known, folder: Path, blank: sqlite3.Connection) -> None:
        self._parts = (known, folder, blank)

    def __call__(self, plan: Plan, skew: Skew | None = None) -> Outcome:
        async def play(world: World) -> Outcome:
            world.skew = skew
            outcome = await Day(world).run()
            check_holding_times(world)
            return outcome

        return simulate(plan, *self._parts, play)


def check_holding_times(world: World) -> None:
    """Find every trade that ended by the clock in the record, and when it should have."""
    found = world.record.connection.execute(
        "SELECT f.timestamp, p.deadline FROM fills f JOIN positions p ON p.trade_id = f.trade_id"
        " WHERE f.reason = 'max_holding'"
    ).fetchall()
    assert found
    latest = max_price_age_ms(world.plan.rules.timeframe_ms) + TICK_MS
    assert all(0 <= at - deadline <= latest for at, deadline in found), found


@pytest.fixture(scope="module")
def lives(
    known: Known, tmp_path_factory: pytest.TempPathFactory, blank: sqlite3.Connection
) -> Lives:
    return Lives(known, tmp_path_factory.mktemp("clocks"), blank)


@pytest.fixture(scope="module")
def undisturbed(lives: Lives) -> Outcome:
    return lives(QUIET)


@pytest.mark.parametrize("sets", SETS.values(), ids=SETS.keys())
def test_a_clock_that_is_set_changes_nothing(
    sets: tuple[tuple[float, int], ...], lives: Lives, undisturbed: Outcome
) -> None:
    """Every row is the same, byte for byte, as if nobody had touched it."""
    assert lives(replace(QUIET, sets=sets)) == undisturbed


def test_a_clock_that_follows_the_wall_is_caught(
    lives: Lives, undisturbed: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A negative control: what the platform did before it had a steady clock."""
    monkeypatch.setattr(SystemClock, "now", lambda clock: clock._wall_ns() // 1_000_000)
    with pytest.raises(AssertionError):
        assert lives(replace(QUIET, sets=SETS["an hour ahead"])) == undisturbed


def test_a_clock_that_others_contradict_is_not_followed(lives: Lives, undisturbed: Outcome) -> None:
    right = Skew(20.0, 300.0, hosts=3)
    assert lives(replace(QUIET, sets=SETS["an hour ahead"]), right) == undisturbed


def test_an_engine_takes_over_although_the_clock_went_back(
    known: Known, tmp_path: Path, blank: sqlite3.Connection
) -> None:
    """A lease that seems to last for another hour is none that anybody was given."""

    async def play(world: World) -> Outcome:
        day = Day(world)
        await day.reboot()
        await day.watch(60.0)
        await day.die()
        await day.reboot()
        first = world.process
        assert first is not None
        assert first.platform.status()["engine"] == "the engine runs in process 1"
        await day.watch(LEASE_MS / SECOND + 1)
        assert first.platform.status()["engine"] == "running"
        await day.watch(100.0 - world.clock.monotonic())  # by now the clock was set back
        await day.die()
        await day.watch(2.0)
        await day.reboot()
        second = world.process
        assert second is not None
        await day.watch(2 * LEASE_MS / SECOND + 1)
        assert second.platform.status()["engine"] == "running"
        return day.outcome()

    plan = replace(QUIET, sets=((98.0, -HOUR),))
    assert simulate(plan, known, tmp_path, blank, play).processes == 3


@pytest.mark.parametrize("epoch", [END_OF_32_BITS, SUMMER_ENDS])
def test_moments_that_trouble_others_are_like_any(epoch: int, lives: Lives) -> None:
    outcome = lives(replace(QUIET, epoch=epoch))
    assert outcome.trades > 0


@pytest.fixture
def berlin() -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Europe/Berlin"
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


def test_summer_time_is_nothing_to_trades(lives: Lives, request: pytest.FixtureRequest) -> None:
    plan = replace(QUIET, epoch=SUMMER_ENDS)
    before = lives(plan)
    request.getfixturevalue("berlin")
    assert lives(plan) == before


@pytest.mark.parametrize("by", [-8 * DAY, -HOUR, HOUR, 8 * DAY])
def test_a_session_ends_by_its_own_rule(
    by: int, known: Known, tmp_path: Path, blank: sqlite3.Connection
) -> None:
    """A week after its last use, whatever the wall says meanwhile."""

    async def play(world: World) -> Outcome:
        day = Day(world)
        await day.reboot()
        process = world.process
        assert process is not None
        await process.stop()
        await process.journal.write([samples.wallet(1)])
        sessions = Sessions(process.database, process.journal, world.clock)
        token, _ = await sessions.open(1, samples.wallet(1).wallet_address, None)
        await day.watch(120.0)  # by now the clock was set
        assert world.wall.now() - world.truth.now() == by
        assert await sessions.find(token) is not None
        await day.watch(IDLE_MS / SECOND - 60)
        assert await sessions.find(token) is not None
        await day.watch(IDLE_MS / SECOND + 60)
        assert await sessions.find(token) is None
        return day.outcome()

    simulate(replace(QUIET, sets=((60.0, by),)), known, tmp_path, blank, play)
