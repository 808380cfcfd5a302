import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from app.ports import (
    BadPayloadError,
    ProviderError,
    RateLimitedError,
    RejectedError,
    UnavailableError,
)
from app.providers.hosts import host_of, is_loopback
from app.providers.http import Http
from app.providers.limits import Limit, Priority, prioritised
from tests.providers.clocks import RealClock
from tests.servers import head, serve_app, serve_bytes

KEY = "sk-very-secret-key-123"


class Service:
    """Answers as the path says and remembers what it was asked."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.failures = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await Starlette(routes=[Route("/{rest:path}", self.answer, methods=["GET", "POST"])])(
            scope, receive, send
        )

    async def answer(self, request: Request) -> Response:
        self.requests.append(request)
        kind = request.path_params["rest"].partition("/")[0]
        if kind == "flaky" and self.failures:
            self.failures -= 1
            return Response("not now", 503)
        if kind.isdigit():
            headers = dict(request.query_params)
            return Response(f"no \x1b[31m{KEY}\u202e way", int(kind), headers)
        if kind == "html":
            return Response("<html>Cloudflare</html>", media_type="text/html")
        if kind == "here":
            return RedirectResponse("/json")
        if kind == "away":
            return RedirectResponse("http://localhost.example/json")
        if kind == "circle":
            return RedirectResponse("/circle")
        return JSONResponse({"path": request.url.path, "body": (await request.body()).decode()})


@pytest.fixture(scope="module")
async def served() -> AsyncIterator[tuple[Service, str]]:
    service = Service()
    async with serve_app(service) as address:
        yield service, address


@pytest.fixture
def service(served: tuple[Service, str]) -> Service:
    served[0].requests.clear()
    served[0].failures = 0
    return served[0]


@pytest.fixture
def url(served: tuple[Service, str]) -> str:
    return served[1]


async def test_it_asks_and_tells(http: Http, service: Service, url: str) -> None:
    answer = await http.get(f"{url}/json/a", params={"b": 1}, headers={"x-api-key": KEY})
    assert (answer.status, answer.json) == (200, {"path": "/json/a", "body": ""})
    sent = service.requests[0]
    assert sent.query_params["b"] == "1"
    assert sent.headers["x-api-key"] == KEY
    assert sent.headers["user-agent"] == "auto-trader"
    posted = await http.post(f"{url}/json", {"a": [1]})
    assert posted.json == {"path": "/json", "body": '{"a":[1]}'}
    told = http.snapshot()[host_of(url)]
    assert told["requests"] == 2
    assert told["errors"] == {}
    assert told["last_success_at"] is not None


async def test_services_are_counted_apart_on_one_host(http: Http, url: str) -> None:
    tokens, candles = http.named("tokens"), http.named("candles")
    await tokens.get(f"{url}/json/a")
    await http.named("candles").get(f"{url}/json/b")
    with pytest.raises(UnavailableError):
        await candles.get(f"{url}/503")
    assert http.answers() == {"tokens": 1, "candles": 1}
    told = http.services()
    assert told["tokens"]["errors"] == {}
    assert told["tokens"]["hosts"] == [host_of(url)]
    assert told["candles"]["requests"] == 2
    assert told["candles"]["errors"] == {"UnavailableError": 1}
    assert str(told["candles"]["last_error"]).startswith("GET /503 answered 503")
    assert http.snapshot()[host_of(url)]["requests"] == 3


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("400", RejectedError),
        ("401", RejectedError),
        ("404", RejectedError),
        ("408", UnavailableError),
        ("429", RateLimitedError),
        ("500", UnavailableError),
        ("503", UnavailableError),
        ("html", BadPayloadError),
        ("304", RejectedError),
        ("away", RejectedError),
        ("circle", RejectedError),
    ],
)
async def test_every_failure_is_one_of_four(
    http: Http, url: str, path: str, error: type[ProviderError]
) -> None:
    with pytest.raises(ProviderError) as caught:
        await http.get(f"{url}/{path}")
    assert type(caught.value) is error
    told = http.snapshot()[host_of(url)]
    assert told["errors"] == {error.__name__: 1}
    assert told["last_error"] == str(caught.value)
    assert told["last_success_at"] is None


async def test_messages_say_what_happened_and_nothing_secret(http: Http, url: str) -> None:
    with pytest.raises(RejectedError) as caught:
        await http.get(
            f"{url}/400/path/{KEY}-and-more", params={"api-key": KEY}, headers={"x-api-key": KEY}
        )
    assert str(caught.value) == "GET /400/path/[hidden] answered 400: no [31m[hidden] way"
    with pytest.raises(RejectedError) as caught:
        await http.get(f"{url}/400", headers={"authorization": f"Bearer {KEY}"})
    assert KEY not in str(caught.value)


async def test_a_long_body_is_shown_in_part(http: Http) -> None:
    async def long(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(head(500, "text/html") + b"x" * 100_000)

    async with serve_bytes(long) as address:
        with pytest.raises(UnavailableError) as caught:
            await http.get(address)
    assert str(caught.value).count("x") == 200


async def test_a_redirect_on_the_same_host_is_followed(http: Http, url: str) -> None:
    assert (await http.get(f"{url}/here")).json == {"path": "/json", "body": ""}


async def test_allowed_statuses_are_answers(http: Http, url: str) -> None:
    assert (await http.get(f"{url}/404", allow=(404,))).json is None


async def test_an_unavailable_service_is_asked_again_and_others_are_not(
    http: Http, clock: RealClock, service: Service, url: str
) -> None:
    service.failures = 2
    assert (await http.get(f"{url}/flaky", retries=2)).status == 200
    assert clock.slept == [0.5, 1.0]
    for path in ("400", "html"):
        with pytest.raises(ProviderError):
            await http.get(f"{url}/{path}", retries=2)
    assert len(service.requests) == 5
    service.failures = 3
    with pytest.raises(UnavailableError):
        await http.get(f"{url}/flaky", retries=2)


async def test_too_many_pauses_the_host(http: Http, clock: RealClock, url: str) -> None:
    with pytest.raises(RateLimitedError) as caught:
        await http.get(f"{url}/429", params={"retry-after": "30"})
    assert caught.value.retry_after == 30
    with prioritised(Priority.UI), pytest.raises(RateLimitedError, match="no turn within 10 s"):
        await http.get(f"{url}/json")
    assert http.snapshot()[host_of(url)]["requests"] == 1
    assert http.snapshot()[host_of(url)]["turned_away"] == 1


async def test_a_limit_holds_for_other_machines_only(http: Http, url: str) -> None:
    http.limit(url, Limit(per_minute=1))
    for _ in range(5):
        await http.get(f"{url}/json")
    http.limit("https://service.example/v2", Limit(per_minute=1))
    assert "service.example" in http.snapshot()
    http.throttled("https://service.example/v2")
    assert http.snapshot()["service.example"]["paused_seconds"] == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("address", ["ftp://127.0.0.1/a", "nonsense", "http://[::1/", ""])
async def test_an_address_that_is_none_is_rejected(http: Http, address: str) -> None:
    with pytest.raises(RejectedError):
        await http.get(address)


async def test_the_environment_names_no_proxy(
    clock: RealClock, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    client = Http(clock)
    assert (await client.get(f"{url}/json")).status == 200
    await client.aclose()


async def test_keys_in_queries_stay_out_of_the_log(
    http: Http, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await http.get(f"{url}/json", params={"api-key": KEY})
    assert KEY not in caplog.text


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("http://127.0.0.1:80", True),
        ("http://127.8.0.9", True),
        ("http://[::1]:9/a", True),
        ("http://localhost/", True),
        ("http://sim.localhost/", True),
        ("http://localhost.example", False),
        ("http://0.0.0.0", False),
        ("https://api.geckoterminal.com", False),
        ("nonsense", False),
    ],
)
def test_what_is_this_machine(address: str, *, local: bool) -> None:
    assert is_loopback(address) is local


def test_a_hosts_name_holds_no_password() -> None:
    assert host_of("https://me:secret@rpc.example:8899/v2/key?api-key=1") == "rpc.example:8899"
