"""A wallet's key, its token and its messages' address go nowhere but where they must.

A real platform trades on a market that records every byte it is asked with; somebody uses it well
and badly; it is killed and started again. Then everything it left is searched, in every form in
which programs write keys: its log, its files, its exports, what children were started with, what
was sent. CANARY_SECONDS says for how long it is used in each life.
"""

import asyncio
import contextlib
import json
import os
import secrets
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from solders.keypair import Keypair
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from app.api.exports.tables import TABLES
from app.simulator import SimulatorConfig, run_embedded
from tests.canary.recording import Recording, recording
from tests.canary.scanning import environments, hits, in_files, needles
from tests.secretforms import forms

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
START_SECONDS = 90.0
BROKEN_SECONDS = 3.0
SHORT, LONG = 5.0, float(os.environ.get("CANARY_SECONDS", "60"))


class Life:
    """One process of the platform, its children watched."""

    def __init__(self, process: asyncio.subprocess.Process, port: int, log: Path) -> None:
        self.process = process
        self.url = f"http://127.0.0.1:{port}"
        self.log = log
        self.children: dict[str, bytes] = {}
        self.reached: set[tuple[str, int]] = set()

    async def ready(self) -> None:
        async with asyncio.timeout(START_SECONDS), httpx.AsyncClient(base_url=self.url) as client:
            while True:
                with contextlib.suppress(httpx.TransportError):
                    if (await client.get("/readyz")).status_code == 200:
                        return
                assert self.process.returncode is None, self.log.read_text()
                await asyncio.sleep(0.2)

    async def watch(self) -> None:
        """Note what children were started with, and whom they and their parent speak to."""
        while True:
            self.children |= dict(environments(self.process.pid))
            await asyncio.to_thread(self._connections)
            await asyncio.sleep(0.2)

    def _connections(self) -> None:
        own = psutil.Process(self.process.pid)
        for process in [own, *own.children(recursive=True)]:
            with contextlib.suppress(psutil.Error):
                all_of_it: list[Any] = process.net_connections("inet")
                listens = {one.laddr.port for one in all_of_it if one.status == "LISTEN"}
                self.reached |= {
                    (one.raddr.ip, one.raddr.port)
                    for one in all_of_it
                    if one.raddr and one.laddr.port not in listens
                }


@contextlib.asynccontextmanager
async def life(folder: Path, market: Recording, port: int, **settings: str) -> AsyncIterator[Life]:
    """Run the platform until the end of the block, which it does not survive."""
    log = folder / "log"
    variables = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    variables |= {
        "PYTHONPATH": os.pathsep.join([str(HERE), str(ROOT)]),
        "PYTHONPYCACHEPREFIX": str(ROOT / ".tools" / "pycache"),
        "CANARY_TRACE": str(folder / "trace"),
        "AUTOTRADER_DATA_DIR": str(folder / "data"),
        "AUTOTRADER_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/data/trader.db",
        "AUTOTRADER_SIMULATOR": "false",
        "AUTOTRADER_CANDLES_TIMEFRAME": "1s",
        "AUTOTRADER_NOTIFY_PRIVATE_HOSTS": "true",
        "AUTOTRADER_BACKUP_EVERY": "0",
        "AUTOTRADER_LOG_LEVEL": "DEBUG",
        "AUTOTRADER_LOG_REQUESTS": "info",
        **{f"AUTOTRADER_{name}_URL": market.url for name in SERVICES},
        **settings,
    }
    words = [sys.executable, str(HERE / "child.py"), str(port), market.url]
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *words, cwd=folder, env=variables, stdout=output, stderr=output
        )
    here = Life(process, port, log)
    watching = asyncio.create_task(here.watch())
    try:
        await here.ready()
        yield here
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


SERVICES = ("SIGNALS", "TOKENS", "SENTIMENT", "CANDLES")


