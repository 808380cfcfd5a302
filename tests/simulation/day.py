"""A day in a world: people, a feed, faults and crashes; in the end everything heals, settles and is
held against everything.
"""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from app.engine.audit import audit, replay_all
from tests.simulation.market import SERVICES
from tests.simulation.people import People
from tests.simulation.virtual import VirtualLoop, run
from tests.simulation.world import Known, Outcome, Plan, Process, World

HEALED_SECONDS = 420.0
"""How long everything may take to be well again after the last fault."""


class Day:
    """Lets a day happen."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.people = People(world.chance("people"), world.market, world.truth, world.ask)

    async def run(self, is_over: Callable[[], bool] = lambda: False) -> Outcome:
        """Live the whole day, or until it is over; heal, and hold everything against everything."""
        world, plan = self._world, self._world.plan
        await self.reboot()
        doing = [self.people.join(), self._speak(), self.people.run(plan.person_every)]
        if plan.reach > 0:
            doing += [self._harm(), self._crash()]
        tasks = [asyncio.create_task(work) for work in doing]
        while world.clock.monotonic() < plan.seconds and not is_over():
            await self.watch(min(10.0, plan.seconds))
        world.faults.heal()
        world.weather.writes_fail = world.weather.reads_fail = world.weather.slow = 0.0
        for task in tasks:
            if task.done() and not task.cancelled() and (error := task.exception()) is not None:
                raise error
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if plan.reach > 0:
            await self.die()
            await self.reboot()
        await self.settle()
        await self.watch(plan.quiet)
        await self.judge()
        return self.outcome()

    async def watch(self, seconds: float) -> None:
        """Let time pass, as long as everything holds."""
        await asyncio.wait({self._world.broken}, timeout=seconds)
        if self._world.broken.done():
            self._world.broken.result()

    async def reboot(self) -> None:
        """Start the platform, again and again while its disk does not let it."""
        world = self._world
        while True:
            world.process = process = Process(world)
            try:
                await process.start()
            except Exception:  # whoever starts it starts it again
                await process.die()
                await world.clock.sleep(1.0)
                continue
            return

    async def die(self) -> None:
        if self._world.process is not None:
            await self._world.process.die()

    async def _speak(self) -> None:
        """Let the feed speak."""
        world, chance = self._world, self._world.chance("signals")
        while True:
            await world.clock.sleep(chance.expovariate(1.0 / world.plan.signal_every))
            mint = chance.choice(self._heard_of())
            world.stream.say(mint, world.clock.now() - chance.randrange(2_000))

    def _heard_of(self) -> Sequence[str]:
        """List the tokens of the hour."""
        world, fresh = self._world, self._world.plan.fresh
        if fresh is None:
            return world.market.mints
        hour = int(world.truth.monotonic() // 3_600)
        return world.market.mints[hour * fresh : (hour + 2) * fresh]

    async def _harm(self) -> None:
        """Clog services and spoil the disk for a while, and let them go in another order."""
        world, chance = self._world, self._world.chance("harm")
        reach, faults, weather = world.plan.reach, world.faults, world.weather
        while True:
            await world.clock.sleep(chance.expovariate(1.0 / world.plan.fault_every))
            faults.clogged |= set(chance.sample(SERVICES, chance.randrange(3)))
            for name in ("fail", "wick", "garbage", "repeat", "reorder"):
                if chance.random() < 0.4:
                    setattr(faults, name, min(0.9, reach * chance.choice((0.02, 0.1, 0.5))))
            if chance.random() < 0.4:
                weather.writes_fail = min(0.9, reach * chance.choice((0.005, 0.05, 0.6)))
                weather.reads_fail = min(0.9, reach * chance.choice((0.0, 0.0, 0.1)))
                weather.slow = min(0.9, reach * chance.choice((0.0, 0.05, 0.5)))
            await world.clock.sleep(chance.expovariate(1.0 / 30.0))
            for service in chance.sample(sorted(faults.clogged), len(faults.clogged)):
                faults.clogged.discard(service)
                await world.clock.sleep(chance.expovariate(1.0 / 10.0))
            faults.heal()
            weather.writes_fail = weather.reads_fail = weather.slow = 0.0

    async def _crash(self) -> None:
        """Kill the process at any moment, or stop it, and start another."""
        world, chance = self._world, self._world.chance("crashes")
        while True:
            await world.clock.sleep(chance.expovariate(1.0 / world.plan.crash_every))
            process = world.process
            assert process is not None
            if chance.random() < 0.8:
                await process.die()
            else:
                await process.stop()
                process.writer.dead = True
            await world.clock.sleep(chance.choice((0.0, 0.5, 5.0, 60.0)) * chance.random())
            await self.reboot()

    async def settle(self) -> None:
        """Wait until everything is well and every signal that was heard has been screened."""
        world = self._world
        until = world.clock.monotonic() + HEALED_SECONDS
        while True:
            process = world.process
            assert process is not None
            if process.is_well() and not (await process.platform.live.settled()).screening():
                return
            assert world.clock.monotonic() < until, process.platform.status()
            await self.watch(1.0)

    async def judge(self) -> None:
        """Hold the record against itself, against the rules, and against what people were told."""
        world, database = self._world, self._world.calm()
        process = world.process
        assert process is not None
        checker = process.platform._checker
        assert checker is None or checker.snapshot()["different"] == 0
        await process.stop()
        findings, _ = await audit(database)
        assert findings == [], findings[:5]
        replays = await replay_all(database, world.folder, world.plan.rules.costs)
        assert replays.findings == [], replays.findings[:5]
        if world.plan.followed:
            await self._compare()

    async def _compare(self) -> None:
        """Hold the record against the twin that followed it."""
        world = self._world
        world.twin.check()
        self.people.check(world.acknowledged, world.twin.audit)
        unheard = world.stream.heard - world.twin.arrived.keys()
        assert len(unheard) <= 2 * world.processes + world.faults.seen.get("feed broke", 0), (
            f"{len(unheard)} signals were heard and are not in the record"
        )
        now = world.clock.now()
        world.twin.resumes(await world.rebuilt(world.batches, now), now)

    def outcome(self) -> Outcome:
        world = self._world
        faults = Counter(world.faults.seen)
        faults.update(world.weather.failed)
        return Outcome(
            digest=world.twin.digest.hexdigest(),
            batches=world.batches,
            inputs=world.twin.inputs,
            rows=world.twin.rows,
            processes=world.processes,
            trades=len(world.twin.audit.trades),
            faults=dict(faults),
        )


Play = Callable[[World], Awaitable[Outcome]]


async def a_day(world: World) -> Outcome:
    """Let a day happen in a world."""
    return await Day(world).run()


def simulate(
    plan: Plan, known: Known, folder: Path, blank: sqlite3.Connection, play: Play = a_day
) -> Outcome:
    """Run a plan in virtual time."""

    async def main(loop: VirtualLoop) -> Outcome:
        return await play(World(plan, loop, known, folder, blank))

    return run(plan.seed, main)
