"""The one door to the outside: every request of every provider passes here, and only here.

Bounded in time (3 s to connect, a deadline for the whole), in size (8 MiB of body after unpacking,
1 MiB per event) and in number (a bucket per host, see `limits`). No environment proxies, no
redirect to another host, and no query, header or key in any message. What goes wrong leaves as one
of the four errors of `app.ports`. It knows no service and no shape of an answer.
"""

import asyncio
import logging
import random
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager, contextmanager
from copy import copy
from functools import cache
from typing import Self, TypedDict, Unpack, cast

import httpx
from httpx_sse import EventSource, SSEError

from app.ports import (
    BadPayloadError,
    Clock,
    ProviderError,
    RejectedError,
    UnavailableError,
)
from app.providers.bodies import Answer, Unpacker, read_json, secrets, show, show_path
from app.providers.dates import Dates
from app.providers.hosts import Host, Service, host_of, is_loopback
from app.providers.limits import Bucket, Limit, current_priority
from app.providers.lines import MAX_EVENT_BYTES, Event, Lines

CONNECT_SECONDS = 3.0
MAX_BODY_BYTES = 8 * 1024 * 1024
MAX_REDIRECTS = 3
RETRY_SECONDS = 0.5
NO_CONTENT = 204

# httpx logs whole addresses, keys in queries included, at INFO.
logging.getLogger("httpx").setLevel(logging.WARNING)


class _Parts(TypedDict, total=False):
    params: Mapping[str, str | int] | None
    headers: Mapping[str, str] | None
    json: object


