"""What a browser gets: the dashboard, the API's page, headers, and a limit on how often."""

import gzip
import re
from pathlib import Path

import pytest

from app.api import schema
from app.api.dashboard import Dashboard, NoRoute
from tests.api.stage import Stage

BROWSER = {"Accept": "text/html,application/xhtml+xml", "Accept-Encoding": "gzip"}


@pytest.fixture
def built(tmp_path: Path, stage: Stage) -> Path:
    """Put a small build in the place of the real one, which need not be there."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>dashboard</title>")
    (tmp_path / "assets" / "index-abc.js").write_text("let answer = 42;\n" * 1_000)
    (tmp_path / "favicon.svg").write_text("<svg/>")
    (tmp_path / "docs-assets").mkdir()
    (tmp_path / "docs-assets" / "swagger-ui.css").write_text("body {}")
    (tmp_path.parent / "secret.txt").write_text("not yours")
    router = stage.app.router
    router.default = NoRoute(Dashboard(tmp_path), router.default)
    return tmp_path


async def test_every_address_of_the_dashboard_is_its_page(stage: Stage, built: Path) -> None:
    for path in ("/", "/profile", "/strategies?symbol=BONK", "/research/42"):
        response = await stage.client.get(path, headers=BROWSER)
        assert response.status_code == 200, path
        assert "dashboard" in response.text
        assert response.headers["cache-control"] == "no-cache"
        assert response.headers["content-type"] == "text/html; charset=utf-8"
    tag = response.headers["etag"]
    again = await stage.client.get("/", headers={**BROWSER, "If-None-Match": tag})
    assert again.status_code == 304
    (built / "index.html").write_text("<!doctype html><title>built anew</title>")
    assert "built anew" in (await stage.client.get("/", headers=BROWSER)).text


async def test_assets_are_kept_for_good_and_compressed(stage: Stage, built: Path) -> None:
    body = (built / "assets" / "index-abc.js").read_bytes()
    request = stage.client.build_request("GET", "/assets/index-abc.js", headers=BROWSER)
    response = await stage.client.send(request, stream=True)
    raw = b"".join([part async for part in response.aiter_raw()])
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert response.headers["content-encoding"] == "gzip"
    assert response.headers["vary"] == "Accept-Encoding"
    assert gzip.decompress(raw) == body
    plain = await stage.client.get("/assets/index-abc.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == body
    style = await stage.client.get("/docs-assets/swagger-ui.css")
    assert style.headers["content-type"] == "text/css; charset=utf-8"
    icon = await stage.client.get("/favicon.svg")
    assert icon.headers["content-type"] == "image/svg+xml; charset=utf-8"


async def test_what_the_build_packed_is_served_to_who_can_read_it(
    stage: Stage, built: Path
) -> None:
    (built / "assets" / "index-abc.js.br").write_bytes(b"as the build packed it")
    for accepted, encoding in (("gzip, deflate, br", "br"), ("br;q=1.0", "br"), ("gzip", "gzip")):
        headers = {"Accept-Encoding": accepted}
        request = stage.client.build_request("GET", "/assets/index-abc.js", headers=headers)
        response = await stage.client.send(request, stream=True)
        raw = b"".join([part async for part in response.aiter_raw()])
        assert response.headers["content-encoding"] == encoding
        assert response.headers["content-type"].startswith("text/javascript")
        assert (raw == b"as the build packed it") == (encoding == "br")


async def test_nothing_outside_the_build_is_served(stage: Stage, built: Path) -> None:
    del built
    for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/x.js"):
        response = await stage.client.get(path)
        assert response.status_code == 404, path
        assert response.headers["content-type"] == "application/problem+json"
    for path in ("/api/nope", "/api", "/docs/nope", "/ws", "/healthz/x"):
        response = await stage.client.get(path, headers=BROWSER)
        assert response.status_code == 404, path
        assert response.json()["type"] == "/problems/not-found"


async def test_a_dashboard_that_is_not_built_says_how(tmp_path: Path, stage: Stage) -> None:
    router = stage.app.router
    router.default = NoRoute(Dashboard(tmp_path / "nowhere"), router.default)
    response = await stage.client.get("/", headers=BROWSER)
    assert response.status_code == 404
    assert "make build" in response.json()["detail"]


async def test_the_api_page_asks_no_other_host(stage: Stage) -> None:
    page = (await stage.client.get("/docs")).text
    assert re.findall(r'(?:src|href)="([^"]+)"', page) == [
        "/docs-assets/favicon-32x32.png",
        "/docs-assets/swagger-ui.css",
        "/docs-assets/swagger-ui-bundle.js",
        "/docs/start.js",
    ]
    assert "<script>" not in page
    script = await stage.client.get("/docs/start.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert "/openapi.json" in script.text
    served = (await stage.client.get("/openapi.json")).json()
    assert served["openapi"].startswith("3.1")
    assert served == schema.document(stage.app), "other tests read it in the platform's place"
    assert (await stage.client.get("/redoc")).status_code == 404


@pytest.mark.parametrize("path", ["/", "/docs", "/api/signals", "/api/nope", "/healthz"])
async def test_every_answer_has_the_security_headers(stage: Stage, path: str) -> None:
    headers = (await stage.client.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["x-request-id"]
    if path.startswith("/api"):
        assert headers["cache-control"] == "no-store"
    assert "server" not in headers or headers["server"] == "uvicorn"
