"""Simulated days: whatever a seed does to the platform, the record is what the rules say.

SEED=17 pytest tests/simulation/test_days.py                 runs one seed again
SIMULATED_DAYS=1000 SIMULATED_HOURS=24 make test-slow ...    is the slow lane's size
"""

import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from app.engine import pulse, recovery
from app.engine.pipeline import watch
from app.store.group import Member
from app.store.sqlite import SqliteWriter
from tests.simulation.day import simulate
from tests.simulation.world import Known, Outcome, Plan

GIVEN = os.environ.get("SEED")
SEEDS = [GIVEN] if GIVEN else [str(number) for number in range(1, 51)]
DAYS, TOGETHER = int(os.environ.get("SIMULATED_DAYS", "1000")), 10
HOURS = float(os.environ.get("SIMULATED_HOURS", "24"))
NEVER_LOGGED = ("the record contradicts itself", "input refused", "listener failed")


def minutes(seed: str, reach: float = 1.0) -> Plan:
    """Plan six minutes in which more goes wrong than elsewhere in a week."""
    return Plan(
        seed=seed,
        seconds=360.0,
        signal_every=20.0,
        person_every=10.0,
        fault_every=45.0,
        crash_every=100.0,
        reach=reach,
    )


def day(seed: str) -> Plan:
    """Plan a day."""
    return Plan(
        seed=seed,
        seconds=3_600.0 * HOURS,
        signal_every=120.0,
        person_every=120.0,
        fault_every=600.0,
        crash_every=3_600.0,
    )


@pytest.fixture
def lived(known: Known, tmp_path: Path, blank: sqlite3.Connection, lines: Counter[str]) -> "Lived":
    return Lived(known, tmp_path, blank, lines)


class Lived:
    """Runs plans; what fails says by which seed."""

    def __init__(
        self, known: Known, folder: Path, blank: sqlite3.Connection, lines: Counter[str]
    ) -> None:
        self._parts = (known, folder, blank)
        self._lines = lines

    def __call__(self, plan: Plan) -> Outcome:
        try:
            outcome = simulate(plan, *self._parts)
            assert not [line for line in NEVER_LOGGED if self._lines[line]]
        except BaseException as error:
            hours = plan.seconds / 3_600
            error.add_note(f"seed {plan.seed}, {hours:g} simulated hours; to see it again:")
            error.add_note(f"SEED={plan.seed} pytest -n 0 tests/simulation/test_days.py")
            raise
        return outcome


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_goes_wrong_the_record_is_what_the_rules_say(seed: str, lived: Lived) -> None:
    outcome = lived(minutes(seed))
    assert outcome.batches > 50
    assert outcome.rows > outcome.inputs > outcome.batches


@pytest.mark.parametrize("seed", SEEDS[:1])
def test_the_same_seed_gives_the_same_events(seed: str, lived: Lived) -> None:
    assert lived(minutes(seed)) == lived(minutes(seed))


def test_the_faults_and_the_crashes_happen(lived: Lived) -> None:
    seen: Counter[str] = Counter()
    processes = trades = 0
    for seed in SEEDS[:3]:
        outcome = lived(minutes(seed))
        seen.update(outcome.faults)
        processes += outcome.processes
        trades += outcome.trades
    assert {"wick", "garbage", "failed", "said twice", "StoreUnavailableError"} <= seen.keys()
    assert processes > len(SEEDS[:3]) * 2
    assert trades > len(SEEDS[:3])


def test_without_faults_there_is_one_process(lived: Lived) -> None:
    outcome = lived(minutes("quiet", reach=0.0))
    assert (outcome.processes, outcome.faults) == (1, {})


def test_a_disk_that_forgets_is_caught(lived: Lived, monkeypatch: pytest.MonkeyPatch) -> None:
    """A negative control: what was acknowledged must be there."""
    monkeypatch.setattr(SqliteWriter, "_transaction", _forgetful(SqliteWriter._transaction))
    with pytest.raises(AssertionError, match=r"is not|missing"):
        lived(minutes("1"))


def test_a_recovery_that_forgets_is_caught(lived: Lived, monkeypatch: pytest.MonkeyPatch) -> None:
    """A negative control: the prices after a position's last row must be folded over it."""

    async def fold(*_: object) -> None:
        return None

    monkeypatch.setattr(recovery, "_fold", fold)
    plans = [minutes(seed) for seed in SEEDS]
    with pytest.raises(AssertionError, match=r"\.positions\."):
        list(map(lived, plans))


def _forgetful(transaction: Callable[..., None]) -> Callable[..., None]:
    """Let every twentieth transaction of the engine go by unwritten."""
    seen = Counter[str]()

    def forget(writer: SqliteWriter, connection: object, members: Sequence[Member]) -> None:
        fenced = any(member.fence is not None for member in members)
        seen["engine"] += fenced
        if not fenced or seen["engine"] % 20:
            transaction(writer, connection, members)

    return forget


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, DAYS, TOGETHER))
def test_whole_days(first: int, lived: Lived, monkeypatch: pytest.MonkeyPatch) -> None:
    """Live days; pollers are looked after once a second, and nobody takes the loop's pulse."""
    monkeypatch.setattr(watch, "RECONCILE_SECONDS", 1.0)
    monkeypatch.setattr(pulse, "TICK_SECONDS", 60.0)
    for number in range(first, min(first + TOGETHER, DAYS)):
        outcome = lived(day(GIVEN or f"day {number}"))
        assert outcome.batches > 1_000 * HOURS / 24
