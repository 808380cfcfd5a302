"""Backtests and sweeps that people ask for: they wait in the record for their turn (`runner`)."""

import asyncio
import zlib
from typing import NamedTuple

from app.ports import Clock
from app.research.foreman import Foreman
from app.research.jobs import COMPRESSION
from app.research.loading import Sources
from app.research.runner import Runner
from app.store.database import Database
from app.store.errors import ConflictError
from app.store.journal import Journal
from app.store.runs import Kind, NewRun, add_run, cancel_run, delete_run, load_of, new_id

MOST_PER_WALLET = 20
MOST_WAITING = 100
MOST_BYTES = 512 * 1024 * 1024
"""What the runs of one wallet may take, compressed."""

AGAIN_SECONDS = 0.1


class TooManyRuns(Exception):
    """So many runs wait, or are kept, that no further one is taken; the message says what to do."""


class TooMuchKept(Exception):
    """The wallet's runs take too much room; the message says what to do."""


class Asked(NamedTuple):
    """A run that somebody asks for; `request` is JSON as it was given, `settings` JSON without
    candles.
    """

    kind: Kind
    name: str | None
    request: bytes
    settings: str


class Runs:
    """Takes runs, and knows how they stand; `sources` name where candles and studies are kept."""

    def __init__(
        self,
        journal: Journal,
        database: Database,
        clock: Clock,
        sources: Sources,
        foreman: Foreman | None = None,
    ) -> None:
        self._journal = journal
        self._database = database
        self._clock = clock
        self.foreman = foreman or Foreman()
        self._runner = Runner(journal, database, clock, sources, self.foreman)
        self._taking = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Fail what a process that died left behind, then compute what waits."""
        await self._runner.fail_lost()
        self._task = asyncio.create_task(self._runner.serve(), name="runs")

    async def stop(self) -> None:
        """Stop computing; the run that is computed fails, those that wait go on waiting."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self.foreman.stop()

    async def submit(self, wallet: int, asked: Asked) -> int:
        """Keep a run in the queue; answers its number. Raises TooManyRuns or TooMuchKept."""
        request = await asyncio.to_thread(zlib.compress, asked.request, COMPRESSION)
        run = NewRun(
            id=new_id(),
            wallet_id=wallet,
            kind=asked.kind,
            name=asked.name,
            settings=asked.settings,
            size=len(request),
            created_at=self._clock.now(),
            owner=self._runner.owner,
        )
        async with self._taking:
            await self._check_room(wallet)
            self._runner.arriving.add(run.id)
            try:
                await add_run(self._journal, run, request)
            finally:
                self._runner.arriving.discard(run.id)
        self._runner.news.set()
        return run.id

    async def cancel(self, wallet: int, run_id: int) -> bool:
        """Cancel a wallet's run; False when it had ended before."""
        cancelled = await cancel_run(self._journal, wallet, run_id, self._clock.now())
        if cancelled:
            self._runner.forget(run_id)
        return cancelled

    async def delete(self, wallet: int, run_id: int) -> None:
        """Cancel a wallet's run when it waits or runs, and remove all there is of it."""
        await self.cancel(wallet, run_id)
        while True:
            try:
                await delete_run(self._journal, run_id)
            except ConflictError:  # a piece of its result came in between
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                return

    def progress_of(self, run_id: int) -> float | None:
        """Tell how far a run is that is computed here, 0 to 1; None for every other."""
        current = self._runner.current
        return current.progress if current is not None and current.id == run_id else None

    async def _check_room(self, wallet: int) -> None:
        load = await load_of(self._database, wallet)
        if load.mine >= MOST_PER_WALLET:
            raise TooManyRuns(f"You have {load.mine} runs waiting; wait for some, or cancel them.")
        if load.everybodys >= MOST_WAITING:
            raise TooManyRuns(f"{load.everybodys} runs are waiting for their turn; try again soon.")
        if load.size >= MOST_BYTES:
            most = MOST_BYTES // 1024**2
            raise TooMuchKept(f"Your runs take {most} MiB already: delete some first.")
