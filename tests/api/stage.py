"""The whole platform on loopback with a market that the test plays: signals and candles by hand."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI
from limits import RateLimitItemPerMinute
from solders.keypair import Keypair
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from app.api.rates import LIMITS, Rates
from app.config import Settings
from app.engine.feed import MarketUpdate
from app.main import create_app
from app.ports import Clock
from app.simulator.embed import listen
from app.trading.ids import SignalId, TokenId
from app.trading.inputs import CandleClosed, History, SignalArrived, SignalScreened
from app.trading.market import Candle, Token
from app.trading.signals import Screened, Sentiment, Signal
from tests.openapi import openapi_text

NOWHERE = "http://127.0.0.1:9"
SECOND = 1_000
ENDLESS = 10**9


def settings(folder: Path, **changes: Any) -> Settings:
    """Make settings for a platform that nobody outside feeds."""
    values: dict[str, Any] = {
        "database_url": f"sqlite+aiosqlite:///{folder}/record.db",
        "data_dir": folder,
        "simulator": False,
        "signals_url": NOWHERE,
        "sentiment_url": NOWHERE,
        "candles_url": NOWHERE,
        "candles_timeframe": "1s",
        "log_level": "CRITICAL",
    }
    return Settings(_env_file=None, **{**values, **changes})


def generous() -> Rates:
    """Make limits that no test meets by accident."""
    return Rates(dict.fromkeys(LIMITS, RateLimitItemPerMinute(ENDLESS)))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who registered."""

    wallet: str
    number: int
    token: str
    secret_key: str

    @property
    def headers(self) -> dict[str, str]:
        """Sign a request."""
        return {"Authorization": f"Bearer {self.token}"}


class Stage:
    """A running platform and what a test does to it."""

    def __init__(self, app: FastAPI, port: int, client: httpx.AsyncClient) -> None:
        self.app = app
        self.port = port
        self.client = client
        self._signals = 0
        self._last_candle: dict[int, int] = {}

    @property
    def live(self) -> Any:
        """Return the engine."""
        return self.app.state.live

    def now(self) -> int:
        """Return the platform's time."""
        clock: Clock = self.app.state.clock
        return clock.now()

    async def register(self) -> Person:
        """Let somebody join."""
        made = (await self.client.post("/api/register")).raise_for_status().json()
        number = (await self.live.settled()).wallet_id(made["wallet_address"])
        return Person(made["wallet_address"], number, made["token"], made["secret_key"])

    async def get(self, person: Person, path: str, **params: Any) -> Any:
        """Read something as somebody; `{}` in the path stands for the wallet."""
        response = await self.client.get(
            path.format(person.wallet), headers=person.headers, params=params
        )
        assert response.status_code == 200, response.text
        return response.json()

    async def token(self, symbol: str = "BONK", *, score: float = 80.0) -> Token:
        """Let a signal on a new token come in and pass: it is watched from now on."""
        self._signals += 1
        now, mint = self.now(), str(Keypair().pubkey())
        signal = Signal(
            mint=mint,
            triggered_at=now,
            received_at=now,
            unique_wallets=5,
            wallets=(),
            window_start=None,
            window_end=None,
            source="test",
            payload="{}",
        )
        number = await self.live.submit(SignalArrived(at=now, signal=signal))
        token = Token(TokenId(0), mint, symbol, 6)
        screened = Screened(
            signal=SignalId(number), token=token, sentiment=Sentiment(score=score, mentions=12)
        )
        token_id = await self.live.submit(SignalScreened(at=now, screened=screened))
        return Token(TokenId(token_id), mint, symbol, 6)

    async def calm(self, token: Token, price: float) -> None:
        """Let a token stand still for a while, long enough for every strategy."""
        end = self.now() // SECOND * SECOND - 200 * SECOND
        candles = [
            Candle(end - ago * SECOND, price, price, price, price, 1e6) for ago in range(60, 0, -1)
        ]
        await self.live.submit(History(at=self.now(), token=token.id, candles=candles))
        self._last_candle[token.id] = candles[-1].time

    async def close(self, token: Token, price: float) -> None:
        """Close the token's next candle at a price."""
        now = self.now()
        opened = max(self._last_candle[token.id] + SECOND, now - now % SECOND)
        self._last_candle[token.id] = opened
        candle = Candle(opened, price, price, price, price, 1e6)
        await self.live.submit(CandleClosed(at=self.now(), token=token.id, candle=candle))

    async def bought(self, symbol: str = "BONK", price: float = 0.001) -> Token:
        """Let every wallet buy a new token: it stands still, then rises."""
        token = await self.token(symbol)
        await self.calm(token, price)
        await self.close(token, price * 1.02)
        return token

    @contextlib.asynccontextmanager
    async def socket(self, **headers: str) -> AsyncIterator[ClientConnection]:
        """Open a WebSocket."""
        url = f"ws://127.0.0.1:{self.port}/ws"
        async with connect(url, additional_headers=headers, compression=None) as opened:
            yield opened

    @contextlib.asynccontextmanager
    async def signed_in(
        self, person: Person, after: int | None = None
    ) -> AsyncIterator[ClientConnection]:
        """Open a WebSocket and sign in."""
        async with self.socket() as opened:
            data = {"token": person.token, "wallet_address": person.wallet}
            await say(opened, "AUTH", data if after is None else {**data, "after": after})
            yield opened