class Person:
    """Somebody with a wallet, who uses the platform and makes every mistake with the secrets."""

    def __init__(self, client: httpx.AsyncClient, made: dict[str, Any]) -> None:
        self.client = client
        self.wallet: str = made["wallet_address"]
        self.key: str = made["secret_key"]
        self.token: str = made["token"]
        self.signed = {"Authorization": f"Bearer {self.token}"}

    async def read_everything(self, folder: Path, paths: list[str]) -> None:
        """Ask for every page and download every table."""
        for path in paths:
            await self.client.get(path.format(wallet=self.wallet), headers=self.signed)
        for name in TABLES:
            for kind in ("csv", "parquet"):
                place = f"/api/export/{self.wallet}/{name}.{kind}"
                answer = await self.client.get(place, headers=self.signed)
                assert answer.status_code == 200, answer.text
                (folder / f"{name}.{kind}").write_bytes(answer.content)

    async def blunder(self) -> list[bytes]:
        """Put the secrets where they do not belong; answers what was answered."""
        key, token, wallet = self.key, self.token, self.wallet
        wrong = {"wallet_address": wallet, "secret_key": key, "token": token, "message": key}
        cookie = {"cookie": f"autotrader_session={token}x; key={key}", "x-secret": key}
        asked: list[tuple[str, str, dict[str, Any]]] = [
            ("POST", "/api/auth/login", {"json": wrong}),
            ("POST", "/api/auth/challenge", {"json": {"wallet_address": key}}),
            ("POST", "/api/auth/login", {"content": f'{{"a": {key}'.encode()}),
            ("GET", f"/api/trades/{wallet}", {"params": {"token": token, "api_key": key}}),
            ("GET", f"/api/trades/{key}", {"headers": self.signed}),
            ("GET", f"/{key}?token={token}", {}),
            ("GET", f"/api/nothing/{token}/x?key={key}", {"headers": self.signed}),
            ("PUT", f"/api/settings/{wallet}/{key[:40]}", {"json": wrong, "headers": self.signed}),
            ("GET", f"/api/user/{wallet}", {"headers": cookie}),
            ("GET", "/readyz", {"headers": {"x-request-id": key}}),
        ]
        answers = []
        for method, path, words in asked:
            answer = await self.client.request(method, path, **words)
            assert answer.status_code < 500, (method, answer.text)
            answers.append(answer.content + str(answer.headers).encode())
        signing = {"token": token, "wallet_address": wallet}
        for first in (signing, signing | {"secret": key}, key):
            answers += await self._talk([{"type": "AUTH", "data": first}, {"type": key}])
        return answers

    async def _talk(self, frames: list[dict[str, Any]]) -> list[bytes]:
        """Say something over the socket, whose address holds the token, and listen a moment."""
        heard: list[bytes] = []
        url = f"ws://127.0.0.1:{self.client.base_url.port}/ws?token={self.token}"
        async with connect(url) as socket:
            for frame in frames:
                await socket.send(json.dumps(frame))
            with contextlib.suppress(ConnectionClosed, TimeoutError):
                async with asyncio.timeout(1):
                    while True:
                        heard.append(await socket.recv(decode=False))
        return heard

    async def subscribe(self, receiver: Recording, secret: str) -> bytes:
        """Have messages sent to an address that is a secret, and try it."""
        target = {
            "name": "mine",
            "address": f"json://127.0.0.1:{receiver.port}/{secret}",
            "kinds": ["trade_opened"],
        }
        place = f"/api/notifications/{self.wallet}"
        made = await self.client.post(place, json=target, headers=self.signed)
        assert made.status_code == 201, made.text
        tried = await self.client.post(f"{place}/{made.json()['id']}/test", headers=self.signed)
        wrong = await self.client.post(
            place, json=target | {"address": f"nonsense://{secret}"}, headers=self.signed
        )
        assert wrong.status_code in {409, 422}, wrong.text
        return b"".join(one.content for one in (made, tried, wrong))


def everything(folder: Path) -> list[Path]:
    """List every file that was left: log, database and its log, data, exports."""
    return list(folder.rglob("*"))


@contextlib.contextmanager
def broken(database: Path) -> Iterator[None]:
    """Take a table away meanwhile, so that commits fail, and say so."""
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA busy_timeout=5000")
        connection.execute("ALTER TABLE ticks RENAME TO gone")
        try:
            yield
        finally:
            connection.execute("ALTER TABLE gone RENAME TO ticks")


async def pages(client: httpx.AsyncClient) -> list[str]:
    """List what can be asked for with a wallet alone."""
    paths = (await client.get("/openapi.json")).json()["paths"]
    return [
        path
        for path, methods in paths.items()
        if "get" in methods and path.replace("{wallet}", "").count("{") == 0
    ]


