"""A platform in the middle of trading, and what people, prices and logs do while something is away.

Before: two traders hold a coin, a socket is open, wallets register one after another.
Away:   the coin falls below every stop, a signal comes, everybody asks every route.
After:  the stops are filled, the signal is there, nothing acknowledged is missing, the sums agree.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, MutableMapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
from solders.keypair import Keypair

from app.engine.audit import audit
from app.store.wallets import all_wallets
from app.trading.inputs import SignalArrived
from app.trading.signals import Signal
from tests.api.stage import Person, Stage, closed, hear, say
from tests.api.test_access import ask, operations
from tests.logs import heard

PATIENCE = 60.0
"""A bound for machines that are busy; what it really took is told."""

COME_BACK = 1013
"""The code of a socket that may try again later."""

LEFT_OUT = {
    ("post", "/api/auth/logout"),  # who asks needs the session
    ("post", "/api/auth/refresh"),
    ("post", "/api/backtests"),  # a run that is taken computes, and that is no part of this
    ("post", "/api/sweeps"),
}
OWN_SHAPE = {"/readyz"}
"""What answers 503 in its own words."""


@dataclass(slots=True)
class Told:
    """What a test saw; times in seconds."""

    resumed: float = 0.0
    slowest: float = 0.0
    away: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    states: list[str] = field(default_factory=list)
    ready: list[int] = field(default_factory=list)
    acknowledged: int = 0
    lines: list[MutableMapping[str, Any]] = field(default_factory=list)

    def __str__(self) -> str:
        """Say it in a line, for whoever measures."""
        return (
            f"away {self.away:.1f} s, exits resumed after {self.resumed:.2f} s, "
            f"slowest answer {self.slowest:.2f} s, answers {dict(self.statuses)}, "
            f"engine {sorted(set(self.states))}, readyz {sorted(set(self.ready))}, "
            f"{self.acknowledged} writes acknowledged, {len(self.lines)} lines logged"
        )


def signal_of(stage: Stage) -> Signal:
    """Make a signal on a token that nobody knows."""
    now = stage.now()
    return Signal(
        mint=str(Keypair().pubkey()),
        triggered_at=now,
        received_at=now,
        unique_wallets=5,
        wallets=(),
        window_start=None,
        window_end=None,
        source="test",
        payload="{}",
    )


class Outage:
    """Plays the three acts on a stage."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.told = Told()
        stage.client.timeout = httpx.Timeout(PATIENCE)
        self._acknowledged: list[str] = []

    async def survives(self, fault: AbstractAsyncContextManager[Any], seconds: float) -> Told:
        """Let something be away for so many seconds; fails when anything is lost or unsaid."""
        stage, told = self.stage, self.told
        trader, other = await stage.register(), await stage.register()
        coin = await stage.bought()
        assert await self._open(trader) == 1
        signal = signal_of(stage)
        loop = asyncio.get_running_loop()
        async with stage.signed_in(trader) as socket, self._load(), self._looks(trader):
            await hear(socket, "UPDATE")  # the last thing that a new socket is told
            with heard() as lines:
                async with _beside(_alive(socket)), fault:
                    began = loop.time()
                    fall = asyncio.create_task(stage.close(coin, 0.0001))
                    arrives = asyncio.create_task(
                        stage.live.submit(SignalArrived(at=stage.now(), signal=signal))
                    )
                    await self._everybody_asks(other)
                    await self._knocks(other)
                    await asyncio.sleep(max(0.0, seconds - (loop.time() - began)))
                healed = loop.time()
                told.away = healed - began
                async with asyncio.timeout(PATIENCE):
                    await asyncio.gather(fall, arrives)
                    await self._hear_exit(socket)
                    told.resumed = loop.time() - healed
                    while await self._open(trader) or await self._open(other):
                        pass
            told.lines = [line for line in lines if _is_trouble(line)]
        await self._nothing_is_lost(signal, arrives.result())
        return told

    async def _hear_exit(self, socket: Any) -> None:
        """Wait for the exit on the socket that was open all the time."""
        while True:
            event = await hear(socket, "EVENT", PATIENCE)
            if event["data"]["kind"] == "TradeClosed":
                return

    async def _open(self, person: Person) -> int:
        """Count somebody's open positions, with the patience of a page that asks again."""
        while True:
            answer = await self.stage.client.get(
                f"/api/positions/{person.wallet}", headers=person.headers
            )
            if answer.status_code == 200:
                return len(answer.json()["items"])
            self._judge("/api/positions", answer)
            await asyncio.sleep(0.1)

    @asynccontextmanager
    async def _load(self) -> AsyncIterator[None]:
        """Let wallets register one after another; remember those that were told they had."""

        async def register() -> None:
            while True:
                answer = await self.stage.client.post("/api/register")
                self._judge("/api/register", answer)
                if answer.is_success:
                    self._acknowledged.append(answer.json()["wallet_address"])
                await asyncio.sleep(0.02)

        async with _beside(register()):
            yield

    @asynccontextmanager
    async def _looks(self, person: Person) -> AsyncIterator[None]:
        """Let somebody look at the status again and again."""

        async def look() -> None:
            while True:
                ready = await self.stage.client.get("/readyz")
                self.told.ready.append(ready.status_code)
                self.told.states.append(_state(ready.json()["engine"]))
                status = await self.stage.client.get("/api/status", headers=person.headers)
                if status.is_success:
                    self.told.states.append(status.json()["engine"]["state"])
                await asyncio.sleep(0.2)

        async with _beside(look()):
            yield

    async def _everybody_asks(self, person: Person) -> None:
        """Ask every route at once, as somebody whom nobody minds."""

        async def one(method: str, path: str) -> None:
            began = asyncio.get_running_loop().time()
            try:
                answer = await ask(self.stage, method, path, person.wallet, person.headers)
            except httpx.HTTPError as error:
                raise AssertionError(f"{method} {path}: {error!r}") from error
            took = asyncio.get_running_loop().time() - began
            self.told.slowest = max(self.told.slowest, took)
            self._judge(path, answer)

        places = [place for place in operations(self.stage) if place not in LEFT_OUT]
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(one(*place) for place in places))

    async def _knocks(self, person: Person) -> None:
        """Open a socket meanwhile: it is let in, or told to come back."""
        self.stage.app.state.sessions._known.clear()
        async with self.stage.socket() as opened:
            data = {"token": person.token, "wallet_address": person.wallet}
            await say(opened, "AUTH", data)
            first = json.loads(await asyncio.wait_for(opened.recv(), PATIENCE))
            if first["type"] == "ERROR":
                code, _ = await closed(opened)
                assert code == COME_BACK
                assert first["data"]["code"] == COME_BACK
            else:
                assert first["type"] == "AUTH_SUCCESS"

    def _judge(self, path: str, answer: httpx.Response) -> None:
        """Hold an answer against the rule: what cannot be answered now is a 503 with a time."""
        self.told.statuses[answer.status_code] += 1
        assert answer.status_code < 500 or answer.status_code == 503, (path, answer.text)
        if answer.status_code == 503 and path not in OWN_SHAPE:
            assert answer.headers["content-type"] == "application/problem+json", path
            assert int(answer.headers["retry-after"]) > 0
            assert answer.json()["status"] == 503
            assert answer.json()["detail"]

    async def _nothing_is_lost(self, signal: Signal, number: Any) -> None:
        """Hold the record against everything that was acknowledged."""
        stage = self.stage
        database = stage.app.state.database
        found = {row.wallet_address for row in await all_wallets(database)}
        assert set(self._acknowledged) <= found
        self.told.acknowledged = len(self._acknowledged)
        assert self.told.acknowledged > 0
        listed = await stage.client.get("/api/signals")
        mints = {one["token"]["address"]: one["id"] for one in listed.json()["items"]}
        assert mints[signal.mint] == number
        findings, _ = await audit(database)
        assert list(findings) == [], findings


def _is_trouble(line: MutableMapping[str, Any]) -> bool:
    """Tell whether an outage wrote a line, and not a request or a machine that is slow."""
    return line["log_level"] not in {"debug", "info"} and "late_seconds" not in line


def _state(engine: MutableMapping[str, Any]) -> str:
    return "failing" if engine["failing_since"] is not None else str(engine["engine"])


async def _alive(socket: Any) -> None:
    """Answer before it is asked, so that nobody takes the socket for dead."""
    while True:
        await say(socket, "PONG")
        await asyncio.sleep(5.0)


@asynccontextmanager
async def _beside(work: Any) -> AsyncIterator[None]:
    """Do something meanwhile; what fails in it fails the test."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        if not task.done():
            task.cancel()
        with suppress(asyncio.CancelledError):
            await task
