"""Two feeds that repeat themselves, change the order, break and begin again: each signal is decided
once for each wallet.

    SIGNALS=100000 SEED=3 pytest tests/simulation/test_signals_once.py
"""

import asyncio
import os
import random
import sqlite3
from collections import deque
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from app.ports import UnavailableError
from app.trading import state
from app.trading.signals import Signal
from tests.simulation.day import Day, simulate
from tests.simulation.market import Stream
from tests.simulation.world import Known, Outcome, Plan, World

SEED = os.environ.get("SEED", "1")
MANY = int(os.environ.get("SIGNALS", "100000"))
PACE = 0.1
REPEATED, LATE = 0.2, 0.1
BACK = 40
"""How many events a feed says again after a break."""
BEHIND = 300
"""How many events wait at most: one that waits for minutes is too old to be bought, and refused."""


class Feeds:
    """Two feeds as one source: it says so many events, a fifth of them again, a tenth too late."""

    def __init__(self, world: World, events: int) -> None:
        self._world = world
        self._chance: random.Random = world.chance("feeds")
        self._said: tuple[list[Signal], list[Signal]] = ([], [])
        self._late: deque[tuple[int, Signal]] = deque()
        self._places = [0, 0]
        self._left = events
        self._make = Stream(world.market)
        self.events = self.repeated = self.late = self.breaks = 0
        self.distinct: set[tuple[str, int]] = set()

    @property
    def is_over(self) -> bool:
        return self._left <= 0 and not any(self._waiting(side) for side in (0, 1))

    async def signals(self) -> AsyncGenerator[Signal, None]:
        """Yield what both say; whoever connects again hears the last events of both again."""
        clock, chance = self._world.clock, self._chance
        self._again(0)
        self._again(1)
        while True:
            if self._behind < BEHIND:
                self._think()
            sides = [side for side in (0, 1) if self._waiting(side)]
            if not sides:
                await asyncio.sleep(1.0)
                continue
            side = chance.choice(sides)
            signal = self._said[side][self._places[side]]
            self._places[side] += 1
            self.events += 1
            yield replace(signal, received_at=clock.now())
            if chance.random() < 1 / 200:
                self._again(side)
            if chance.random() < 1 / 3_000 and self._left > 0:
                raise UnavailableError("both feeds broke")
            await clock.sleep(PACE * chance.random() * 2)

    @property
    def _behind(self) -> int:
        return sum(map(len, self._said)) - sum(self._places)

    def _waiting(self, side: int) -> bool:
        return self._places[side] < len(self._said[side])

    def _again(self, side: int) -> None:
        self.breaks += 1
        self._places[side] = max(0, self._places[side] - self._chance.randrange(BACK))

    def _think(self) -> None:
        """Make the next event: a new signal, one that was said before, or one that comes late."""
        if self._left <= 0:
            for _, late in self._late:
                self._said[0].append(late)
            self._late.clear()
            return
        self._left -= 1
        chance, side = self._chance, self._chance.randrange(2)
        if chance.random() < REPEATED and (said := self._said[side] or self._said[1 - side]):
            self.repeated += 1
            self._said[1 - side].append(said[-1 - chance.randrange(min(60, len(said)))])
            return
        self._make.say(chance.choice(self._world.market.mints), self._world.clock.now())
        signal = self._make.said.pop()
        self.distinct.add((signal.mint, signal.triggered_at))
        if chance.random() < LATE:
            self.late += 1
            self._late.append((self._left - chance.randrange(1, 30), signal))
        else:
            self._said[side].append(signal)
        while self._late and self._late[0][0] >= self._left:
            self._said[side].append(self._late.popleft()[1])


async def _decided_once(world: World, events: int) -> tuple[Outcome, Feeds]:
    feeds = Feeds(world, events)
    world.source = feeds
    outcome = await Day(world).run(lambda: feeds.is_over)
    ask = world.record.connection.execute
    kept = set(ask("SELECT mint, triggered_at FROM signals").fetchall())
    assert kept == feeds.distinct
    assert ask("SELECT count(*) FROM signals").fetchone() == (len(kept),)
    assert ask("SELECT count(*) FROM signals WHERE status = 'Screening'").fetchone() == (0,)
    ends = ask(
        "SELECT signal_id, count(*) FROM evaluations"
        " WHERE verdict = 'failed' AND signal_id IS NOT NULL GROUP BY signal_id"
    ).fetchall()
    assert {many for _, many in ends} == {1}
    assert len(ends) == len(kept)
    bought = ask(
        "SELECT count(*) FROM decisions WHERE verdict = 'taken' AND signal_id IS NOT NULL"
        " GROUP BY wallet_id, signal_id"
    ).fetchall()
    assert {many for (many,) in bought} == {1}
    return outcome, feeds


def run(
    seed: str, events: int, known: Known, folder: Path, blank: sqlite3.Connection
) -> tuple[Outcome, Feeds]:
    plan = Plan(
        seed=seed,
        seconds=events * PACE * 3 + 60,
        coins=20,
        person_every=60.0,
        fault_every=60.0 if events < 10_000 else 600.0,
        crash_every=40.0 if events < 10_000 else 1_200.0,
        quiet=900.0,
    )
    found: list[Feeds] = []

    async def play(world: World) -> Outcome:
        outcome, feeds = await _decided_once(world, events)
        found.append(feeds)
        return outcome

    try:
        return simulate(plan, known, folder, blank, play), found[0]
    except BaseException as error:
        error.add_note(f"SEED={seed} SIGNALS={events} pytest -n 0 {Path(__file__).name}")
        raise


def check_mixture(feeds: Feeds, events: int) -> None:
    assert feeds.events >= events
    assert feeds.repeated > events * REPEATED * 0.8
    assert feeds.late > events * LATE * 0.6
    assert feeds.breaks > events / 300


def test_two_thousand_events_are_decided_once(
    known: Known, tmp_path: Path, blank: sqlite3.Connection
) -> None:
    outcome, feeds = run(SEED, 2_000, known, tmp_path, blank)
    check_mixture(feeds, 2_000)
    assert outcome.processes > 2
    assert outcome.trades > 0


def test_what_memory_forgot_the_record_still_knows(
    known: Known, tmp_path: Path, blank: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A feed may repeat more than memory holds: the record refuses what it has."""
    monkeypatch.setattr(state, "REMEMBERED_SIGNALS", 20)
    _, feeds = run(SEED, 150, known, tmp_path, blank)
    assert feeds.repeated > 15


@pytest.mark.slow
def test_a_hundred_thousand_events_are_decided_once(
    known: Known, tmp_path: Path, blank: sqlite3.Connection
) -> None:
    _, feeds = run(SEED, MANY, known, tmp_path, blank)
    check_mixture(feeds, MANY)
