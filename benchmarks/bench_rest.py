"""The list of 100 trades over HTTP, against raw sqlite3 rows and msgspec in a bare route.

Ours finds the session, checks whose wallet it is, counts the request, sorts and pages in the
database, writes times and SOL for people, and adds every header; the bare route does none of it.
Both run under uvicorn; what is compared is the CPU time of the server per request.
"""

import asyncio
import sqlite3
import statistics
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
from fastapi import FastAPI
from limits import RateLimitItemPerMinute
from starlette.responses import Response

from app import strategies
from app.api import install, running
from app.api.deps import DEFAULT_PAGE
from app.api.rates import LIMITS, Rates
from app.api.sessions import digest_of
from app.config import Settings
from app.engine.clock import SystemClock
from app.store.database import Database
from app.store.journal import Journal
from app.store.migrate import upgrade
from app.store.rows import SessionRow
from benchmarks.bench_rest_rows import QUERY, WALLETS, record
from benchmarks.result import Result
from benchmarks.servers import Server, ask, serving

SESSION = "benchmark"
SIZES = (10, 100, 500)
REQUESTS = 1_600
CONNECTIONS = 8
ROUNDS = 3
STARTS = 3
FOREVER = 2**52


def bare(path: str) -> FastAPI:
    """Make the application that does as little as one can."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    connection = sqlite3.connect(path, check_same_thread=False)
    encode = msgspec.json.Encoder().encode

    @app.get("/trades/{wallet}")
    async def trades(wallet: int, limit: int = DEFAULT_PAGE) -> Response:
        rows = connection.execute(QUERY, (wallet, limit)).fetchall()
        return Response(encode(rows), media_type="application/json")

    return app


def ours(path: str) -> FastAPI:
    """Make the platform's API over a record, without an engine."""
    limits = dict.fromkeys(LIMITS, RateLimitItemPerMinute(10**9))
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan(path))
    install(app, Rates(limits))
    return app


def _lifespan(path: str) -> Any:
    @asynccontextmanager
    async def start(app: FastAPI) -> AsyncIterator[None]:
        url = f"sqlite+aiosqlite:///{path}"
        app.state.settings, app.state.clock = Settings(_env_file=None), SystemClock()
        app.state.strategies = strategies.load()
        app.state.journal, app.state.database = await Journal.open(url), await Database.open(url)
        async with running(app):
            yield
        await app.state.database.close()
        await app.state.journal.close()

    return start


async def fill(url: str) -> None:
    """Write wallets, their trades and a session for each."""
    journal = await Journal.open(url)
    await journal.write(record())
    now = SystemClock().now()
    await journal.write(
        [
            SessionRow(n, n, digest_of(f"{SESSION}{n}"), now, FOREVER, FOREVER, now, None, None)
            for n in range(1, WALLETS + 1)
        ]
    )
    await journal.close()


def request(path: str, token: str = "") -> bytes:
    """Write a request."""
    signed = f"Authorization: Bearer {token}\r\n" if token else ""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{signed}\r\n".encode()


def per_request(server: Server, asked: bytes) -> float:
    """Return the CPU seconds of the server per request."""
    before = server.cpu_seconds()
    asyncio.run(ask(server.port, asked, REQUESTS, CONNECTIONS))
    return (server.cpu_seconds() - before) / REQUESTS


def in_turns(path: str, page: int) -> list[tuple[float, float]]:
    """Start both servers and measure them in turns: (ours, the peer's) CPU seconds per request."""
    asked = "" if page == DEFAULT_PAGE else f"?limit={page}"
    theirs = request(f"/trades/1{asked}")
    mine = request(f"/api/trades/w1{asked}", f"{SESSION}1")
    with serving(bare, path) as peer, serving(ours, path) as platform:
        shown = msgspec.json.decode(asyncio.run(ask(platform.port, mine, 8, 8)))
        raw = msgspec.json.decode(asyncio.run(ask(peer.port, theirs, 8, 8)))
        assert [one["id"] for one in shown["items"]] == [row[0] for row in raw]
        return [(per_request(platform, mine), per_request(peer, theirs)) for _ in range(ROUNDS)]


def run() -> list[Result]:
    """Measure pages of three sizes; with new servers each time, because their threads differ."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "rest.db")
        url = f"sqlite+aiosqlite:///{path}"
        upgrade(url)
        asyncio.run(fill(url))
        return [measured(path, page) for page in SIZES]


def measured(path: str, page: int) -> Result:
    """Measure pages of one size."""
    times = [pair for _ in range(STARTS) for pair in in_turns(path, page)]
    return Result(
        "GET /api/trades: a page (server CPU)",
        page,
        statistics.median(mine for mine, _ in times),
        statistics.median(theirs for _, theirs in times),
        1 / 0.7 if page == DEFAULT_PAGE else None,
        "sqlite3 rows and msgspec in a bare route",
    )
