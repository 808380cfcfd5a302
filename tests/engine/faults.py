"""A journal that fails as a test says, and an engine that runs on it."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from app.engine.feed import MarketFeed
from app.engine.live import Live, Recovered
from app.engine.recovery import recover
from app.store.database import Database
from app.store.journal import Journal
from app.store.lease import Lease
from app.trading.inputs import Register
from app.trading.ledger import Changes
from tests.engine.record import Known
from tests.engine.script import RULES, START, address
from tests.providers.clocks import RealClock

SOL = 10**9


class FaultyJournal:
    """Keeps batches; before that or after it, something may go wrong, a commit after another."""

    def __init__(self, journal: Journal) -> None:
        self.before: deque[Exception | None] = deque()
        self.after: deque[Exception | None] = deque()
        self.refuses: Callable[[Changes], Exception | None] = lambda _: None
        self.gate = asyncio.Event()
        self.gate.set()
        self.begun = 0
        self.sizes: list[int] = []
        self._journal = journal

    async def commit(self, changes: Changes, *, batch: int | None = None) -> None:
        """Keep a batch once the gate is open."""
        self.begun += 1
        self.sizes.append(sum(len(rows) for rows in changes.rows.values()))
        await self.gate.wait()
        _fail(self.before)
        error = self.refuses(changes)
        if error is not None:
            raise error
        await self._journal.commit(changes, batch=batch)
        _fail(self.after)


def _fail(planned: deque[Exception | None]) -> None:
    error = planned.popleft() if planned else None
    if error is not None:
        raise error


class Stand:
    """An engine on a faulty journal, with everything a test wants to look at."""

    def __init__(self, journal: Journal, database: Database, known: Known) -> None:
        self.journal = FaultyJournal(journal)
        self.database = database
        self.lease = Lease(journal, "test", 60_000)
        self.reads = 0
        self.unreadable: deque[Exception | None] = deque()
        self._known = known
        self.live = Live(self._recover, self.journal, RealClock(), MarketFeed(""))

    async def _recover(self) -> Recovered:
        self.reads += 1
        _fail(self.unreadable)
        batch = (await self.lease.state()).batch
        return await recover(self.database, RULES, self._known, batch, START)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the engine until it is told to stop."""
        await self.lease.acquire()
        task = asyncio.create_task(self.live.run())
        try:
            yield
        finally:
            self.journal.gate.set()
            self.live.stop()
            await asyncio.wait({task}, timeout=5)
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task


def joins(place: int) -> Register:
    """Let a wallet join."""
    name = address("wallet", place)
    return Register(at=START, wallet_address=name, kind="synthetic", lamports=SOL)


async def until(condition: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait until something is true; a busy machine may need much longer than it takes."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.001)
