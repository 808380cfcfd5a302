"""The whole platform and a recorded market on one clock that goes on only when everybody rests.

Time stands still while anybody works. The driver moves it to the next candle, wakes those whose
sleep is over one after the other, in the order of their names, and waits each time until what that
one caused is in the record. So a run is as fast as the machine and always the same.
"""

import asyncio
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from weakref import WeakSet

from fastapi import FastAPI

from app import main, strategies
from app.config import Settings
from app.engine.live import Live
from app.simulator import EmbeddedSimulator, RecordedConfig, create_recorded_market, embed
from app.simulator.recordings import Playback
from app.trading.ids import WalletId
from app.trading.inputs import ChangeSettings, Register
from app.trading.ledger import Changes, SignalUpdate
from app.trading.plans import ANY_SYMBOL, Profile
from tests.recorded.reading import LAG_MS, SIGNAL_LAG_MS

PATIENCE_SECONDS = 30.0


@dataclass(eq=False)
class Sleeper:
    """A task that sleeps until a time, Unix ms."""

    name: str
    task: asyncio.Task[object]
    until: int
    woken: asyncio.Future[None]


class LockstepClock:
    """A clock that its driver turns."""

    def __init__(self, time: int) -> None:
        self.time = time
        self._began = time
        self._sleepers: list[Sleeper] = []
        self._known: WeakSet[asyncio.Task[object]] = WeakSet()
        self._changed = asyncio.Event()

    def now(self) -> int:
        return self.time

    def monotonic(self) -> float:
        return (self.time - self._began) / 1_000

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None
        until = self.time + round(seconds * 1_000)
        sleeper = Sleeper(task.get_name(), task, until, loop.create_future())
        self._sleepers.append(sleeper)
        if task not in self._known:
            self._known.add(task)
            task.add_done_callback(lambda _: self.poke())
        self.poke()
        try:
            await sleeper.woken
        finally:
            self._sleepers.remove(sleeper)

    def due(self) -> Sleeper | None:
        """Return the first by name whose sleep is over."""
        over = [one for one in self._sleepers if one.until <= self.time and not one.woken.done()]
        return min(over, key=lambda sleeper: sleeper.name, default=None)

    def asleep(self) -> set[str]:
        return {sleeper.name for sleeper in self._sleepers if not sleeper.woken.done()}

    async def wake(self, sleeper: Sleeper) -> None:
        """Let one go on until it sleeps again or ends."""
        sleeper.woken.set_result(None)
        await self.until(lambda: sleeper.task.done() or self._sleeps_again(sleeper))

    def _sleeps_again(self, before: Sleeper) -> bool:
        return any(one.task is before.task and one is not before for one in self._sleepers)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds that can only change when somebody falls asleep or ends."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not holds():
                self._changed.clear()
                await self._changed.wait()

    def poke(self) -> None:
        """Make `until` look again."""
        self._changed.set()


@dataclass(eq=False)
class Run:
    """A running platform beside its market, and the means to go on."""

    clock: LockstepClock
    app: FastAPI
    market: EmbeddedSimulator
    signals: list[int]
    """When the market signals, Unix ms."""
    screened: set[int] = field(default_factory=set)

    @property
    def live(self) -> Live:
        live: Live = self.app.state.live
        return live

    @property
    def playback(self) -> Playback:
        playback: Playback = self.market.app.state.playback
        return playback

    def hear(self, changes: Changes) -> None:
        """Note which signals the platform has screened."""
        self.screened |= {row.id for row in changes if isinstance(row, SignalUpdate)}
        self.clock.poke()

    async def register(self, address: str, lamports: int, profile: Profile | None) -> int:
        at = self.clock.now()
        wallet = await self.live.submit(
            Register(at=at, wallet_address=address, kind="synthetic", lamports=lamports)
        )
        assert isinstance(wallet, int)
        if profile is not None:
            wish = ChangeSettings(
                at=at, wallet=WalletId(wallet), symbol=ANY_SYMBOL, body="{}", profile=profile
            )
            assert await self.live.submit(wish) == 1
        return wallet

    async def play(self, candles: int) -> None:
        """Go on by some candles: each time to the signals inside one, then to its close."""
        length = self.playback.length
        for _ in range(candles):
            closes = self.clock.now() // length * length + length
            later = self.signals[bisect_right(self.signals, closes - length) :][:1]
            if later and later[0] < closes:
                await self.go(later[0] + SIGNAL_LAG_MS)
            await self.go(closes + LAG_MS)

    async def go(self, time: int) -> None:
        """Move the clock and let everybody do what is due, one after the other."""
        self.clock.time = time
        while (sleeper := self.clock.due()) is not None:
            await self.clock.wake(sleeper)
            if sleeper.name == "signals":
                await self._signalled()
            if sleeper.name == "watch":
                await self._watching()
            await self._drained()

    async def settle(self) -> None:
        """Wait until the platform has started: it hears signals and its tasks rest."""
        names = {"beat", "index", "signals", "watch"}
        await self.clock.until(lambda: names <= self.clock.asleep())

    async def _signalled(self) -> None:
        """Wait until what was signalled is screened and the stream waits for the next."""
        sent = bisect_right(self.signals, self.clock.time)
        ended = sent == len(self.signals)
        await self.clock.until(
            lambda: len(self.screened) == sent and (ended or "signals" in self.clock.asleep())
        )

    async def _watching(self) -> None:
        """Wait until every live token has a poller that has taken what there was."""
        names = {f"watch {one.symbol}" for one in (await self.live.settled()).live_tokens()}
        await self.clock.until(lambda: names <= self.clock.asleep())

    async def _drained(self) -> None:
        """Wait until every input is in the record."""
        await self.live.settled()
        while self.live.waiting:
            await asyncio.sleep(0)
            await self.live.settled()


@asynccontextmanager
async def running(
    recordings: Path, data: Path, *, start: int, signals_every: int, fees: int, slippage: int
) -> AsyncIterator[Run]:
    """Serve the recordings from a time on (Unix ms) and start the platform beside them."""
    clock = LockstepClock(start + LAG_MS)
    config = RecordedConfig(folder=recordings, signals_every=signals_every)
    async with AsyncExitStack() as stack:
        market = await embed(create_recorded_market(config, clock))
        stack.push_async_callback(market.stop)
        schedule = market.app.state.signals.schedule(clock.now())
        app = FastAPI()
        app.state.clock = clock
        app.state.strategies = strategies.load()
        app.state.settings = Settings(
            _env_file=None,
            data_dir=data,
            database_url=f"sqlite+aiosqlite:///{data / 'test.db'}",
            simulator=False,
            signals_url=market.base_url,
            tokens_url=market.base_url,
            sentiment_url=market.base_url,
            candles_url=market.base_url,
            candles_timeframe="5m",
            fees_bps=fees,
            slippage_bps=slippage,
        )
        await main.start(app, stack)
        run = Run(clock, app, market, [at for at, _ in schedule])
        stack.callback(run.live.bus.subscribe(run.hear))
        await run.settle()
        yield run
