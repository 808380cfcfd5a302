"""P0-1 and P1-14: this machine only unless told, and no proxy is believed that was not named."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.api import exposure
from app.main import create_app
from tests.api.stage import Stage, settings
from tests.logs import heard

OUTSIDE = "192.0.2.10"
STRANGER = "203.0.113.7"
ROOT = Path(__file__).parents[2]


class Reached:
    """An application that is asked as if a connection had come in on some address."""

    def __init__(self, folder: Path, **changes: Any) -> None:
        named = {"allowed_hosts": ("trader.example",), **changes}
        self.app = create_app(settings(folder, **named))
        self.seen: dict[str, Any] = {}

    async def ask(
        self,
        path: str = "/healthz",
        *,
        server: str = OUTSIDE,
        client: str = STRANGER,
        scheme: str = "http",
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Ask, and keep what the application saw of it."""
        inner = self.app

        async def patched(scope: Any, receive: Any, send: Any) -> None:
            scope["server"] = (server, 8000)
            self.seen = scope
            await inner(scope, receive, send)

        transport = httpx.ASGITransport(app=patched, client=(client, 1))
        base = f"{scheme}://trader.example"
        async with httpx.AsyncClient(transport=transport, base_url=base) as asking:
            return await asking.get(path, headers=headers)


@pytest.fixture(autouse=True)
def _told_anew() -> Iterator[None]:
    exposure._tell_once.cache_clear()
    yield
    exposure._tell_once.cache_clear()


async def test_a_public_address_is_refused_unless_told(tmp_path: Path) -> None:
    reached = Reached(tmp_path)
    with heard() as lines:
        for path in ("/", "/api/signals", "/healthz", "/docs", "/nope"):
            answer = await reached.ask(path)
            assert answer.status_code == 403, path
            assert answer.json()["type"] == "/problems/not-public"
            assert answer.headers["x-content-type-options"] == "nosniff"
    told = [line for line in lines if line["log_level"] == "error"]
    assert len(told) == 1, "a stranger cannot fill the log"
    assert "AUTOTRADER_PUBLIC" in told[0]["event"]


@pytest.mark.parametrize("server", ["127.0.0.1", "127.9.9.9", "::1", "/run/trader.sock"])
async def test_this_machine_is_served(tmp_path: Path, server: str) -> None:
    assert (await Reached(tmp_path).ask(server=server)).status_code == 200


async def test_a_socket_on_a_public_address_is_refused_too(stage: Stage) -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "websocket",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "path": "/ws",
        "raw_path": b"/ws",
        "query_string": b"",
        "root_path": "",
        "scheme": "ws",
        "headers": [(b"host", b"trader.example")],
        "client": (STRANGER, 1),
        "server": (OUTSIDE, 8000),
        "subprotocols": [],
        "state": {},
        "extensions": {"websocket.http.response": {}},
    }
    await stage.app(scope, receive, send)
    assert sent[0]["type"] == "websocket.http.response.start"
    assert sent[0]["status"] == 403


async def test_behind_tls_plain_requests_are_refused(tmp_path: Path) -> None:
    reached = Reached(tmp_path, public="tls", public_origins=("https://trader.example",))
    plain = await reached.ask("/api/nope")
    assert plain.status_code == 403
    assert plain.json()["type"] == "/problems/tls-required"
    assert (await reached.ask("/healthz")).status_code == 200, "a probe needs no TLS"
    secure = await reached.ask("/api/nope", scheme="https")
    assert secure.status_code == 404
    assert secure.headers["strict-transport-security"]


async def test_plain_is_a_word_that_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.main.configure_logging", lambda *_: None)
    with heard() as lines:
        reached = Reached(tmp_path, public="plain")
        Reached(tmp_path)
    warned = [line["event"] for line in lines if line["log_level"] == "warning"]
    assert warned == ["whoever reaches this platform speaks to it without encryption"]
    assert (await reached.ask("/api/nope")).status_code == 404


FORWARDED = {"X-Forwarded-For": "198.51.100.1, 198.51.100.2", "X-Forwarded-Proto": "https"}


@pytest.mark.parametrize(
    ("trusted", "client", "seen", "scheme"),
    [
        ((), "127.0.0.1", "127.0.0.1", "http"),
        ((), STRANGER, STRANGER, "http"),
        (("10.0.0.0/8",), STRANGER, STRANGER, "http"),
        (("10.0.0.0/8",), "10.1.2.3", "198.51.100.2", "https"),
        (("10.0.0.0/8", "198.51.100.2/32"), "10.1.2.3", "198.51.100.1", "https"),
        (("::1/128",), "::1", "198.51.100.2", "https"),
    ],
)
async def test_only_named_proxies_are_believed(
    tmp_path: Path, trusted: tuple[str, ...], client: str, seen: str, scheme: str
) -> None:
    reached = Reached(tmp_path, public="plain", trusted_proxies=trusted)
    answer = await reached.ask(client=client, headers=FORWARDED)
    assert reached.seen["client"][0] == seen
    assert ("strict-transport-security" in answer.headers) == (scheme == "https")


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_what_was_passed_on_is_never_local(name: str) -> None:
    assert exposure.was_forwarded({"headers": [(name.lower().encode(), b"127.0.0.1")]})
    assert not exposure.was_forwarded({"headers": [(b"host", b"x")]})


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"AUTOTRADER_HOST": "0.0.0.0"}, "AUTOTRADER_PUBLIC=tls"),  # noqa: S104  # refused
        ({"AUTOTRADER_PUBLIC": "tls"}, "https:// origin"),
    ],
)
async def test_the_server_does_not_start_in_public_without_a_word(
    tmp_path: Path, changes: dict[str, str], word: str
) -> None:
    kept = {key: value for key, value in os.environ.items() if "AUTOTRADER" not in key}
    command = [sys.executable, "-m", "uvicorn", "app.main:app", "--app-dir", str(ROOT)]
    ended = await asyncio.to_thread(
        subprocess.run,
        [*command, "--port", "0"],
        cwd=tmp_path,
        env={**kept, **changes},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode != 0
    assert word in ended.stderr
