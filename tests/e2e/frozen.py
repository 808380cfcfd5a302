"""A platform in the simulator's market of one seed, led by hand to one moment and held there.

Every time, price and decision is the same in every run, so that pictures of pages can be compared.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from unittest.mock import patch

from solders.keypair import Keypair

from app import main
from app.engine.feed import MarketUpdate
from app.providers.gecko import read_swaps
from app.simulator import INDEX_MINT
from app.simulator.config import SimulatorConfig
from app.simulator.market import Market
from app.simulator.sentiment import explain
from app.simulator.signals import SignalDesk, SimSignal
from app.simulator.tokens import SimToken
from app.simulator.trades import TradeFeed
from app.trading.ids import SignalId, TokenId
from app.trading.inputs import CandleClosed, History, SignalArrived, SignalFailed, SignalScreened
from app.trading.market import Candle, Token
from app.trading.signals import Screened, Sentiment, Signal, screen
from tests.api.stage import Stage, running

SEED = 4
START = 1_767_614_400
"""Monday, 5 January 2026, 12:00 UTC, in Unix seconds."""
LENGTH = 240
"""Seconds that are played."""
WARM = 300
SECOND = 1_000
POLL = 0.01
KEY = Keypair.from_seed(b"a trader who has one look at it.")


class HeldClock:
    """A clock that stands until it is set."""

    def __init__(self, start: int) -> None:
        self.time = start

    def now(self) -> int:
        """Return the time in Unix milliseconds."""
        return self.time

    def monotonic(self) -> float:
        """Return seconds that never jump."""
        return self.time / SECOND

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock was set far enough."""
        end = self.time + seconds * SECOND
        while self.time < end:  # noqa: ASYNC110  # whoever sets the clock tells nobody
            await asyncio.sleep(POLL)


class Director:
    """Plays the simulator's market to a platform that nobody else feeds."""

    def __init__(self, stage: Stage, clock: HeldClock) -> None:
        self.stage = stage
        self.clock = clock
        self.market = Market(SimulatorConfig(seed=SEED, now=lambda: clock.time / SECOND))
        self.trades = TradeFeed(self.market)
        self.desk = SignalDesk(self.market.config, self.market.universe, START)
        self.watched: dict[SimToken, TokenId] = {}

    async def play(self) -> None:
        """Play it all: a signal at the start, then those of every slot."""
        await self._signal(self.desk.opening(START))
        slot = self.desk.slot_after(START)
        for second in range(START, START + LENGTH):
            self.clock.time = second * SECOND + 950
            while self.desk.slot_time(slot) <= second:
                await self._signal(self.desk.signal(slot))
                slot += 1
            await self._close(second)
        self.clock.time = (START + LENGTH) * SECOND

    def _candles(self, token: SimToken, start: int, end: int) -> list[Candle]:
        rows = self.market.seconds(token, start, end).tolist()
        times = range(start * SECOND, end * SECOND, SECOND)
        return [Candle(time, *row) for time, row in zip(times, rows, strict=True)]

    async def _close(self, second: int) -> None:
        """Close the second's candle of every token that is watched, in the order of its signals."""
        live, now = self.stage.live, self.clock.time
        for sim, token in self.watched.items():
            candle = self._candles(sim, second, second + 1)[0]
            await live.submit(CandleClosed(at=now, token=token, candle=candle))
            live.feed.update(MarketUpdate(mint=sim.mint, closed=[candle]), now)
        for sim in self.watched if second == START + LENGTH - 1 else ():
            texts = self.trades.newest(sim, 0.0)
            swaps, _ = read_swaps({"data": list(map(json.loads, texts))}, sim.mint)
            trades = [swap.trade for swap in swaps]
            live.feed.update(MarketUpdate(mint=sim.mint, trades=trades), now)

    async def _signal(self, said: SimSignal) -> None:
        """Let a signal come in, screened by what the simulator's crowd says."""
        live, now = self.stage.live, self.clock.time
        sim = self.market.universe.by_mint[said.mint]
        signal = Signal(
            mint=sim.mint,
            triggered_at=int(said.triggered_at * SECOND),
            received_at=now,
            unique_wallets=len(said.wallets),
            wallets=said.wallets,
            window_start=None,
            window_end=None,
            source="sse",
            payload=json.dumps(said.payload()),
        )
        number = SignalId(await live.submit(SignalArrived(at=now, signal=signal)))
        found = explain(SEED, sim, now / SECOND, 300)
        crowd = found.get("twitter_details")
        score = crowd["pos_pct"] if isinstance(crowd, dict) else None
        sentiment = Sentiment(
            score=score, mentions=crowd["total"] if isinstance(crowd, dict) else 0
        )
        token = Token(TokenId(0), sim.mint, sim.symbol, sim.decimals, sim.pool)
        failure = screen(sentiment, threshold=60.0, min_mentions=1)
        if failure is not None:
            await live.submit(
                SignalFailed(
                    at=now,
                    signal=number,
                    reason=failure,
                    token=token,
                    sentiment=sentiment,
                    limit=60.0,
                )
            )
            return
        screened = Screened(signal=number, token=token, sentiment=sentiment)
        known = TokenId(await live.submit(SignalScreened(at=now, screened=screened)))
        if sim not in self.watched:
            self.watched[sim] = known
            candles = self._candles(sim, int(now / SECOND) - WARM, int(now / SECOND))
            await live.submit(History(at=now, token=known, candles=candles))
            live.feed.update(MarketUpdate(mint=sim.mint, closed=candles), now)


async def join(stage: Stage) -> None:
    """Let the trader of KEY join, by the one way that gives everybody the same balance."""
    wallet = str(KEY.pubkey())
    made = await stage.client.post("/api/auth/challenge", json={"wallet_address": wallet})
    message = made.raise_for_status().json()["message"]
    signature = str(KEY.sign_message(message.encode()))
    body = {"wallet_address": wallet, "message": message, "signature": signature}
    (await stage.client.post("/api/auth/login", json=body)).raise_for_status()


@asynccontextmanager
async def frozen(folder: Path) -> AsyncIterator[Stage]:
    """Run the platform through its few minutes, and hold it there."""
    clock = HeldClock((START - 60) * SECOND)
    with patch.object(main, "chosen_clock", lambda _settings: clock):
        async with running(folder, simulator_seed=SEED, audit_at="never") as stage:
            director = Director(stage, clock)
            await join(stage)
            index = director.market.universe.by_mint[INDEX_MINT]
            candles = director._candles(index, START - WARM, START + LENGTH)
            stage.live.feed.update(MarketUpdate(mint=INDEX_MINT, closed=candles), clock.now())
            clock.time = START * SECOND
            await director.play()
            yield stage