class Http:
    """The client. One for the whole process, so that a host's limit holds for all who ask it."""

    def __init__(
        self,
        clock: Clock,
        *,
        user_agent: str = "auto-trader",
        jitter: Callable[[], float] = random.random,
        max_body_bytes: int = MAX_BODY_BYTES,
    ) -> None:
        self._clock = clock
        self._jitter = jitter
        self._max_body_bytes = max_body_bytes
        self._hosts: dict[str, Host] = {}
        self._services: dict[str, Service] = {}
        self.service = Service()
        """Counts what passes here; a door made by `named` has one of its own."""
        self.dates = Dates()
        self._client = httpx.AsyncClient(
            verify=_certificates(),
            trust_env=False,
            follow_redirects=False,
            headers={"user-agent": user_agent, "accept-encoding": "gzip"},
            # Hosts are few, and each has its own room: a hung one must not take everybody's.
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=20),
        )

    def named(self, name: str) -> Self:
        """Return this door for one service: what passes it is counted under its name as well."""
        door = copy(self)
        door.service = self._services.setdefault(name, Service())
        return door

    def services(self) -> dict[str, dict[str, object]]:
        """Tell by service: requests, answers, errors by class, last error, last success, hosts."""
        return {name: service.snapshot() for name, service in self._services.items()}

    def answers(self) -> dict[str, int]:
        """Count the answers of every service so far; each event of a stream is one."""
        return {name: service.answers for name, service in self._services.items()}

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    def limit(self, url: str, limit: Limit) -> None:
        """Set what the host of an address allows; a host on this machine is never limited."""
        pause = Limit(backoff_seconds=limit.backoff_seconds)
        self._host(url).bucket.change(pause if is_loopback(url) else limit)

    def throttled(self, url: str) -> None:
        """Pause the host of an address that said "too many" in a body instead of a status."""
        self._host(url).bucket.refused({})

    async def get(
        self,
        url: str,
        *,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        seconds: float = 10.0,
        retries: int = 0,
        allow: Collection[int] = (),
    ) -> Answer:
        """Ask for JSON within some seconds; `allow` names error statuses that are answers too.

        `retries` more attempts follow an UnavailableError. Raises ProviderError.
        """
        for attempt in range(retries):
            try:
                return await self._ask("GET", url, seconds, allow, params=params, headers=headers)
            except UnavailableError:
                await self._clock.sleep(RETRY_SECONDS * 2.0**attempt * (0.5 + self._jitter()))
        return await self._ask("GET", url, seconds, allow, params=params, headers=headers)

    async def post(
        self,
        url: str,
        body: object,
        *,
        headers: Mapping[str, str] | None = None,
        seconds: float = 10.0,
        allow: Collection[int] = (),
    ) -> Answer:
        """Send JSON and return the answer's; never repeated here. Raises ProviderError."""
        return await self._ask("POST", url, seconds, allow, json=body, headers=headers)

    @asynccontextmanager
    async def events(
        self,
        url: str,
        *,
        idle: float,
        headers: Mapping[str, str] | None = None,
        heard: Callable[[], None] = lambda: None,
        max_event_bytes: int = MAX_EVENT_BYTES,
    ) -> AsyncIterator[AsyncIterator[Event] | None]:
        """Open an event stream; None when the service says that there is none (204).

        A stream without a complete line for `idle` seconds ends with UnavailableError, a clean end
        ends the iteration. `heard` is called whenever bytes come. Raises ProviderError.
        """
        asked = {"accept": "text/event-stream", "cache-control": "no-store"}
        asked |= {"accept-encoding": "identity", **(headers or {})}
        request = self._request("GET", url, idle + 1, headers=asked)
        host = self._host(url)
        with self._failing(host, request):
            await host.bucket.take(current_priority())
            async with asyncio.timeout(CONNECT_SECONDS + idle):
                response = await self._send(host, request)
        try:
            with self._failing(host, request):
                await self._judge_stream(host, request, response)
            if response.status_code == NO_CONTENT:
                yield None
            else:
                lines = _LineStream(response, idle, heard, Lines(max_event_bytes))
                async with aclosing(self._parsed(host, request, lines)) as events:
                    yield events
        finally:
            await response.aclose()

    def snapshot(self) -> dict[str, dict[str, object]]:
        """Tell by host: requests, errors by class, last error, last success, who waits."""
        return {name: host.snapshot() for name, host in self._hosts.items()}

    async def _ask(
        self, method: str, url: str, seconds: float, allow: Collection[int], **parts: Unpack[_Parts]
    ) -> Answer:
        request = self._request(method, url, seconds, **parts)
        host = self._host(url)
        with self._failing(host, request):
            await host.bucket.take(current_priority())
            async with asyncio.timeout(seconds), host.room:
                response = await self._send(host, request)
                try:
                    body = await self._read(response)
                finally:
                    await response.aclose()
            text = _answer(request, response, body)
            if response.status_code not in allow:
                host.judge(response.status_code, response.headers, text)
            json = read_json(body, text, strict=response.is_success)
        self._succeeded(host)
        return Answer(response.status_code, json)

    def _request(
        self, method: str, url: str, seconds: float, **parts: Unpack[_Parts]
    ) -> httpx.Request:
        times = httpx.Timeout(seconds, connect=CONNECT_SECONDS)
        try:
            return self._client.build_request(method, url, timeout=times, **parts)
        except (httpx.InvalidURL, ValueError, TypeError) as error:
            raise RejectedError(f"{method}: no request can be made: {error}") from error

    async def _send(self, host: Host, request: httpx.Request) -> httpx.Response:
        for _ in range(MAX_REDIRECTS + 1):
            host.requests += 1
            self.service.requests += 1
            sent = self._clock.now()
            response = await self._client.send(request, stream=True)
            if not is_loopback(str(request.url)):  # this machine's clock says nothing of ours
                name, received = request.url.host, self._clock.now()
                self.dates.heard(name, response.headers, sent, received)
            host.statuses[response.status_code] += 1
            if response.next_request is None:
                return response
            await response.aclose()
            if _origin(response.next_request.url) != _origin(request.url):
                raise RejectedError(f"{_what(request)} redirects elsewhere")
            request = response.next_request
        raise RejectedError(f"{_what(request)} redirects in circles")

    async def _read(self, response: httpx.Response) -> bytes:
        unpacker = Unpacker(response.headers.get("content-encoding", ""), self._max_body_bytes)
        async for chunk in response.aiter_raw():
            unpacker.feed(chunk)
        return unpacker.body()

    async def _judge_stream(
        self, host: Host, request: httpx.Request, response: httpx.Response
    ) -> None:
        body = b""
        if not response.is_success:
            async with asyncio.timeout(CONNECT_SECONDS):
                body = await self._read(response)
        host.judge(response.status_code, response.headers, _answer(request, response, body))
        self._succeeded(host, answers=0)

    async def _parsed(
        self, host: Host, request: httpx.Request, lines: "_LineStream"
    ) -> AsyncGenerator[Event]:
        with self._failing(host, request):
            async with aclosing(EventSource(lines.response()).aiter_sse()) as events:
                async for event in events:
                    self._succeeded(host)
                    yield Event(event.event, event.data, event.id, event.retry)

    @contextmanager
    def _failing(self, host: Host, request: httpx.Request) -> Iterator[None]:
        """Let everything that goes wrong leave as an error of the ports, and count it."""
        try:
            try:
                yield
            except TimeoutError as error:
                raise UnavailableError(f"{_what(request)} took too long") from error
            except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
                raise RejectedError(f"{_what(request)}: {error}") from error
            except httpx.TransportError as error:
                if isinstance(error, SSEError):
                    raise BadPayloadError(f"{_what(request)} is no event stream") from error
                reason = f"{type(error).__name__} {error}".strip()
                raise UnavailableError(f"{_what(request)} failed: {reason}") from error
        except ProviderError as error:
            host.failed(error, self._clock.now())
            self.service.failed(error, self._clock.now())
            raise

    def _succeeded(self, host: Host, answers: int = 1) -> None:
        host.succeeded(self._clock.now(), answers)
        self.service.succeeded(self._clock.now(), answers)

    def _host(self, url: str) -> Host:
        name = host_of(url)
        self.service.hosts[name] = None
        if name not in self._hosts:
            self._hosts[name] = Host(bucket=Bucket(self._clock, Limit(), jitter=self._jitter))
        return self._hosts[name]


