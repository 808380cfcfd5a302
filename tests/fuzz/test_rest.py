"""A million requests that nobody would send on purpose: none is a 5xx, none raises, memory is flat.

pytest tests/fuzz/test_rest.py                                       3,000, in seconds
FUZZ_REQUESTS=1000000 pytest -m slow -n 0 -s tests/fuzz/test_rest.py       the full figure
FUZZ_SEED=7 pytest …                                                the requests of a failure
"""

import asyncio
import json
import os
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import psutil
import pytest

from app.api.sessions import Sessions
from app.main import create_app
from tests.api.stage import Person, Stage, generous, settings
from tests.api.test_access import BODIES
from tests.fuzz.judge import Answer, fault, send
from tests.fuzz.mutator import Mutator, Wild
from tests.openapi import openapi_text

FAST = 3_000
FULL = int(os.environ.get("FUZZ_REQUESTS", "1000000"))
SEED = int(os.environ.get("FUZZ_SEED", "20261121"))
AT_ONCE = 8
RENEWED_EVERY = 400
"""Requests after which both wallets sign in anew: some requests end sessions."""

MOST_GROWTH = 64 * 1024 * 1024
"""Of memory, from a fifth of the requests to the end, when all code and kernels are loaded."""

WARM = 100_000
"""Requests whose first fifth has loaded all of it."""

FIRST_GROWTH = 8 * MOST_GROWTH
"""Of a few requests, which load that code."""

MIB = 1024 * 1024
EXTRA: dict[str, Any] = {
    "/api/auth/challenge": {"wallet_address": "1" * 32},
    "/api/auth/login": {"wallet_address": "1" * 32, "message": "a", "signature": "1" * 88},
    "/api/backtests": {"candles": {"source": "stored"}, "entry": {"strategy": "breakout"}},
    "/api/sweeps": {"candles": {"source": "stored"}, "entry": {"strategy": ["breakout"]}},
    "/api/settings/{wallet}": {"*": {"active_strategy": "breakout", "risk_settings": {}}},
    "/api/settings/{wallet}/{symbol}": {"active_strategy": "breakout", "risk_settings": {}},
    "/api/shadows/{wallet}": {"name": "one", "settings": {"active_strategy": "breakout"}},
    "/api/trades/{wallet}/{trade_id}/what-if": {"plan": {"stop_loss": 0.1, "take_profit": []}},
    "/api/what-if/{wallet}": {"plans": [{"stop_loss": 0.1}], "from": "2026-01-01T00:00:00Z"},
}


@asynccontextmanager
async def platform(folder: Path) -> AsyncIterator[Stage]:
    """Run the whole platform in this process, without a server and without limits of rate."""
    app = create_app(settings(folder))
    app.state.rates.limits = generous().limits
    app.state.openapi_text = openapi_text
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client,
    ):
        yield Stage(app, 8000, client)


async def mutator(stage: Stage, people: list[Person], seed: int) -> Mutator:
    """Make a mutator that knows what the record holds."""
    mint = (await stage.bought("FUZZ")).mint
    trades = await stage.get(people[0], "/api/trades/{}")
    document = json.loads(stage.app.state.openapi_text())
    known = {
        "wallet": [people[0].wallet] * 8 + [people[1].wallet, "1" * 32],
        "token": [mint, mint, "SOL-USDC", "1" * 32],
        "symbol": ["*", "FUZZ", mint],
        "trade_id": [str(one["id"]) for one in trades["items"]] + ["1", "999999"],
        "signal_id": ["1", "2"],
        "session_id": ["1"],
        "run_id": ["1"],
        "number": ["1", "2"],
        "timeframe": ["1s", "1m", "5m"],
        "name": ["trades.csv", "fills.parquet", "events.csv", "equity.csv"],
        "kind": ["csv", "parquet"],
    }
    return Mutator(seed, document, {**BODIES, **EXTRA}, known)


async def sign_in(stage: Stage, people: list[Person]) -> list[str]:
    """Open a session for each wallet."""
    sessions: Sessions = stage.app.state.sessions
    return [(await sessions.open(one.number, one.wallet, "fuzz"))[0] for one in people]


class Campaign:
    """Sends many requests and keeps what was wrong."""

    def __init__(self, stage: Stage, people: list[Person], made: Mutator, requests: int) -> None:
        self.faults: list[str] = []
        self.statuses: Counter[int] = Counter()
        self.reached: set[tuple[str, str]] = set()
        self.seconds = np.full(requests, np.inf)  # its memory is there before any is measured
        self.background: list[str] = []
        self._stage, self._people, self._made = stage, people, made
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: self.background.append(str(context)))

    async def run(self, requests: int) -> None:
        """Send so many, a few at a time."""
        for start in range(0, requests, RENEWED_EVERY):
            self._made.tokens = await sign_in(self._stage, self._people)
            share = min(RENEWED_EVERY, requests - start)
            wilds = iter([self._made.next() for _ in range(share)])
            await asyncio.gather(*(self._send(wilds) for _ in range(AT_ONCE)))

    async def _send(self, wilds: Any) -> None:
        for wild in wilds:
            self._note(wild, await send(self._stage.app, wild))

    def _note(self, wild: Wild, answer: Answer) -> None:
        self.seconds[self.statuses.total()] = answer.seconds
        self.statuses[answer.status] += 1
        if answer.status < 400:
            self.reached.add(wild.place)
        found = fault(wild, answer)
        if found is not None and len(self.faults) < 20:
            self.faults.append(f"{wild!r:.2000}\n    {found:.2000}")


async def campaign(folder: Path, requests: int, seed: int) -> int:
    """Send requests, and check that nothing went wrong; answers how memory grew."""
    process = psutil.Process()
    async with platform(folder) as stage:
        people = [await stage.register() for _ in range(2)]
        sent = Campaign(stage, people, await mutator(stage, people, seed), requests)
        began, worked = time.perf_counter(), time.process_time()
        await sent.run(requests // 5)
        before = process.memory_info().rss
        await sent.run(requests - requests // 5)
        growth = process.memory_info().rss - before
        took, worked = time.perf_counter() - began, time.process_time() - worked
    slowest = float(np.quantile(sent.seconds, 0.99))
    print(  # noqa: T201  # the figure of a run
        f"\n{requests:,} requests, seed {seed}, in {took:.0f} s ({worked:.0f} s of one core);"
        f" p99 {1000 * slowest:.1f} ms with {AT_ONCE} at once; memory {growth / MIB:+.1f} MiB;"
        f" {len(sent.reached)} routes reached; {dict(sorted(sent.statuses.items()))}"
    )
    assert not sent.faults, f"seed {seed}:\n" + "\n".join(sent.faults)
    assert not sent.background, f"seed {seed}: {sent.background[:3]}"
    assert len(sent.reached) >= 30, "most of it must not bounce off the door"
    return growth


async def test_no_request_breaks_anything(tmp_path: Path) -> None:
    assert await campaign(tmp_path, FAST, SEED) <= FIRST_GROWTH


@pytest.mark.slow
@pytest.mark.timeout(3_600)
async def test_a_million_requests_break_nothing(tmp_path: Path) -> None:
    growth = await campaign(tmp_path, FULL, SEED + 1)
    most = MOST_GROWTH if FULL >= WARM else FIRST_GROWTH
    assert growth <= most, f"memory grew by {growth / MIB:.1f} MiB"
