"""Computes the runs that wait, one at a time; wallets take turns.

    queued (in the record) --> claimed --> computed (`foreman`) --> kept

Whoever cancels or deletes a run changes its row; that is seen here within a second, or at once
where it is told, and the computation stops. A run that nobody finished because its process died
fails when the next one looks.
"""

import asyncio
import os
import secrets
import socket
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

import structlog

from app.ports import Clock
from app.providers.bursts import Bursts
from app.research.foreman import Died, Foreman
from app.research.jobs import Answer, Broken, Done, Job, Refused
from app.research.loading import Sources
from app.store.database import Database
from app.store.errors import (
    ConflictError,
    StoreBusyError,
    StoreError,
    StoreFullError,
    StoreUnavailableError,
)
from app.store.journal import Journal
from app.store.runs import (
    Ended,
    Held,
    Queued,
    claim_run,
    delete_run,
    drop_result,
    end_run,
    held_runs,
    keep_parts,
    keep_run,
    queued_runs,
    read_parts,
    take_lost,
)

log = structlog.get_logger(__name__)

LOOK_SECONDS = 10.0
BEAT_SECONDS = 1.0
RETRY_SECONDS = 1.0
SILENT_MS = 30_000
"""A process that has said nothing for so long is taken for dead."""

REMEMBERED = 10_000
INTERRUPTED = "interrupted by a restart; run it again"
NO_ROOM = "there was no room left on the disk for the result"


@dataclass(slots=True)
class Current:
    """The run that is computed at this moment."""

    id: int
    progress: float = 0.0
    unwanted: bool = False
    stopped: bool = False


@dataclass(slots=True)
class Turns:
    """Whose turn it is: the wallet that has waited longest since it last had one."""

    _last: OrderedDict[int, None] = field(default_factory=OrderedDict)

    def next(self, queued: list[Queued]) -> Queued:
        """Choose among runs, oldest first."""
        places = {wallet: place for place, wallet in enumerate(self._last)}
        return min(queued, key=lambda run: places.get(run.wallet_id, -1))

    def had(self, wallet: int) -> None:
        """Note that a wallet had its turn."""
        self._last[wallet] = None
        self._last.move_to_end(wallet)
        while len(self._last) > REMEMBERED:
            self._last.popitem(last=False)


