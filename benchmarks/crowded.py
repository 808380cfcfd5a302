"""A platform whose one trader holds a hundred positions, and a market that moves them.

The whole application serves; only the outside is played: signals, candles and trades are handed to
the engine and the feed where the pollers would. `/bench/…` leads it:

    POST /bench/hold?many=100        the one who registered buys so many tokens
    POST /bench/play?rate=20&churn=0 so many prices a second, in turns; every `churn` seconds of the
                                     platform's time the oldest position is sold and another bought
    GET  /bench/count                how many prices there were

Prices stay within two percent, so that no exit fires by itself.
"""

import asyncio
import itertools
import json
import random
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs

from starlette.types import Receive, Scope, Send

from app import main
from app.api.shapes.settings import SettingIn
from app.api.wishes import profile_of
from app.config import Settings
from app.engine.clock import ScaledClock
from app.engine.feed import MarketUpdate
from app.engine.platform import Wiring
from app.ports import CandlePage, MarketTrade
from app.trading.ids import SignalId, TokenId, WalletId
from app.trading.inputs import (
    Beat,
    CandleClosed,
    ChangeSettings,
    ClosePosition,
    History,
    SignalArrived,
    SignalScreened,
)
from app.trading.market import Candle, Token
from app.trading.plans import Profile
from app.trading.signals import Screened, Sentiment, Signal
from benchmarks.markets import address

NOWHERE = "http://127.0.0.1:9"
SECOND = 1_000
PRICE = 1e-5
BOUGHT_AT = 1.02
SWING = 0.02
CALM = 300
CALM_SWING = 0.004
WALLET = WalletId(1)
WISH = SettingIn.model_validate(
    {"risk_settings": {"max_open_positions": 1_000, "max_exposure": 1.0, "risk_per_trade": 0.005}}
)


class Silent:
    """A source of candles that never answers: this market comes from elsewhere."""

    async def pool(self, mint: str) -> str | None:
        """Find no pool."""
        raise await _never()

    async def candles(
        self, mint: str, pool: str, timeframe: str, limit: int, before: int | None = None
    ) -> CandlePage:
        """Have no candle."""
        raise await _never()

    async def trades(self, mint: str, pool: str) -> Sequence[MarketTrade]:
        """Have no trade."""
        raise await _never()


async def _never() -> Exception:
    endless: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()
    return await endless


@dataclass(slots=True)
class Held:
    """A token that is held, and the time of its last candle."""

    token: Token
    last: int


