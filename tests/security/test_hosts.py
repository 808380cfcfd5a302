"""By which names the platform is reached: a name that somebody points here gets nothing."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.requests import HTTPConnection

from app.api.origins import allowed
from app.main import create_app
from tests.api.stage import Person, Stage, settings
from tests.api.test_sessions import FETCH

LURED = "evil.example"
NAMES = {
    "public": "plain",
    "public_origins": ("https://trader.example:8443",),
    "allowed_hosts": ("platform",),
}
OURS = (
    "localhost",
    "LocalHost:9",
    "127.0.0.1:8000",
    "127.9.9.9",
    "[::1]:8000",
    "192.0.2.10:8000",
    "[2001:db8::1]",
    "Trader.Example:8443",
    "trader.example",
    "platform:8000",
)
STRANGE = (
    LURED,
    f"{LURED}:8000",
    "",
    ":8000",
    "localhost.evil.example",
    "evil.localhost",
    "localhost:8000@evil.example",
    "127.0.0.1.evil.example",
    "127.1",
    "trader.example.",
    "[::1",
    "[::1]evil.example",
    "localhost evil.example",
    "\xff",
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return create_app(settings(tmp_path_factory.mktemp("named"), **NAMES))


async def ask(app: Any, path: str, *hosts: bytes) -> httpx.Response:
    """Ask with such Host fields and no other."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        request = client.build_request("GET", path)
        request.headers = httpx.Headers([(b"Host", host) for host in hosts])
        return await client.send(request)


@pytest.mark.parametrize("host", OURS)
async def test_a_name_of_ours_is_answered(app: Any, host: str) -> None:
    assert (await ask(app, "/healthz", host.encode())).status_code == 200


@pytest.mark.parametrize("host", STRANGE)
async def test_any_other_name_is_refused(app: Any, host: str) -> None:
    answer = await ask(app, "/healthz", host.encode("latin-1"))
    assert answer.status_code == 421
    assert answer.json()["type"] == "/problems/unknown-host"
    assert "AUTOTRADER_PUBLIC_ORIGINS" in answer.json()["detail"]
    assert "AUTOTRADER_ALLOWED_HOSTS" in answer.json()["detail"]


async def test_no_path_answers_to_a_strange_name(app: Any) -> None:
    for path in ("/", "/api/signals", "/api/nope", "/metrics", "/readyz", "/docs", "/openapi.json"):
        assert (await ask(app, path, LURED.encode())).status_code == 421, path


async def test_one_of_two_names_is_not_enough_and_none_is_a_program(app: Any) -> None:
    assert (await ask(app, "/healthz", b"localhost", LURED.encode())).status_code == 421
    assert (await ask(app, "/healthz")).status_code == 200


async def test_without_settings_only_addresses_and_loopback_are_known(tmp_path: Path) -> None:
    bare = create_app(settings(tmp_path))
    answers = {host: (await ask(bare, "/healthz", host.encode())).status_code for host in OURS}
    refused = {host for host, status in answers.items() if status == 421}
    assert refused == {"Trader.Example:8443", "trader.example", "platform:8000"}


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        (LURED, f"http://{LURED}", 421),
        (LURED, None, 421),
        ("localhost:1", "http://localhost:2", 403),
        ("localhost:1", "https://localhost:1", 403),
        ("localhost:1", "http://localhost:1", 101),
    ],
)
async def test_a_socket_is_refused_before_the_upgrade(
    stage: Stage, host: str, origin: str | None, status: int
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
    lines = [
        "GET /ws HTTP/1.1",
        f"Host: {host}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec-WebSocket-Version: 13",
        *([] if origin is None else [f"Origin: {origin}"]),
        "\r\n",
    ]
    writer.write("\r\n".join(lines).encode())
    head = (await asyncio.wait_for(reader.readuntil(b"\r\n"), 10)).decode()
    writer.close()
    assert head.startswith(f"HTTP/1.1 {status} ")


async def test_a_page_pointed_here_writes_nothing(stage: Stage, person: Person) -> None:
    headers = {"Cookie": f"autotrader_session={person.token}", **FETCH}
    lured = {"Host": LURED, "Origin": f"http://{LURED}"}
    path = f"/api/wallets/{person.wallet}/pause"
    answer = await stage.client.post(path, headers=headers | lured)
    assert answer.status_code == 421
    answer = await stage.client.post(path, headers=headers | {"Origin": lured["Origin"]})
    assert answer.status_code == 403
    own = {"Host": f"localhost:{stage.port}", "Origin": f"http://localhost:{stage.port}"}
    assert (await stage.client.post(path, headers=headers | own)).status_code == 200


@pytest.mark.parametrize(
    ("scheme", "host", "origin", "may"),
    [
        ("http", "platform:8000", "http://platform:8000", False),
        ("http", "192.0.2.10:8000", "http://192.0.2.10:8000", True),
        ("ws", "192.0.2.10:8000", "http://192.0.2.10:8000", True),
        ("wss", "192.0.2.10", "http://192.0.2.10", False),
        ("https", "192.0.2.10", "https://192.0.2.10", True),
        ("http", "127.0.0.1:9000", "https://trader.example:8443", True),
        ("http", "trader.example:8443", "http://trader.example:8443", False),
    ],
)
def test_that_origin_and_host_are_the_same_name_proves_nothing(
    tmp_path: Path, scheme: str, host: str, origin: str, may: bool
) -> None:
    fields = [(b"host", host.encode()), (b"origin", origin.encode())]
    asked = HTTPConnection({"type": "http", "scheme": scheme, "headers": fields})
    assert allowed(asked, settings(tmp_path, **NAMES)) is may


async def test_a_server_without_a_socket_has_the_name_that_it_says(app: Any) -> None:
    """So have test clients, which call the application themselves."""
    transport = httpx.ASGITransport(app=app)
    for base in ("http://testserver", "http://testserver:81"):
        async with httpx.AsyncClient(transport=transport, base_url=base) as client:
            assert (await client.get("/healthz")).status_code == 200
            lured = await client.get("/healthz", headers={"Host": LURED})
            assert lured.status_code == 421
