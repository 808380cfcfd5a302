"""The background of a running platform: the lease, the engine, and the tasks that feed it.

    lease held --> engine built from the record --> listen, screen, watch, beat, renew
    lease lost --> all of these stop, nothing more is written --> ask for the lease again

A process that does not get the lease serves people without an engine and says who runs it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import structlog

from app.engine.auditing import Auditing, Auditor
from app.engine.backing_up import Backups
from app.engine.feed import MarketFeed
from app.engine.live import PASSING, TAKEN_OVER, Live, Recovered
from app.engine.pipeline.listen import ToScreen, listen
from app.engine.pipeline.name import Namer
from app.engine.pipeline.screen import Screener, Screening
from app.engine.pipeline.watch import Watcher, Watching
from app.engine.pulse import Pulse
from app.engine.replaying import Checker, Checking
from app.engine.supervise import Supervisor
from app.engine.warm import compiled_exits
from app.engine.watchdog import Watchdog
from app.ports import Clock, SignalSource, SymbolDirectory
from app.providers.bursts import Bursts
from app.store.errors import LeaseHeldError, LeaseLostError
from app.store.journal import Journal
from app.store.lease import Lease
from app.trading import exits
from app.trading.inputs import Beat
from app.trading.kernels import install

log = structlog.get_logger(__name__)

LEASE_MS = 3_000
RENEW_SECONDS = 1.0
BEAT_SECONDS = 1.0
STOP_SECONDS = 3.0
TO_SCREEN = 1_000
MOST_READS = 5

Snapshot = Callable[[], Mapping[str, object]]
Chore = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """What a platform runs on, made by whoever starts it.

    With `checking` every closed trade is run again, with `auditing` the record is proved every
    night. `chores` run in the background beside the engine, each for ever; `snapshots` are the
    providers' own words for the status, `answers` how often each service answered so far.
    """

    clock: Clock
    journal: Journal
    owner: str
    recover: Callable[[int], Awaitable[Recovered]]
    signals: SignalSource
    screening: Screening
    watching: Watching
    symbols: SymbolDirectory
    index: str
    checking: Checking | None = None
    auditing: Auditing | None = None
    backups: Backups | None = None
    chores: Mapping[str, Chore] = field(default_factory=dict)
    snapshots: Mapping[str, Snapshot] = field(default_factory=dict)
    answers: Callable[[], Mapping[str, int]] = dict


class Platform:
    """Runs the engine and what feeds it, as long as this process holds the lease."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        self._outer = Supervisor(wiring.clock)
        self._inner = Supervisor(wiring.clock)
        self._lease = Lease(wiring.journal, wiring.owner, LEASE_MS)
        self._bursts = Bursts(log, wiring.clock)
        self._screener: Screener | None = None
        self._watcher: Watcher | None = None
        self._namer: Namer | None = None
        self._checker: Checker | None = None
        self._auditor: Auditor | None = None
        self.feed = MarketFeed(wiring.index)
        self.live = Live(self._recover, wiring.journal, wiring.clock, self.feed)
        self.live.absent = "the engine is starting"
        self.pulse = Pulse(self.live, wiring.clock, wiring.answers)
        self.watchdog = Watchdog(wiring.clock)

    async def start(self, *, engine: bool) -> None:
        """Take the lease and build the engine, or leave it to whoever has it."""
        self._outer.start("pulse", self.pulse.run)
        if not engine:
            self.live.absent = "this process serves without an engine"
            return
        try:
            await self._acquire()
        except LeaseHeldError as held:
            self.live.absent = f"the engine runs in {held.owner}"
            log.warning("lease held", owner=held.owner)
        self._outer.start("engine", self._reign)

    async def stop(self) -> None:
        """Stop what feeds the engine, commit what waits, give the lease back."""
        await self._inner.stop_but("engine loop")
        self.live.stop()
        await self._inner.wait_for("engine loop", STOP_SECONDS)
        await self._inner.stop()
        await self._outer.stop()
        self.live.leave("the platform stopped")
        if self._wiring.journal.lease is not None:
            with suppress(*PASSING):  # it runs out by itself
                await self._lease.release()

    def status(self) -> dict[str, object]:
        """Say how every task, feed and provider is."""
        states = {**self._outer.states, **self._inner.states}
        watcher, screener = self._watcher, self._screener
        return {
            "engine": self.live.absent or "running",
            "owner": self._wiring.owner,
            "tasks": {name: _shown(state) for name, state in states.items()},
            "healthy": self.live.absent is None and self._inner.healthy(),
            "waiting": self.live.waiting,
            "commits": self.live.commits,
            "failures": self.live.failures,
            "last_commit_at": self.live.last_commit_at,
            "last_failure": self.live.last_failure,
            "last_failure_at": self.live.last_failure_at,
            "failing_since": self.live.failing_since,
            "since": self.live.since,
            "tokens_watched": watcher.watched if watcher else 0,
            "prices_seen_at": dict(watcher.ages) if watcher else {},
            "prices_suspect": watcher.suspect if watcher else 0,
            "candles_refused": watcher.refused if watcher else 0,
            "to_screen": screener.waiting if screener else 0,
            "screened": screener.screened if screener else 0,
            "screenings_failed": dict(screener.failed) if screener else {},
            "symbols_unresolved": dict(self._namer.unresolved) if self._namer else {},
            "loop": self.watchdog.snapshot(),
            "replays": self._checker.snapshot() if self._checker else {},
            "audit": self._auditor.snapshot() if self._auditor else {},
            "backup": self._wiring.backups.snapshot() if self._wiring.backups else {},
            "providers": {name: dict(show()) for name, show in self._wiring.snapshots.items()},
        }

    async def _recover(self) -> Recovered:
        """Read the record whole: again, when another process wrote to it meanwhile."""
        batch = (await self._lease.state()).batch
        for _ in range(MOST_READS):
            recovered = await self._wiring.recover(batch)
            newest = (await self._lease.state()).batch
            if newest == batch:
                break
            batch = newest
        return recovered

    async def _acquire(self) -> None:
        """Take the lease and build the engine. Raises LeaseHeldError."""
        await self._lease.acquire()
        await self.live.start()
        self.live.absent = None

    async def _reign(self) -> None:
        """Run everything while the lease is ours; ask for it again when it is not."""
        while True:
            if self.live.absent is not None:
                await self._wait_for_lease()
            self._start_tasks()
            try:
                await self._keep_lease()
            except LeaseLostError as lost:
                log.warning("lease lost", error=str(lost))
                self.live.leave(TAKEN_OVER)
            finally:
                await self._inner.stop_but("engine loop")
                self.live.stop()
                await self._inner.wait_for("engine loop", STOP_SECONDS)

    async def _wait_for_lease(self) -> None:
        while True:
            try:
                await self._acquire()
            except LeaseHeldError as held:
                self.live.absent = f"the engine runs in {held.owner}"
                await asyncio.sleep(min(max(held.expires_in_ms, 50) / 1000, RENEW_SECONDS))
            except PASSING as error:
                self.live.absent = "the database cannot be read"
                self._bursts.warn("engine not taken", error=str(error))
                await asyncio.sleep(RENEW_SECONDS)
            else:
                return

    async def _keep_lease(self) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            try:
                await self._lease.renew()
            except PASSING as error:  # the engine waits too, and the fence holds meanwhile
                self._bursts.warn("lease not renewed", error=str(error))

    def _start_tasks(self) -> None:
        wiring, live, clock = self._wiring, self.live, self._wiring.clock
        queue: ToScreen = asyncio.Queue(TO_SCREEN)
        screener = Screener(wiring.screening, live, clock, queue)
        watcher = Watcher(wiring.watching, live, clock, self.feed)
        namer = Namer(
            live=live,
            clock=clock,
            tokens=wiring.screening.tokens,
            symbols=wiring.symbols,
            candles=wiring.watching.candles,
        )
        self._screener, self._watcher, self._namer = screener, watcher, namer
        start = self._inner.start
        start("engine loop", live.run)
        start("listen", lambda: listen(wiring.signals, live, clock, queue))
        start("screen", screener.run)
        start("name", namer.run)
        start("watch", watcher.run)
        start("index", lambda: watcher.run_index(wiring.index))
        start("beat", self._beat)
        start("compile", self._compile)
        if wiring.checking is not None:
            self._checker = Checker(wiring.checking, live, clock)
            start("replay", self._checker.run)
        if wiring.auditing is not None:
            self._auditor = Auditor(wiring.auditing, live, clock)
            start("audit", self._auditor.run)
        if wiring.backups is not None:
            start("backup", wiring.backups.run)
        for name, chore in wiring.chores.items():
            start(name, chore)

    async def _compile(self) -> None:
        """Compile the exit machine once there is enough for it to do."""
        while True:
            views = await self.live.settled()
            if views.is_busy():
                break
            await asyncio.sleep(BEAT_SECONDS)
        twins = await asyncio.to_thread(compiled_exits)
        await self.live.settled()
        install(exits, twins)

    async def _beat(self) -> None:
        while True:
            await self.live.post(Beat(at=self._wiring.clock.now()))
            await self._wiring.clock.sleep(BEAT_SECONDS)


def _shown(state: object) -> dict[str, object]:
    return {name: getattr(state, name) for name in ("state", "since", "restarts", "last_error")}