async def say(socket: ClientConnection, kind: str, data: Any = None) -> None:
    """Send a frame."""
    await socket.send(json.dumps({"type": kind} if data is None else {"type": kind, "data": data}))


async def hear(socket: ClientConnection, kind: str, seconds: float = 5.0) -> Any:
    """Wait for the next frame of a kind."""
    async with asyncio.timeout(seconds):
        while True:
            frame = json.loads(await socket.recv())
            if frame["type"] == kind:
                return frame


async def hear_update(socket: ClientConnection, name: str, seconds: float = 5.0) -> Any:
    """Wait for the next UPDATE that holds something."""
    async with asyncio.timeout(seconds):
        while True:
            frame = json.loads(await socket.recv())
            if frame["type"] == "UPDATE" and name in frame["data"]:
                return frame["data"]


async def closed(socket: ClientConnection) -> tuple[int | None, list[Any]]:
    """Read until the end; answers the code and what was said."""
    said = []
    try:
        async with asyncio.timeout(10):
            while True:
                said.append(json.loads(await socket.recv()))
    except ConnectionClosed:
        return socket.close_code, said


def move(stage: Stage, mint: str, price: float, at: int) -> None:
    """Let a token's candle form."""
    candle = Candle(at * 1000, price, price, price, price, 1.0)
    stage.live.feed.update(MarketUpdate(mint=mint, forming=candle), stage.now())


async def until(holds: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110  # what is waited for tells nobody
            await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def running(folder: Path, rates: Rates | None = None, **changes: Any) -> AsyncIterator[Stage]:
    """Run the platform on a free port."""
    with listen() as listening:
        port = listening.getsockname()[1]
        app = create_app(settings(folder, port=port, **changes))
        app.state.rates.limits = (rates or generous()).limits
        app.state.openapi_text = openapi_text
        config = uvicorn.Config(
            app,
            ws="websockets-sansio",
            ws_per_message_deflate=False,
            ws_max_size=64 * 1024,
            log_level="critical",
            timeout_graceful_shutdown=2,
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            if serving.done():
                await serving
            await asyncio.sleep(0.02)
        base = f"http://127.0.0.1:{port}"
        try:
            # One id for all requests, so that equal answers are equal to the byte.
            same = {"X-Request-ID": "any-request"}
            async with httpx.AsyncClient(base_url=base, timeout=20, headers=same) as client:
                yield Stage(app, port, client)
        finally:
            server.should_exit = True
            await serving
