"""Processes that want to be the engine of one record: each takes the lease when it can, trades the
script on from where the record ends, and waits again when it hears that it was overtaken.
"""

import asyncio
import time
from multiprocessing.connection import Connection
from typing import NamedTuple

from app.engine.live import PASSING
from app.engine.recovery import recover
from app.store import postgres, sqlite
from app.store.database import Database
from app.store.errors import ConflictError, LeaseHeldError, LeaseLostError
from app.store.group import Fence
from app.store.journal import Journal
from app.store.lease import Grant, Lease
from tests.crash.child import KNOWN
from tests.engine.script import RULES, Script

REST_SECONDS = 0.008
LOOKS = 20
"""How often within the time of a lease one asks for it that has none."""


class Rival(NamedTuple):
    """Who wants to be the engine: its name, how long its lease is, how wrong its clock is, and
    whether its commits ask who it is.
    """

    name: str
    ttl_ms: int
    clock_off_seconds: float = 0.0
    fenced: bool = True


class Told(NamedTuple):
    """What happened, to whom, under which epoch, after which batch, and when (monotonic)."""

    what: str
    name: str
    epoch: int
    batch: int
    at: float


def rule(url: str, seed: int, batches: int, rival: Rival, pipe: Connection) -> None:
    """Be the engine whenever the lease is free, until killed."""
    if rival.clock_off_seconds:
        _set_clock(rival.clock_off_seconds)
    if not rival.fenced:
        sqlite.check_fence = postgres.check_fence = _ask_nobody  # type: ignore[attr-defined]
    # As on the platform: a server ends the transaction of one that sleeps as long as a lease lasts.
    postgres.WRITER_SETTINGS["idle_in_transaction_session_timeout"] = f"{rival.ttl_ms}ms"
    asyncio.run(_rule(url, Script(seed, batches), rival, pipe))


def _set_clock(seconds: float) -> None:
    """Let this process believe in another time of day."""
    true, true_ns = time.time, time.time_ns
    time.time = lambda: true() + seconds
    time.time_ns = lambda: true_ns() + int(seconds * 1e9)


def _ask_nobody(fence: Fence, count: int) -> None:
    del fence, count


async def _rule(url: str, script: Script, rival: Rival, pipe: Connection) -> None:
    journal = await Journal.open(url)
    database = await Database.open(url)
    lease = Lease(journal, rival.name, rival.ttl_ms)
    while True:
        try:
            grant = await lease.acquire()
            await _reign(Reign(journal, database, lease, script, rival, pipe), grant)
        except LeaseHeldError:
            await asyncio.sleep(rival.ttl_ms / 1_000 / LOOKS)
        except PASSING:
            continue


class Reign(NamedTuple):
    """What one needs to trade."""

    journal: Journal
    database: Database
    lease: Lease
    script: Script
    rival: Rival
    pipe: Connection

    def tell(self, what: str, epoch: int, batch: int) -> None:
        """Say what happened, now."""
        self.pipe.send(Told(what, self.rival.name, epoch, batch, time.monotonic()))


async def _reign(it: Reign, grant: Grant) -> None:
    """Trade until somebody else does."""
    epoch, number = grant
    engine = (await recover(it.database, RULES, KNOWN, number, it.script.now(number))).engine
    it.tell("took over", epoch, number)
    renewed = time.monotonic()
    try:
        while number < it.script.batches:
            number += 1
            changes = engine.handle(it.script.batch(number)).changes
            await it.journal.commit(changes, batch=number)
            it.tell("kept", epoch, number)
            if time.monotonic() - renewed > it.rival.ttl_ms / 3_000:
                await it.lease.renew()
                renewed = time.monotonic()
            await asyncio.sleep(REST_SECONDS)
    except LeaseLostError:
        it.tell("overtaken", epoch, number)
    except ConflictError:
        it.tell("conflict", epoch, number)
    except PASSING:
        it.tell("interrupted", epoch, number)
