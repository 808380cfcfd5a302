"""A simulated day: the whole platform in virtual time, with faults from a seed, and what must hold.

World    what outlives a process: time, disk, market, people, the twin that follows the record
Process  one run of the platform on it: it starts, may die at any moment, and stops
"""

import asyncio
import random
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from app.engine.chores import chores
from app.engine.clock import SystemClock
from app.engine.live import EngineAbsentError, Recovered
from app.engine.pipeline.screen import Screening
from app.engine.pipeline.watch import Watching
from app.engine.platform import Platform, Wiring
from app.engine.recovery import recover
from app.engine.replaying import Checking
from app.engine.timekeeping import Timekeeper
from app.ports import SignalSource
from app.providers.dates import Skew
from app.store.group import Member
from app.trading.engine import Engine
from app.trading.entry import EntryStrategy
from app.trading.inputs import Answer, Input
from app.trading.state import Rules
from tests.engine.script import RULES
from tests.simulation.market import Faults, Market, Services, Stream, Truth, Wall
from tests.simulation.record import Readable, Record, Weather, Writer, journal
from tests.simulation.twin import Heard, Twin
from tests.simulation.virtual import VirtualLoop

EPOCH = 20_400 * 86_400_000 + 23 * 3_600_000
"""An hour before midnight UTC: a new day begins inside every run of more than an hour."""

