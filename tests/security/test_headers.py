"""What every answer says to a browser: of every route, every file and every refusal."""

import asyncio
import re
from collections import Counter

import httpx
import pytest

from app.api.dashboard import DIST
from app.api.headers import UNUSED
from tests.api.stage import Stage, running
from tests.api.test_access import ask, operations
from tests.security.callers import Callers

EXACT = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": ", ".join(f"{name}=()" for name in UNUSED),
}
OURS = {
    "default-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}
ELSEWHERE = ["/", "/trades", "/docs", "/docs/start.js", "/openapi.json", "/nope.js", "/api", "/ws"]


def check(answer: httpx.Response, place: str) -> None:
    """Check that an answer has each header once, and what it says."""
    many = Counter(name.lower() for name, _ in answer.headers.multi_items())
    for name, value in EXACT.items():
        assert answer.headers[name] == value, (place, name)
        assert many[name] == 1, (place, name)
    assert many["content-security-policy"] == many["cache-control"] == 1, place
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy, place
    assert "http:" not in policy, place
    report = policy.startswith("sandbox; default-src 'none'")
    assert report or set(policy.split("; ")) == OURS, place
    assert answer.headers["x-request-id"], place
    assert "x-powered-by" not in answer.headers
    assert "strict-transport-security" not in answer.headers, "only TLS may say that"


async def test_every_answer_of_every_route(stage: Stage) -> None:
    callers = Callers(await stage.register(), await stage.register())
    for method, path in operations(stage):
        headers = await callers.good(stage, callers.owner)
        for asked in (headers, {}):
            answer = await ask(stage, method, path, callers.owner.wallet, asked)
            check(answer, f"{method} {path}")
            if path.startswith("/api/"):
                assert answer.headers["cache-control"] == "no-store", path


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "DELETE", "TRACE", "PATCH"])
async def test_every_other_answer(stage: Stage, method: str) -> None:
    for path in ELSEWHERE:
        check(await stage.client.request(method, path, headers={"Accept": "text/html"}), path)


@pytest.mark.skipif(not DIST.is_dir(), reason="the dashboard is not built")
async def test_every_file_of_the_dashboard(stage: Stage) -> None:
    files = [one for one in DIST.rglob("*") if one.is_file()]
    assert len(files) > 10
    for file in files:
        path = f"/{file.relative_to(DIST).as_posix()}"
        answer = await stage.client.get(path)
        assert answer.status_code == 200, path
        check(answer, path)


@pytest.mark.skipif(not DIST.is_dir(), reason="the dashboard is not built")
def test_the_page_needs_nothing_inline() -> None:
    page = (DIST / "index.html").read_text()
    assert "<style" not in page
    assert " style=" not in page
    assert not re.search(r"\son[a-z]+=", page)
    assert "<script>" not in page
    assert "javascript:" not in page


async def test_transport_is_held_to_over_tls_only(stage: Stage) -> None:
    transport = httpx.ASGITransport(app=stage.app)
    async with httpx.AsyncClient(transport=transport, base_url="https://127.0.0.1") as secure:
        for path in ("/", "/api/signals", "/api/nope", "/healthz"):
            headers = (await secure.get(path)).headers
            assert headers["strict-transport-security"] == "max-age=31536000", path


async def test_a_refused_socket_is_an_answer_like_others(stage: Stage) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
    lines = [
        "GET /ws HTTP/1.1",
        f"Host: 127.0.0.1:{stage.port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec-WebSocket-Version: 13",
        "Origin: https://evil.example",
        "\r\n",
    ]
    writer.write("\r\n".join(lines).encode())
    head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)).decode().lower()
    writer.close()
    assert head.startswith("http/1.1 403")
    for name, value in EXACT.items():
        assert f"{name}: {value}".lower() in head


async def test_whom_to_tell_of_a_weakness(stage: Stage) -> None:
    path = "/.well-known/security.txt"
    assert (await stage.client.get(path)).status_code == 404
    settings = stage.app.state.settings
    changes = {
        "security_contact": "mailto:security@trader.example",
        "public_origins": ("https://trader.example", "http://trader.local"),
    }
    stage.app.state.settings = settings.model_copy(update=changes)
    try:
        answer = await stage.client.get(path)
    finally:
        stage.app.state.settings = settings
    check(answer, path)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == "mailto:security@trader.example"
    assert fields["Canonical"] == "https://trader.example/.well-known/security.txt"
    assert fields["Expires"].endswith("T00:00:00.000Z")


async def test_refusals_of_the_gate(tmp_path_factory: pytest.TempPathFactory) -> None:
    async with running(tmp_path_factory.mktemp("gate")) as stage:
        large = await stage.client.post("/api/register", content=b" " * 100_000)
        assert large.status_code == 413
        check(large, "413")
        kind = {"Content-Type": "text/plain"}
        other = await stage.client.post("/api/register", content=b"x", headers=kind)
        assert other.status_code == 415
        check(other, "415")
        stage.app.state.rates.limits["address"] = type(stage.app.state.rates.limits["address"])(1)
        answers = [await stage.client.get("/api/signals") for _ in range(4)]
        assert answers[-1].status_code == 429
        check(answers[-1], "429")