class Runner:
    """Takes runs out of the record, has them computed, and keeps what comes of them."""

    def __init__(
        self, journal: Journal, database: Database, clock: Clock, sources: Sources, foreman: Foreman
    ) -> None:
        self._journal = journal
        self._database = database
        self._clock = clock
        self._sources = sources
        self._foreman = foreman
        self._turns = Turns()
        self._bursts = Bursts(log, clock)
        self._host = socket.gethostname()
        self.owner = f"{self._host}:{os.getpid()}:{secrets.token_hex(4)}"
        self.arriving: set[int] = set()
        """Runs whose request is being kept by this process."""
        self.news = asyncio.Event()
        self.current: Current | None = None

    async def serve(self) -> None:
        """Compute what waits, for ever."""
        while True:
            try:
                await self.fail_lost()
                while await self._run_next():
                    pass
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_SECONDS):
                        await self.news.wait()
                self.news.clear()
            except StoreError as error:
                self._bursts.warn("runs wait for the database", error=str(error))
                await asyncio.sleep(RETRY_SECONDS)
            except Exception:  # the next run must not wait for a restart
                log.exception("runs failed")
                await asyncio.sleep(RETRY_SECONDS)

    async def _run_next(self) -> bool:
        queued = await queued_runs(self._database)
        if not queued:
            return False
        run = self._turns.next(queued)
        self._turns.had(run.wallet_id)
        self.current = current = Current(run.id)
        try:
            await self._run(run, current)
        except asyncio.CancelledError:
            with suppress(StoreError):  # else the next start does it
                ended = Ended("failed", INTERRUPTED)
                await end_run(self._journal, run.id, self.owner, self._clock.now(), ended)
            raise
        finally:
            self.current = None
        return True

    async def _run(self, run: Queued, current: Current) -> None:
        try:
            ready = await self._foreman.ready()
            code = (ready.version, ready.digest)
        except Died as died:
            log.warning("no process to compute", error=str(died))
            code = ("", "")
        now = self._clock.now()
        if not await claim_run(self._journal, run.id, self.owner, now, code):
            return
        beating = asyncio.create_task(self._beat(current))
        try:
            answer = await self._compute(run, current)
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
        if not current.unwanted:
            await self._keep(run.id, answer)

    async def _compute(self, run: Queued, current: Current) -> Answer:
        request = await read_parts(self._database, run.id, "request")
        job = Job(
            id=run.id,
            kind=run.kind,
            request=request,
            data_dir=str(self._sources.data_dir.resolve()),
            wallet=run.wallet_address,
            database_url=self._sources.database_url,
        )

        def heard(share: float) -> None:
            current.progress = share

        try:
            return await self._foreman.work(job, heard)
        except Died as died:
            log.warning("run died", run=run.id, reason=str(died))
            return Refused(place=[], detail=str(died))

    async def _beat(self, current: Current) -> None:
        """Say each second that the run is computed here; stop it when nobody wants it."""
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            try:
                if await keep_run(self._journal, current.id, self.owner, current.progress):
                    continue
            except StoreError as error:
                log.warning("run not kept alive", run=current.id, error=str(error))
                continue
            self.forget(current.id)

    def forget(self, run_id: int) -> None:
        """Stop computing a run that nobody wants any more, when it is the one.

        Its job may not have begun yet: then it is stopped with the next beat.
        """
        current = self.current
        if current is not None and current.id == run_id:
            current.unwanted = True
            current.stopped = current.stopped or self._foreman.cancel()

    async def _keep(self, run_id: int, answer: Answer) -> None:
        """Write what came of a run; of one that is gone nothing stays."""
        if isinstance(answer, Done):
            await self._keep_result(run_id, answer)
        elif isinstance(answer, Refused):
            pointer = "".join(f"/{_escaped(part)}" for part in answer.place)
            await self._end(run_id, Ended("failed", answer.detail, pointer or None))
        elif isinstance(answer, Broken):
            log.error("run failed", run=run_id, traceback=answer.traceback)
            detail = f"Something went wrong here; quote run {run_id} when asking for help."
            await self._end(run_id, Ended("failed", detail))

    async def _keep_result(self, run_id: int, done: Done) -> None:
        ended = Ended(
            "finished",
            data_hash=done.data_hash,
            summary=done.summary,
            seconds=done.seconds,
            size=len(done.result),
        )
        try:
            await self._insist(lambda: keep_parts(self._journal, run_id, "result", done.result))
            kept = await self._end(run_id, ended)
        except ConflictError:  # it was deleted meanwhile
            return
        except StoreFullError:
            kept = not await self._end(run_id, Ended("failed", NO_ROOM))
        if not kept:
            await self._insist(lambda: drop_result(self._journal, run_id))

    async def _end(self, run_id: int, ended: Ended) -> bool:
        now = self._clock.now()
        return await self._insist(lambda: end_run(self._journal, run_id, self.owner, now, ended))

    async def _insist(self, write: Callable[[], Awaitable[bool | None]]) -> bool:
        """Write, however long the database is away."""
        while True:
            try:
                return bool(await write())
            except (StoreBusyError, StoreUnavailableError) as error:
                log.warning("run waits for the database", error=str(error))
                await asyncio.sleep(RETRY_SECONDS)

    async def fail_lost(self) -> None:
        """Fail the runs of processes that died; remove what never arrived whole."""
        for held in await held_runs(self._database):
            if not self._is_lost(held):
                continue
            if held.status == "arriving":
                # It may have arrived since it was looked at.
                if await take_lost(self._journal, held.id, held.owner, f"{self.owner}:removes"):
                    await delete_run(self._journal, held.id)
                continue
            ended = Ended("failed", INTERRUPTED)
            if await end_run(self._journal, held.id, held.owner, self._clock.now(), ended):
                log.warning("run was interrupted", run=held.id, owner=held.owner)
                await drop_result(self._journal, held.id)

    def _is_lost(self, held: Held) -> bool:
        if held.owner == self.owner:
            current = self.current.id if self.current else None
            return held.id != current and held.id not in self.arriving
        host, _, rest = held.owner.partition(":")
        pid = rest.partition(":")[0]
        here = host == self._host and pid.isdecimal()
        return held.silent > SILENT_MS or (here and not _lives(int(pid)))


def _lives(pid: int) -> bool:
    """Tell whether another process of this machine has a number."""
    if pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _escaped(part: object) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")