Known = Mapping[str, type[EntryStrategy]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run is made of; `reach` makes each kind of fault more likely (0: no faults),
    `quiet` are the seconds between the last fault and the end.
    The machine's clock is set at some seconds by some milliseconds (`sets`).
    Runs about memory are not `followed` by a twin, and keep their record in a file; with `fresh`
    so many tokens are new each hour, and older ones are never heard of again.
    """

    seed: str
    seconds: float = 3_600.0
    coins: int = 10
    signal_every: float = 90.0
    person_every: float = 60.0
    fault_every: float = 120.0
    crash_every: float = 900.0
    reach: float = 1.0
    quiet: float = 0.0
    epoch: int = EPOCH
    sets: tuple[tuple[float, int], ...] = ()
    followed: bool = True
    fresh: int | None = None
    rules: Rules = RULES


class Outcome(NamedTuple):
    """What came of a run."""

    digest: str
    batches: int
    inputs: int
    rows: int
    processes: int
    trades: int
    faults: dict[str, int]


@dataclass(slots=True)
class World:
    """Everything that outlives a process."""

    plan: Plan
    loop: VirtualLoop
    known: Known
    folder: Path
    blank: sqlite3.Connection
    truth: Truth = field(init=False)
    wall: Wall = field(init=False)
    clock: SystemClock = field(init=False)
    faults: Faults = field(init=False)
    weather: Weather = field(init=False)
    market: Market = field(init=False)
    stream: Stream = field(init=False)
    source: SignalSource = field(init=False)
    """Where processes hear signals: the stream, unless somebody puts another one here."""
    record: Record = field(init=False)
    twin: Twin = field(init=False)
    process: "Process | None" = None
    skew: Skew | None = None
    processes: int = 0
    batches: int = 0
    acknowledged: list[tuple[Input, Answer]] = field(default_factory=list)
    broken: "asyncio.Future[None]" = field(init=False)

    def __post_init__(self) -> None:
        seed, plan = self.plan.seed, self.plan
        self.broken = self.loop.create_future()
        self.truth = Truth(plan.epoch, self.loop.time)
        self.wall = Wall(self.truth, plan.sets)
        self.clock = self.started_clock()
        self.faults = Faults(random.Random(f"{seed} faults"))
        self.weather = Weather(random.Random(f"{seed} weather"))
        self.market = Market(
            seed, self.truth, self.faults, seconds=plan.seconds + 900, coins=plan.coins
        )
        self.stream = Stream(self.market)
        self.source = self.stream
        where = ":memory:" if plan.followed else str(self.folder / "record.db")
        self.record = Record(self.blank, self.wall.now, where)
        self.twin = Twin(Engine(plan.rules, self.known))

    def started_clock(self) -> SystemClock:
        """Make the clock of a process that starts now: the platform's own, on this machine."""
        return SystemClock(lambda: self.wall.now() * 1_000_000, self._steady_ns)

    def _steady_ns(self) -> int:
        return round(self.loop.time() * 1_000_000_000)

    def chance(self, of: str) -> random.Random:
        """Make a generator of its own, so that one kind of event does not move another."""
        return random.Random(f"{self.plan.seed} {of}")

    def calm(self) -> Readable:
        """Open readers that never fail, for those who check."""
        return Readable(self.record, self.loop, Weather(random.Random(0)))

    async def ask(self, wish: Input) -> Answer:
        """Let a person ask for something; None when nobody answered."""
        process = self.process
        if process is None:
            return None
        with suppress(EngineAbsentError):
            answer = await process.platform.live.submit(wish)
            if self.plan.followed:
                self.acknowledged.append((wish, answer))
            return answer
        return None

    def kept(self, member: Member) -> None:
        """Note a batch that is on the disk, whether anybody heard of it or not."""
        process = self.process
        if member.fence is None or member.fence.batch is None:
            return
        assert process is not None
        if process.engine is None:
            self.batches += 1
            return
        inputs, changes = process.engine.last
        assert changes.rows is member.rows
        self.batches += 1
        with self.holding():
            assert member.fence.batch == self.batches, "a batch is missing or was kept twice"
            self.twin.keep(self.batches, self.clock.now(), inputs, changes)

    @contextmanager
    def holding(self) -> Iterator[None]:
        """End the run where something does not hold, whoever would try it again."""
        try:
            yield
        except AssertionError as error:
            if not self.broken.done():
                self.broken.set_exception(error)
            raise

    async def rebuilt(self, batch: int, now: int) -> Engine:
        """Build an engine from the record as it is."""
        return (await recover(self.calm(), self.plan.rules, self.known, batch, now)).engine


class Process:
    """One process: the platform on this world's disk, market and clock."""

    def __init__(self, world: World) -> None:
        world.processes += 1
        world.clock = world.started_clock()
        self._world = world
        self.engine: Heard | None = None
        self.writer = Writer(world.record, world.loop, world.weather, world.kept)
        self.journal = journal(self.writer)
        self.database = Readable(world.record, world.loop, world.weather)
        self.services = Services(world.market)
        self.platform = Platform(self._wiring())

    def _wiring(self) -> Wiring:
        world, services = self._world, self.services
        rules = world.plan.rules
        return Wiring(
            clock=world.clock,
            journal=self.journal,
            owner=f"process {world.processes}",
            recover=self._recover,
            signals=world.source,
            screening=Screening(
                sentiment=services,
                tokens=services,
                candles=services,
                threshold=60.0,
                min_mentions=1,
                jitter=world.chance(f"jitter {world.processes}").random,
            ),
            watching=Watching(
                candles=services,
                timeframe=rules.timeframe,
                timeframe_ms=rules.timeframe_ms,
                trades_every=60.0,
            ),
            symbols=services,
            index=world.market.mints[0],
            checking=Checking(self.database, self.journal, world.folder, rules.costs),
            chores={
                **chores(self.journal, self.database, world.clock, world.folder),
                "clock": Timekeeper(world.clock, lambda: world.skew).run,
            },
        )

    async def _recover(self, batch: int) -> Recovered:
        world = self._world
        rules, now = world.plan.rules, world.clock.now()
        recovered = await recover(self.database, rules, world.known, batch, now)
        if not world.plan.followed:
            return recovered
        if batch == world.batches:  # else it is read again: somebody wrote meanwhile
            with world.holding():
                world.twin.resumes(recovered.engine, now)
            world.twin.begins(await world.rebuilt(batch, now))
        self.engine = Heard(recovered.engine, world.twin)
        return Recovered(self.engine, batch)

    async def start(self) -> None:
        """Start, as often as the record cannot be read."""
        await self.platform.start(engine=True)

    async def die(self) -> None:
        """End in the middle of whatever it does: nothing it has not handed over is kept."""
        self.writer.dead = True
        await self.platform._outer.stop()
        await self.platform._inner.stop()
        self.journal.lease = None

    async def stop(self) -> None:
        """End as a signal asks for."""
        await self.platform.stop()

    def is_well(self) -> bool:
        """Tell whether everything runs and nothing waits."""
        status = self.platform.status()
        return bool(
            status["healthy"]
            and status["failing_since"] is None
            and not self.platform.live.waiting
            and self.platform.live._durable.is_set()
        )