class Crowded:
    """The platform, and requests that make its market move."""

    def __init__(self, folder: str, speed: float = 1.0) -> None:
        self.clock = ScaledClock(time.time_ns() // 1_000_000, speed)
        self.count = 0
        self._drawn = random.Random(11)
        self._numbers = itertools.count(1)
        self._held: deque[Held] = deque()
        self._playing: asyncio.Task[None] | None = None
        settings = Settings(
            _env_file=None,
            database_url=f"sqlite+aiosqlite:///{folder}/crowded.db",
            data_dir=Path(folder),
            simulator=False,
            signals_url=NOWHERE,
            sentiment_url=NOWHERE,
            candles_url=NOWHERE,
            candles_timeframe="1s",
            log_level="CRITICAL",
        )
        self._app = main.create_app(settings, self.clock)
        self._wire = main.wire

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but what leads the market."""
        path = scope.get("path", "")
        if scope["type"] == "lifespan":
            with patch.object(main, "wire", self._quiet):
                await self._app(scope, receive, send)
        elif path.startswith("/bench/"):
            asked = parse_qs(scope["query_string"].decode())
            given = {name: float(values[0]) for name, values in asked.items()}
            told = await getattr(self, path.removeprefix("/bench/"))(**given)
            await _answer(send, json.dumps(told).encode())
        else:
            await self._app(scope, receive, send)

    async def hold(self, many: float) -> int:
        """Let the trader buy so many tokens."""
        profile = profile_of(WISH, self._app.state.strategies, Profile())
        body = WISH.model_dump_json(exclude_unset=True)
        wish = ChangeSettings(
            at=self.clock.now(), wallet=WALLET, symbol="*", body=body, profile=profile
        )
        await self._live.submit(wish)
        for _ in range(int(many)):
            await self._buy()
        return len((await self._live.settled()).positions(WALLET))

    async def play(self, rate: float, churn: float = 0.0) -> int:
        """Move prices from now on, so many a second; 0 stops it."""
        if self._playing is not None:
            self._playing.cancel()
            with suppress(asyncio.CancelledError):
                await self._playing
            self._playing = None
        if rate > 0:
            self._playing = asyncio.create_task(self._play(rate, churn * SECOND))
        return self.count

    async def told(self) -> int:
        """Tell how many prices there were."""
        return self.count

    @property
    def _live(self) -> Any:
        return self._app.state.live

    async def _quiet(self, *parts: Any) -> Wiring:
        """Wire the platform to a market that asks nobody."""
        wiring = await self._wire(*parts)
        return replace(wiring, watching=replace(wiring.watching, candles=Silent()))

    async def _play(self, rate: float, churn: float) -> None:
        began, given, last = time.monotonic(), 0, self.clock.now()
        while True:
            due = int((time.monotonic() - began) * rate)
            for _ in range(due - given):
                await self._move()
            given = max(due, given)
            if churn and self.clock.now() - last >= churn:
                last += int(churn)
                await self._sell()
                await self._buy()
            await asyncio.sleep(1 / rate)

    async def _move(self) -> None:
        """Close the next candle of the token whose turn it is."""
        held = self._held[0]
        self._held.rotate(-1)
        swing = 1 + SWING * (self._drawn.random() - 0.5)
        await self._close(held, PRICE * BOUGHT_AT * swing)
        self.count += 1

    async def _close(self, held: Held, price: float) -> None:
        now = self.clock.now()
        opened = max(held.last + SECOND, now - now % SECOND)
        candle = self._candle(opened, price)
        held.last = opened
        amount = 1 + self._drawn.random()
        trade = MarketTrade(
            id=f"{held.token.mint}{now}",
            time=now,
            side="buy",
            price=price,
            sol_amount=amount,
            token_amount=amount / price,
            wallet=None,
        )
        await self._live.post(CandleClosed(at=now, token=held.token.id, candle=candle))
        news = MarketUpdate(mint=held.token.mint, closed=[candle], trades=[trade])
        self._live.feed.update(news, now)

    def _candle(self, opened: int, close: float) -> Candle:
        """Draw a candle that ends at a price."""
        start = close * (1 + CALM_SWING * (self._drawn.random() - 0.5))
        high, low = 1.001 * max(start, close), 0.999 * min(start, close)
        return Candle(opened, start, high, low, close, 1e6)

    async def _buy(self) -> None:
        """Let a signal on a new token come in, pass and be bought."""
        number, now = next(self._numbers), self.clock.now()
        mint = address(2_000_000 + number)
        signal = Signal(
            mint=mint,
            triggered_at=now,
            received_at=now,
            unique_wallets=5,
            wallets=(),
            window_start=None,
            window_end=None,
            source="benchmark",
            payload="{}",
        )
        arrived = await self._live.submit(SignalArrived(at=now, signal=signal))
        screened = Screened(
            signal=SignalId(arrived),
            token=Token(TokenId(0), mint, f"COIN{number}", 6),
            sentiment=Sentiment(score=80.0, mentions=12),
        )
        known = await self._live.submit(SignalScreened(at=now, screened=screened))
        token = Token(TokenId(known), mint, f"COIN{number}", 6)
        end = now // SECOND * SECOND - 2 * SECOND
        calm = [self._candle(end - ago * SECOND, PRICE) for ago in range(CALM, 0, -1)]
        await self._live.submit(History(at=now, token=token.id, candles=calm))
        self._live.feed.update(MarketUpdate(mint=mint, closed=calm), now)
        held = Held(token, calm[-1].time)
        await self._close(held, PRICE * BOUGHT_AT)
        await self._live.submit(Beat(at=self.clock.now()))
        self._held.append(held)

    async def _sell(self) -> None:
        """Sell the position that was bought first."""
        oldest = min(self._held, key=lambda held: held.token.id)
        self._held.remove(oldest)
        wish = ClosePosition(
            at=self.clock.now(), wallet=WALLET, mint=oldest.token.mint, portion=1.0
        )
        await self._live.submit(wish)


async def _answer(send: Send, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
