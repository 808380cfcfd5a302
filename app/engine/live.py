"""The live engine: one task takes what waits as a batch, commits what it causes, then tells.

    inbox --> engine.handle (pure) --> journal.commit (durable) --> answers and bus (visible)

A failed commit throws the engine away: a new one is built from the record and the batch is tried
again. A batch that cannot be handled or kept for a reason of its own is taken apart, and only the
input at fault is refused.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from time import perf_counter
from typing import NamedTuple

import structlog

from app.engine import tracing
from app.engine.feed import MarketFeed
from app.engine.publish import LocalBus
from app.engine.stages import Stages
from app.engine.timing import Timing
from app.engine.views import Views
from app.ports import Clock, Journal
from app.providers.bursts import Bursts
from app.store.errors import (
    LeaseLostError,
    NotInTimeError,
    StoreBusyError,
    StoreFullError,
    StoreUnavailableError,
)
from app.store.patience import in_time, patience, waited_in_vain
from app.trading.engine import Engine, Handled
from app.trading.inputs import Answer, Input, Refused
from app.trading.ledger import Changes

log = structlog.get_logger(__name__)

MOST_IN_BATCH = 5_000
MOST_WAITING = 20_000
FIRST_WAIT = 0.1
LONGEST_WAIT = 2.0
RECORD_SECONDS = 1.0
STUCK_SECONDS = 5.0
"""A batch that takes longer than this is not being kept, whatever the database says later."""

FAILING_SECONDS = 1.0
"""How long people wait, at most, while batches are known not to be kept."""

PASSING = (StoreBusyError, StoreFullError, StoreUnavailableError)
"""Faults of the database that may go away by themselves."""

INTERNAL = Refused(slug="internal-error", detail="this could not be done; nothing was changed")
TAKEN_OVER = "another process took the engine over"
INTERRUPTED = "the engine was interrupted; whether this was done, the record says"


class EngineAbsentError(Exception):
    """No engine runs in this process; the message says who runs it, if anybody."""


class InterruptedByFaultError(EngineAbsentError):
    """The engine stopped on the way; whether what was asked for was done, the record says."""


class UnansweredError(NotInTimeError):
    """The engine did not answer in time; what was asked for may still be done."""


class Recovered(NamedTuple):
    """An engine built from the record, and the number of the last batch in it."""

    engine: Engine
    batch: int


@dataclass(frozen=True, slots=True, eq=False)
class Waiting:
    """An input on its way into the record, since when, and who waits for its answer."""

    wish: Input
    reply: asyncio.Future[Answer] | None
    since: float = field(default_factory=perf_counter)


class Live:
    """The engine, its inbox and its listeners."""

    def __init__(
        self,
        recover: Callable[[], Awaitable[Recovered]],
        journal: Journal,
        clock: Clock,
        feed: MarketFeed,
    ) -> None:
        self._recover = recover
        self._journal = journal
        self._clock = clock
        self._bursts = Bursts(log, clock)
        self._inbox: deque[Waiting] = deque()
        self._news = asyncio.Event()
        self._room = asyncio.Event()
        self._durable = asyncio.Event()
        self._stopping = False
        self._reading = asyncio.Lock()
        self._record: Views | None = None
        self._record_at = 0.0
        self._engine: Engine | None = None
        self._views: Views | None = None
        self._batch = 0
        self.feed = feed
        self.bus = LocalBus()
        self._absent: str | None = None
        self._taken_since: float | None = None
        self._taken_at: float | None = None
        self.since = clock.now()
        """Since when an engine runs here, or none does."""
        self.lag = Timing()
        """From an input's entering to its being in the record."""
        self.stages = Stages()
        self.bus.subscribe(self.stages.committed)
        self.last_commit_at: int | None = None
        self.commits = 0
        self.failures = 0
        self.last_failure: str | None = None
        self.last_failure_at: int | None = None
        self._failing_since: int | None = None

    @property
    def absent(self) -> str | None:
        """Say why no engine runs here; None while one does."""
        return self._absent

    @absent.setter
    def absent(self, reason: str | None) -> None:
        if (reason is None) != (self._absent is None):
            self.since = self._clock.now()
        self._absent = reason

    @property
    def failing_since(self) -> int | None:
        """Say since when a batch is tried again and again, or not kept; None while they are."""
        if self._failing_since is not None or self._taken_at is None:
            return self._failing_since
        took = perf_counter() - self._taken_at
        return self._clock.now() - round(1000 * took) if took >= STUCK_SECONDS else None

    @property
    def oldest_wait(self) -> float:
        """Measure how long the oldest input on its way has waited by now, in seconds."""
        if self._taken_since is not None:
            return perf_counter() - self._taken_since
        return perf_counter() - self._inbox[0].since if self._inbox else 0.0

    async def submit(self, wish: Input) -> Answer:
        """Hand an input to the engine and wait until what it causes is durable.

        Raises EngineAbsentError when no engine runs here, NotInTimeError when whoever asks does
        not want to wait any longer: nothing was done then, and never will be, unless it is an
        UnansweredError.
        """
        reply: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        waiting = Waiting(wish, reply)
        if not await self._put(waiting):
            raise EngineAbsentError(self.absent)
        try:
            return await in_time(reply, self._patience(), "the engine did not answer")
        except NotInTimeError as error:
            if waiting in self._inbox:
                self._inbox.remove(waiting)
                raise
            raise UnansweredError(str(error)) from error

    def _patience(self) -> float | None:
        """Return how long whoever asks waits: not for a database that is known to be away."""
        seconds = patience()
        if seconds is None or self.failing_since is None:
            return seconds
        return min(seconds, FAILING_SECONDS)

    async def post(self, wish: Input) -> None:
        """Hand an input over without waiting for its answer; waits only for room in the inbox.

        Without an engine nobody wants it.
        """
        await self._put(Waiting(wish, None))

    async def _put(self, waiting: Waiting) -> bool:
        """Put an input into the inbox; False when no engine runs here."""
        while self._absent is None and len(self._inbox) >= MOST_WAITING:
            self._room.clear()
            await self._until(self._room, "the engine has no room")
        if self._absent is not None:
            return False
        self._inbox.append(waiting)
        self._news.set()
        return True

    async def settled(self) -> Views:
        """Wait until the memory equals the record; read the answer before the next await.

        Without an engine in this process it shows the record as another process keeps it, at most
        RECORD_SECONDS old. Raises what the store raises, and NotInTimeError.
        """
        while self.absent is None:
            if self._durable.is_set() and self._views is not None:
                return self._views
            await self._until(self._durable, "the engine could not write its last batch")
        return await self._from_record()

    async def _until(self, event: asyncio.Event, what: str) -> None:
        """Wait for an event as long as whoever asks does. Raises NotInTimeError."""
        seconds = self._patience()
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError as error:
            raise waited_in_vain(what, seconds) from error

    async def _from_record(self) -> Views:
        async with self._reading:
            now = self._clock.monotonic()
            if self._record is None or now - self._record_at > RECORD_SECONDS:
                recovered = await self._recover()
                self._record, self._record_at = Views(recovered.engine.state), now
            return self._record

    @property
    def memory(self) -> Views | None:
        """Show the memory as it is, perhaps ahead of the record; None without an engine."""
        return self._views

    @property
    def waiting(self) -> int:
        """Count the inputs in the inbox."""
        return len(self._inbox)

    async def start(self) -> None:
        """Build the engine from the record. Raises what the store raises."""
        recovered = await self._recover()
        self._engine, self._batch = recovered.engine, recovered.batch
        self._views = Views(recovered.engine.state)
        self._durable.set()

    async def run(self) -> None:
        """Take batches until `stop`. Raises LeaseLostError when another process took over."""
        if self._engine is None:
            await self.start()
        self._stopping = False
        while not self._stopping or self._inbox:
            if not self._inbox:
                self._news.clear()
                await self._news.wait()
                continue
            many = min(len(self._inbox), MOST_IN_BATCH)
            batch = [self._inbox.popleft() for _ in range(many)]
            self._room.set()
            self._taken_since, self._taken_at = batch[0].since, perf_counter()
            try:
                with tracing.span("batch", inputs=many):
                    await self._process(batch)
            except BaseException as error:
                self._abandon(batch, error)
                raise
            finally:
                self._taken_since = self._taken_at = None
            await asyncio.sleep(0)

    def stop(self) -> None:
        """Let `run` end once everything that waits is in the record."""
        self._stopping = True
        self._news.set()

    def leave(self, reason: str) -> None:
        """Leave the field: from now on, and for all who wait, no engine runs here."""
        self.absent = reason
        _interrupt(self._inbox, EngineAbsentError, reason)
        self._inbox.clear()
        self._room.set()
        self._durable.set()

    async def _process(self, batch: list[Waiting], *, again: bool = True) -> None:
        """Handle and keep a batch; whatever the fault, all of it is in the record or none."""
        number = self._batch + 1
        wait = 0.0
        while True:
            self._durable.clear()
            handled = None
            try:
                began = perf_counter()
                handled = self._engine_now().handle([waiting.wish for waiting in batch])
                self.stages.passes.add(perf_counter() - began)
                if handled.changes:
                    await self._commit(handled.changes, number)
                return self._finish(batch, handled)
            except LeaseLostError:
                raise
            except Exception as error:
                await asyncio.sleep(wait)
                await self._rebuild(error)
                if handled is not None and self._batch == number:
                    return self._finish(batch, handled)  # it was kept, only nobody heard of it
                if not isinstance(error, PASSING):
                    return await self._take_apart(batch, again=again)
            wait = min(max(2 * wait, FIRST_WAIT), LONGEST_WAIT)

    async def _commit(self, changes: Changes, number: int) -> None:
        began = perf_counter()
        with tracing.span("commit"):
            await self._journal.commit(changes, batch=number)
        self._batch = number
        self.stages.commits.add(perf_counter() - began)

    def _engine_now(self) -> Engine:
        if self._engine is None:
            raise RuntimeError("the engine was not started")
        return self._engine

    def _finish(self, batch: list[Waiting], handled: Handled) -> None:
        """Tell: first those who asked, then everybody who listens."""
        self._durable.set()
        self._measure(batch)
        if handled.changes:
            self.commits += 1
            self.last_commit_at = self._clock.now()
        for waiting, answer in zip(batch, handled.answers, strict=True):
            _reply(waiting, answer)
        if handled.changes:
            self.bus.publish(handled.changes)

    def _measure(self, batch: list[Waiting]) -> None:
        """Note how long the inputs of a batch that is kept were on their way."""
        now, many = perf_counter(), len(batch)
        entered = sum(waiting.since for waiting in batch)
        self.lag.add_many(many, max(0.0, many * now - entered), now - batch[0].since)
        self.stages.inputs.add(many)
        self.stages.lag.add(now - batch[0].since)
        if self._failing_since is not None:
            seconds = (self._clock.now() - self._failing_since) / 1000
            log.warning("batches are kept again", after_seconds=seconds)
            self._failing_since = None

    async def _take_apart(self, batch: list[Waiting], *, again: bool) -> None:
        """Process the inputs of a batch that failed one by one; refuse the one that fails alone.

        An input that was alone from the beginning gets a second chance with the engine built anew,
        which sets aside what is not sound.
        """
        if len(batch) > 1:
            for waiting in batch:
                await self._process([waiting], again=False)
        elif again:
            await self._process(batch, again=False)
        else:
            log.error("input refused", input=type(batch[0].wish).__name__, at=batch[0].wish.at)
            _reply(batch[0], INTERNAL)

    async def _rebuild(self, error: Exception) -> None:
        """Throw the engine away and build it from the record, however long that takes."""
        self.failures += 1
        self.last_failure = f"{type(error).__name__}: {error}"
        self.last_failure_at = self._clock.now()
        if self._failing_since is None:
            self._failing_since = self.last_failure_at
        self._bursts.warn("batch not kept", error=self.last_failure)
        self._engine = None
        wait = FIRST_WAIT
        while True:
            try:
                await self.start()
            except PASSING as again:
                self._bursts.warn("record not readable", error=str(again))
                await asyncio.sleep(wait)
                wait = min(2 * wait, LONGEST_WAIT)
            else:
                return

    def _abandon(self, batch: list[Waiting], error: BaseException) -> None:
        """Forget a memory that may be ahead of the record; those who waited get no answer."""
        self._engine = None
        lost = isinstance(error, LeaseLostError)
        if lost:
            _interrupt(batch, EngineAbsentError, TAKEN_OVER)
            self.leave(TAKEN_OVER)
        else:
            _interrupt(batch, InterruptedByFaultError, INTERRUPTED)


def _interrupt(those: Iterable[Waiting], kind: type[EngineAbsentError], reason: str) -> None:
    for waiting in those:
        if waiting.reply is not None and not waiting.reply.done():
            waiting.reply.set_exception(kind(reason))


def _reply(waiting: Waiting, answer: Answer) -> None:
    if waiting.reply is not None and not waiting.reply.done():
        waiting.reply.set_result(answer)
