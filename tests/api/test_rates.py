"""Limits by address and by session: who asks too often is told when to come back, others go on."""

import asyncio
import contextlib
import re
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from limits import RateLimitItemPerMinute
from redis.asyncio import Redis
from solders.keypair import Keypair

from app.api import counters, rates
from app.api.counters import Counters, Windows
from app.api.rates import LIMITS, Rates
from tests.api.stage import Stage, generous, running
from tests.logs import heard
from tests.programs import found, free_port

STATE = re.compile(r'"([a-z-]+)";r=(\d+);t=(\d+)')
POLICY = re.compile(r'"([a-z-]+)";q=(\d+);w=(\d+)')
AT = 1_795_255_200.0


@pytest.fixture(autouse=True)
def _one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold the windows still, so that none ends in the middle of a test."""
    monkeypatch.setattr("app.api.rates.time.time", lambda: AT)


def limited(**limits: int) -> Rates:
    """Make limits that nobody meets, but for some."""
    made = generous()
    for name, amount in limits.items():
        made.limits[name.replace("_", "-")] = RateLimitItemPerMinute(amount)
    return made


def left(answer: httpx.Response) -> dict[str, int]:
    """Read what an answer says is left, and check that it names the policies of the same limits."""
    states = {name: int(rest) for name, rest, _ in STATE.findall(answer.headers["ratelimit"])}
    policies = {name for name, _, _ in POLICY.findall(answer.headers["ratelimit-policy"])}
    assert states.keys() == policies
    return states


def refused(answer: httpx.Response, kind: str) -> None:
    assert answer.status_code == 429
    assert answer.json()["type"] == "/problems/too-many-requests"
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert left(answer)[kind] == 0


async def test_who_asks_too_often_is_told_when_to_come_back(tmp_path: Path) -> None:
    async with running(tmp_path, limited(address=30, read=5, write=2, register=3)) as stage:
        people = [await stage.register() for _ in range(2)]
        answers = [
            await stage.client.get("/api/strategies", headers=people[0].headers) for _ in range(6)
        ]
        assert [answer.status_code for answer in answers] == [200] * 5 + [429]
        assert [left(answer)["read"] for answer in answers] == [4, 3, 2, 1, 0, 0]
        refused(answers[-1], "read")
        other = await stage.client.get("/api/strategies", headers=people[1].headers)
        assert other.status_code == 200
        pause = f"/api/wallets/{people[0].wallet}/pause"
        writes = [await stage.client.post(pause, headers=people[0].headers) for _ in range(3)]
        assert [answer.status_code for answer in writes] == [200, 200, 429]
        refused(writes[-1], "write")
        await stage.client.post("/api/register")
        refused(await stage.client.post("/api/register"), "register")
        for _ in range(40):
            last = await stage.client.get("/api/signals")
        refused(last, "address")
        assert (await stage.client.get("/healthz")).status_code == 200


async def test_every_answer_of_a_limited_class_says_what_is_left(stage: Stage) -> None:
    person = await stage.register()
    for path, names in {
        "/api/signals": {"address"},
        "/api/nope": {"address"},
        "/readyz": {"address"},
        f"/api/user/{person.wallet}": {"address", "read"},
        "/api/auth/refresh": {"address", "write"},
        "/api/register": {"address", "register", "register-daily"},
        "/api/auth/challenge": {"address", "sign-in"},
        "/api/auth/login": {"address", "sign-in", "failed-sign-in"},
        "/api/backtests": {"address", "write", "runs"},
    }.items():
        reads = names.isdisjoint({"write", "register", "sign-in"})
        body = {"/api/auth/challenge": {"wallet_address": "1" * 32}}.get(path)
        if path == "/api/auth/login":
            body = {"wallet_address": "1" * 32, "message": "x", "signature": "1" * 88}
        method = "GET" if reads else "POST"
        answer = await stage.client.request(method, path, headers=person.headers, json=body)
        assert left(answer).keys() == names, path
        if path == "/api/auth/refresh":
            person = type(person)(person.wallet, 0, answer.json()["token"], "")
    for path in ("/", "/docs", "/healthz"):
        assert "ratelimit" not in (await stage.client.get(path)).headers


async def test_failed_sign_ins_lock_their_address_and_nothing_else(tmp_path: Path) -> None:
    rates_of_few = generous()
    rates_of_few.limits["failed-sign-in"] = LIMITS["failed-sign-in"]
    async with running(tmp_path, rates_of_few) as stage:
        person = await stage.register()
        pair = Keypair()
        assert [(await sign_in(stage, pair)).status_code for _ in range(20)] == [200] * 20
        wrong = [(await sign_in(stage, pair, Keypair())).status_code for _ in range(6)]
        assert wrong == [401] * 5 + [429]
        refused(await sign_in(stage, pair), "failed-sign-in")
        assert await stage.get(person, "/api/user/{}")
        assert (await stage.client.post("/api/register")).status_code == 201
        transport = httpx.ASGITransport(app=stage.app, client=("127.0.0.2", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as elsewhere:
            assert (await sign_in(stage, pair, client=elsewhere)).status_code == 200


async def sign_in(
    stage: Stage,
    pair: Keypair,
    signer: Keypair | None = None,
    client: httpx.AsyncClient | None = None,
) -> httpx.Response:
    asking = client or stage.client
    body = {"wallet_address": str(pair.pubkey())}
    message = (await asking.post("/api/auth/challenge", json=body)).json()["message"]
    signature = str((signer or pair).sign_message(message.encode()))
    return await asking.post(
        "/api/auth/login", json={**body, "message": message, "signature": signature}
    )


async def test_a_new_minute_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    few = limited(read=2)
    scope: dict[str, list[tuple[str, str]]] = {rates.TOLD: []}
    for _ in range(2):
        await few.hit(scope, "read", "1")
    with pytest.raises(Exception, match="come back in"):
        await few.hit(scope, "read", "1")
    monkeypatch.setattr("app.api.rates.time.time", lambda: AT + 60)
    await few.hit(scope, "read", "1")


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9%eth0", "2001:db8:1:2::/64"),
        ("/run/socket", "/run/socket"),
    ],
)
def test_an_ipv6_customer_has_one_address(host: str, counted: str) -> None:
    assert rates.address_of({"client": (host, 1)}) == counted
    assert rates.address_of({"client": None}) == ""


def test_a_factor_makes_room() -> None:
    assert Rates.times(10).limits["failed-sign-in"].amount == 50
    assert Rates.times(0.001).limits["failed-sign-in"].amount == 1
    assert Rates.times(1).limits == LIMITS


async def test_counters_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.api.counters.MOST_KEYS", 10)
    windows = Windows()
    for number in range(100):
        assert await windows.incr(str(number), 60) == 1
    assert await windows.reset() == 10
    assert await windows.incr("a", 60) == 1
    assert await windows.incr("a", 60) == 2
    assert await windows.get("a") == 2
    assert await windows.get_expiry("a") == AT + 60
    assert await windows.check()
    await windows.clear("a")
    assert await windows.get("a") == 0
    assert await windows.incr("b", -1) == 1
    assert await windows.incr("b", 60) == 1, "a window that ended begins anew"


class Server:
    """A Redis server of the test's own."""

    def __init__(self) -> None:
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def _launch(self) -> subprocess.Popen[bytes]:
        options = ["--port", str(self.port), "--save", "", "--bind", "127.0.0.1"]
        return subprocess.Popen([found("redis-server"), *options], stdout=subprocess.DEVNULL)

    async def start(self) -> None:
        self.process = self._launch()
        async with asyncio.timeout(20), Redis(port=self.port) as client:
            while True:
                with contextlib.suppress(Exception):
                    if await client.ping():
                        return
                await asyncio.sleep(0.05)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)
            self.process = None


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    await made.start()
    try:
        yield made
    finally:
        made.stop()