@contextlib.asynccontextmanager
async def market() -> AsyncIterator[Recording]:
    """Run a market whose caller is recorded."""
    embedded = await run_embedded(SimulatorConfig(seed=5))
    try:
        async with recording(int(embedded.base_url.rpartition(":")[2])) as recorded:
            yield recorded
    finally:
        await embedded.stop()


@pytest.mark.timeout(240)
async def test_no_secret_leaves(tmp_path: Path, unused_port: int) -> None:
    await search(tmp_path, unused_port, SHORT)


@pytest.mark.slow
@pytest.mark.timeout(1_800)
async def test_no_secret_leaves_in_a_long_life(tmp_path: Path, unused_port: int) -> None:
    await search(tmp_path, unused_port, LONG)


@contextlib.asynccontextmanager
async def using(
    folder: Path, asked: Recording, port: int, form: str, settings: dict[str, str]
) -> AsyncIterator[tuple[Life, httpx.AsyncClient]]:
    """Run the platform and speak to it."""
    async with (
        life(folder, asked, port, AUTOTRADER_LOG_FORMAT=form, **settings) as here,
        httpx.AsyncClient(base_url=here.url, timeout=30) as client,
    ):
        yield here, client


async def search(folder: Path, port: int, seconds: float) -> None:
    """Live twice, then look everywhere."""
    exports = folder / "exports"
    exports.mkdir()
    hidden, password = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    redis = {"AUTOTRADER_REDIS_URL": f"redis://:{password}@127.0.0.1:9/0"}
    async with market() as asked, recording(None) as receiver:
        async with using(folder, asked, port, "json", redis) as (first, client):
            person = Person(client, (await client.post("/api/register")).json())
            answers = [await person.subscribe(receiver, hidden)]
            await asyncio.sleep(seconds)
            answers += await person.blunder()
            run = {"token": "SOL", "timeframe": "1m"}
            await client.post("/api/backtests", json=run, headers=person.signed)
            asked.away = True
            with broken(folder / "data" / "trader.db"):
                await asyncio.sleep(BROKEN_SECONDS)
            asked.away = False
            await first.ready()
            await person.read_everything(exports, await pages(client))
        async with using(folder, asked, port, "console", redis) as (second, client):
            person.client = client
            await asyncio.sleep(seconds)
            answers += await person.blunder()
            await person.read_everything(exports, await pages(client))
        sent, messages = bytes(asked.said), bytes(receiver.said)

    keys = {"the key": bytes(Keypair.from_base58_string(person.key))}
    keys["the seed"] = keys["the key"][:32]
    tokens = {"the token": person.token.encode(), "the password": password.encode()}
    address = {"the address": hidden.encode()}
    sought = needles(keys | tokens | address)
    assert in_files(everything(folder), sought) == {}
    assert hits(b"".join(answers), sought) == set()
    assert hits(sent, sought) == set()
    assert hits(messages, needles(keys | tokens)) == set()
    for lived in (first, second):
        told = {who: hits(what, sought) for who, what in lived.children.items()}
        assert not any(told.values()), told

    assert b"/stream" in sent, "the market was asked"
    assert hidden.encode() in messages, "the message went where it should"
    assert first.children, "somebody computed"
    log = first.log.read_text()
    assert "batch not kept" in log, "commits failed"
    assert "Error" in log, "failures were told"
    reached = {place for lived in (first, second) for place in lived.reached}
    assert reached <= {("127.0.0.1", asked.port), ("127.0.0.1", receiver.port), ("127.0.0.1", 9)}
    for line in (folder / "trace").read_text().splitlines():
        event, where = line.split("\t")
        wanted = {repr(("127.0.0.1", one)) for one in (asked.port, receiver.port, 9)}
        assert where in wanted or (event == "socket.getaddrinfo" and "127.0.0.1" in where), line


def test_the_search_finds_a_secret_in_every_form(tmp_path: Path) -> None:
    secret = bytes(Keypair())
    sought = needles({"the key": secret})
    for name, text in forms(secret).items():
        file = tmp_path / name
        file.write_text(f"before {text} after")
        (found,) = in_files([file], sought).values()
        assert f"the key as {name}" in found
    assert hits(b"nothing " + bytes(Keypair()), sought) == set()