class _LineStream(httpx.AsyncByteStream):
    """The bytes of a response as whole lines, watched: too long without a line is an error."""

    def __init__(
        self, response: httpx.Response, idle: float, heard: Callable[[], None], lines: Lines
    ) -> None:
        self._response = response
        self._idle = idle
        self._heard = heard
        self._lines = lines

    def response(self) -> httpx.Response:
        """Return a response with these lines as its body, always UTF-8, for the event parser."""
        kind = self._response.headers.get("content-type", "").partition(";")[0]
        headers = {"content-type": f"{kind}; charset=utf-8"}
        return httpx.Response(self._response.status_code, headers=headers, stream=self)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield whole lines; only the time spent waiting for bytes counts as silence."""
        clock = asyncio.get_running_loop().time
        silent = 0.0
        raw = cast("AsyncGenerator[bytes]", self._response.aiter_raw())
        async with aclosing(raw) as chunks:
            while True:
                began = clock()
                async with asyncio.timeout(self._idle - silent):
                    chunk = await anext(chunks, b"")
                if not chunk:
                    return
                self._heard()
                lines = self._lines.feed(chunk)
                silent = 0.0 if lines else silent + clock() - began
                if lines:
                    yield lines


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


def _answer(request: httpx.Request, response: httpx.Response, body: bytes) -> str:
    sent = [*request.headers.items(), *request.url.params.multi_items()]
    return f"{_what(request)} answered {response.status_code}: {show(body, secrets(sent))}"


def _what(request: httpx.Request) -> str:
    return f"{request.method} {show_path(request.url.path)}"


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