async def test_two_processes_count_together_in_redis(server: Server) -> None:
    one, two = Counters(), Counters()
    for each in (one, two):
        await each.open(server.url)
    assert [await each.count("k", 60) for each in (one, two, one)] == [1, 2, 3]
    assert await two.seen("k") == 3
    async with Redis(port=server.port, decode_responses=True) as client:
        names = [str(name) for name in await client.keys("*")]
        assert names
        for name in names:
            assert name.startswith(counters.PREFIX)
            assert 0 < await client.ttl(name) <= 60
    for each in (one, two):
        await each.close()


async def test_a_platform_with_redis_counts_there(server: Server, tmp_path: Path) -> None:
    async with running(tmp_path, limited(read=3), redis_url=server.url) as stage:
        person = await stage.register()
        answers = [
            await stage.client.get("/api/strategies", headers=person.headers) for _ in range(4)
        ]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        async with Redis(port=server.port, decode_responses=True) as client:
            names = "\n".join([str(name) for name in await client.keys("*")])
    assert "/read/" in names
    assert "127.0.0.1" in names
    assert person.token not in names


async def test_without_redis_a_process_counts_for_itself_and_says_so_once(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.api.counters.AGAIN_SECONDS", 0.2)
    counted = Counters()
    with heard() as lines:
        await counted.open(server.url)
        assert await counted.count("k", 60) == 1
        server.stop()
        assert [await counted.count("k", 60) for _ in range(20)] == list(range(1, 21))
        await asyncio.sleep(0.3)
        assert await counted.count("k", 60) == 21, "and it is still away"
        await server.start()
        await asyncio.sleep(0.3)
        assert await counted.count("k", 60) == 1, "the server came back empty"
        await counted.close()
    # A platform of another test of this process may say something of its own meanwhile.
    said = [line["event"].split(":")[0] for line in lines if "redis" in line["event"]]
    assert said == ["rate limits are counted in redis", "redis is away", "redis is back"]


async def test_redis_that_never_answers_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.api.counters.REDIS_SECONDS", 0.05)

    async def silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            writer.close()

    listening = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    counted = Counters()
    try:
        async with asyncio.timeout(10):
            await counted.open(f"redis://127.0.0.1:{port}/0")
            assert [await counted.count("k", 60) for _ in range(100)] == list(range(1, 101))
    finally:
        await counted.close()
        listening.close()
