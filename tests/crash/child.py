"""A process that lives a script on a database, from wherever the record ends, until it is killed.

It runs the real engine, journal and recovery. It is forked from a server that has imported this
module once, so that a thousand of them can die in minutes.
"""

import asyncio
import os
import signal
import time
from multiprocessing.connection import Connection
from typing import NamedTuple

from app import strategies
from app.engine.feed import MarketFeed
from app.engine.live import Live, Recovered
from app.engine.recovery import recover
from app.store.database import Database
from app.store.journal import Journal
from app.store.lease import Lease
from app.store.sqlite import SqliteWriter
from app.trading.inputs import Refused
from app.trading.ledger import Changes
from tests.engine.script import RULES, Script
from tests.providers.clocks import RealClock

KNOWN = strategies.load()
BEFORE, AFTER = -1, -2
"""Places beside a transaction; a place from 0 on is the number of a statement inside it."""


class Crash(NamedTuple):
    """Where to die: a batch, and a place in its commit."""

    batch: int
    place: int


class Ready(NamedTuple):
    """A process can trade: the last batch in the record, and the seconds that it took."""

    batch: int
    seconds: float


def live_on(url: str, seed: int, batches: int, crash: Crash | None, pipe: Connection) -> None:
    """Live a script to its end; tells the pipe each batch that it knows to be kept."""
    asyncio.run(_live_on(url, Script(seed, batches), crash, pipe))


async def _live_on(url: str, script: Script, crash: Crash | None, pipe: Connection) -> None:
    began = time.perf_counter()
    journal = await Journal.open(url)
    database = await Database.open(url)
    lease = Lease(journal, "child", 60_000)
    await lease.acquire()

    async def recovered() -> Recovered:
        batch = (await lease.state()).batch
        return await recover(database, RULES, KNOWN, batch, script.now(batch))

    live = Live(recovered, Doomed(journal, crash), RealClock(), MarketFeed(""))
    running = asyncio.create_task(live.run())
    await live.settled()
    number = (await lease.state()).batch
    pipe.send(Ready(number, time.perf_counter() - began))
    while number < script.batches:
        number += 1
        *most, last = script.batch(number)
        for wish in most:
            await live.post(wish)
        answer = await live.submit(last)
        if isinstance(answer, Refused) or live.failures:
            raise RuntimeError(f"batch {number}: {answer}, {live.failures} failures")
        pipe.send(number)
    live.stop()
    await running
    await database.close()
    await journal.close()


class Doomed:
    """A journal in whose commit the process dies."""

    def __init__(self, journal: Journal, crash: Crash | None) -> None:
        self._journal = journal
        self._crash = crash

    async def commit(self, changes: Changes, *, batch: int | None = None) -> None:
        """Keep a batch, or die at the place that was chosen."""
        place = self._crash.place if self._crash and self._crash.batch == batch else None
        if place == BEFORE:
            die()
        if place is not None and place >= 0:
            die_at(self._journal, place)
        await self._journal.commit(changes, batch=batch)
        if place is not None:
            die()


def die() -> None:
    """Die as by a power switch: nothing is flushed, closed or rolled back."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_at(journal: Journal, place: int) -> None:
    """Die when the writer begins its statement of a number, counted from the next on."""
    writer = journal._writer
    if not isinstance(writer, SqliteWriter) or writer._connection is None:
        raise TypeError("statements are only counted on SQLite")
    left = place

    def count(_: str) -> None:
        nonlocal left
        if left == 0:
            die()
        left -= 1

    writer._connection.set_trace_callback(count)
