"""Bytes on the wire, to a server with the options that `make run` and the image start it with:
what is no request is refused with the headers of every answer, and nobody hides one in another.
"""

import asyncio
import contextlib
import importlib
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from app.api.headers import POLICY, SECURITY
from app.main import create_app
from app.simulator.embed import listen
from tests.api.stage import settings
from toolchain.serve import OPTIONS

ROOT = Path(__file__).parents[2]
IMAGE = json.loads(re.findall(r"(?m)^CMD (.+)$", (ROOT / "Dockerfile").read_text())[0])
STARTED = {"make run": OPTIONS.split(), "the image": IMAGE[IMAGE.index("--port") + 2 :]}

POST = b"POST /first HTTP/1.1\r\nHost: a\r\n"
CHUNKED, NO_CHUNK = b"Transfer-Encoding: chunked\r\n", b"\r\n0\r\n\r\n"
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n"
REFUSED = {
    "a length and chunks": POST + b"Content-Length: 4\r\n" + CHUNKED + NO_CHUNK,
    "chunks and a length": POST + CHUNKED + b"Content-Length: 4\r\n" + NO_CHUNK,
    "two lengths": POST + b"Content-Length: 4\r\nContent-Length: 0\r\n\r\n",
    "a list of lengths": POST + b"Content-Length: 0, 4\r\n\r\n",
    "a sign": POST + b"Content-Length: +0\r\n\r\n",
    "a space before the colon": POST + b"Transfer-Encoding : chunked\r\n" + NO_CHUNK,
    "an unknown coding": POST + b"Transfer-Encoding: xchunked\r\n" + NO_CHUNK,
    "chunks within another coding": POST + b"Transfer-Encoding: chunked, identity\r\n" + NO_CHUNK,
    "two codings": POST + CHUNKED + b"Transfer-Encoding: identity\r\n" + NO_CHUNK,
    "bare ends of lines": b"GET /first HTTP/1.1\nHost: a\n\n",
    "a bare end of the first line": b"GET /first HTTP/1.1\nHost: a\r\n\r\n",
    "a bare CR": b"GET /first HTTP/1.1\rHost: a\r\n\r\n",
    "bare ends of chunks": POST + CHUNKED + b"\r\n0\n\n",
    "a folded line": POST + b"X: y\r\n Content-Length: 3\r\n\r\n",
    "a NUL": POST + b"X: y\0\r\n\r\n",
}
ONE_ONLY = {
    "a bare LF in the address": b"GET /first\nX: y HTTP/1.1\r\nHost: a\r\n\r\n",
    "chunks of an old version": b"POST /first HTTP/1.0\r\n" + CHUNKED + NO_CHUNK,
}
UPGRADE = b" HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
KEY = b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
NO_REQUEST = {
    "noise": b"\x16\x03\x01\x02",
    "no key": b"GET /ws" + UPGRADE + b"Sec-WebSocket-Version: 13\r\n\r\n",
    "an old version": b"GET /ws" + UPGRADE + KEY + b"Sec-WebSocket-Version: 8\r\n\r\n",
    "a long line": b"GET /ws" + UPGRADE + KEY + b"X: " + b"y" * 20_000 + b"\r\n\r\n",
    "another method": b"POST /ws" + UPGRADE + KEY + b"Sec-WebSocket-Version: 13\r\n\r\n",
}


@pytest.fixture(params=STARTED)
def given(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Have uvicorn's own command line read the options."""
    kept: dict[str, Any] = {}
    command = importlib.import_module("uvicorn.main")
    monkeypatch.setattr(command, "run", lambda _, **words: kept.update(words))
    command.main([*STARTED[request.param], "app.main:app"], standalone_mode=False)
    del kept["app_dir"]
    return kept | {"lifespan": "off", "log_config": None, "log_level": None}


@contextlib.asynccontextmanager
async def serving(app: Any, given: dict[str, Any]) -> AsyncIterator[int]:
    """Serve an application; gives its port."""
    with listen() as listening:
        server = uvicorn.Server(uvicorn.Config(app, **given))
        task = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            await task


async def say(port: int, data: bytes) -> bytes:
    """Send bytes, and that no more will come; gives what is answered until the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(data)
    writer.write_eof()
    async with asyncio.timeout(20):
        answer = await reader.read()
    writer.close()
    return answer


class Echo:
    """An application that notes the requests which it was asked whole."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close"})
            return
        message: dict[str, Any] = {"more_body": True}
        while message.get("more_body"):
            message = await receive()
        if message["type"] == "http.disconnect":
            return
        self.seen.append(scope["path"])
        headers = [(b"content-length", b"0"), (b"connection", b"close")]
        close = headers if scope["path"] == "/hidden" else headers[:1]
        await send({"type": "http.response.start", "status": 200, "headers": close})
        await send({"type": "http.response.body"})


async def test_no_request_is_hidden_in_another(given: dict[str, Any]) -> None:
    echo = Echo()
    async with serving(echo, given) as port:
        for name, data in REFUSED.items():
            answer = await say(port, data + HIDDEN)
            assert answer.startswith(b"HTTP/1.1 400 "), name
            assert answer.count(b"HTTP/1.1 ") == 1, name
            assert echo.seen == [], name
        for name, data in ONE_ONLY.items():
            assert (await say(port, data + HIDDEN)).count(b"HTTP/1.1 ") == 1, name
            assert echo.seen == ["/first"], name
            echo.seen.clear()
        await say(port, POST + CHUNKED + NO_CHUNK + HIDDEN)
        assert echo.seen == ["/first", "/hidden"], "two honest ones are two"


async def test_a_socket_that_is_asked_for_as_it_must_is_opened(given: dict[str, Any]) -> None:
    async with serving(Echo(), given) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /ws" + UPGRADE + KEY + b"Sec-WebSocket-Version: 13\r\n\r\n")
        async with asyncio.timeout(20):
            assert (await reader.readline()).startswith(b"HTTP/1.1 101 ")
        writer.close()


async def test_the_servers_own_answers_have_the_headers_once(
    given: dict[str, Any], tmp_path: Path
) -> None:
    wanted = [*SECURITY, (b"content-security-policy", POLICY.encode())]
    ours = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    async with serving(create_app(settings(tmp_path)), given) as port:
        for name, data in {**NO_REQUEST, "ours": ours}.items():
            head = (await say(port, data)).partition(b"\r\n\r\n")[0]
            first, *lines = head.split(b"\r\n")
            assert first.startswith(b"HTTP/1.1 200 " if name == "ours" else b"HTTP/1.1 400 "), name
            fields = [line.lower().partition(b": ")[0] for line in lines]
            assert len(set(fields)) == len(fields), name
            for field, value in wanted:
                assert field + b": " + value in lines, (name, field)
            assert b"server" not in fields
