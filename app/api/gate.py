"""What every request passes on its way in, and every answer on its way out.

in   who may reach us, and by which name; the rate of its address; a bounded body that is strict
     JSON or a file
out  security headers, metrics; a problem with the request id for what nobody foresaw

Pure ASGI: it costs microseconds, and sees routes that do not exist too.
"""

import time
from collections.abc import Mapping

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api import bodies, exposure, headers
from app.api.bodies import Allowed
from app.api.errors import Problem
from app.api.metrics import Metrics
from app.api.rates import ADDRESS, TOLD, Rates, address_of, fields
from app.engine.logs import current_request
from app.trading.ids import shorten

log = structlog.get_logger(__name__)

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
MOST_DIGITS = 19
PLAIN = Allowed()
LIMITED = ("/api/", "/openapi.json", "/readyz", "/metrics")


class Gate:
    """The outermost layer of ours."""

    def __init__(
        self, app: ASGIApp, rates: Rates, metrics: Metrics, allowed: Mapping[str, Allowed]
    ) -> None:
        self._app = app
        self._allowed = allowed
        self._rates = rates
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; WebSockets have their own rules."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = current_request() or ""
        scope[TOLD] = []
        answer = _Answer(scope, send, request_id, self._metrics)
        try:
            problem, receive = await self._judge(scope, receive)
            if problem is not None:
                scope["app"].state.refusals.problem(problem)
                await problem.response()(scope, receive, answer.send)
            else:
                await self._app(scope, receive, answer.send)
        except Exception:
            wallet = scope.get("path_params", {}).get("wallet", "")
            log.exception(
                "request failed",
                request_id=request_id,
                method=scope["method"],
                route=getattr(scope.get("route"), "name", None),
                wallet=shorten(str(wallet)) or None,
            )
            if answer.started:
                raise
            detail = "Something went wrong here; nothing of it is your fault."
            failure = Problem(500, "internal-error", detail, request_id=request_id)
            await failure.response()(scope, receive, answer.send)

    async def _judge(self, scope: Scope, receive: Receive) -> tuple[Problem | None, Receive]:
        path = scope["path"]
        refusal = exposure.refusal(scope)
        if refusal is not None:
            return refusal, receive
        if path.startswith(LIMITED):
            try:
                await self._rates.hit(scope, ADDRESS, address_of(scope))
            except Problem as problem:
                return problem, receive
        if scope["method"] not in WRITES:
            return None, receive
        given, allowed = Headers(scope=scope), self._allowed.get(_noun(path), PLAIN)
        if int(_digits(given.get("content-length"))) > allowed.largest:
            return bodies.too_large(allowed.largest), receive
        kind = given.get("content-type", "")
        if allowed.kinds:
            fault = bodies.check_kind(kind, allowed) if _has_body(given) else None
            return fault, _bounded(receive, allowed.largest)
        body = await _read(receive, allowed.largest)
        if body is None:
            return bodies.too_large(allowed.largest), receive
        fault = bodies.check(body, kind) if body else None
        return fault, _again(body, receive)


class _Answer:
    """An answer on its way out."""

    __slots__ = ("_began", "_metrics", "_request_id", "_scope", "_send", "started")

    def __init__(self, scope: Scope, send: Send, request_id: str, metrics: Metrics) -> None:
        self._scope = scope
        self._send = send
        self._request_id = request_id
        self._metrics = metrics
        self._began = time.perf_counter()
        self.started = False

    async def send(self, message: Message) -> None:
        """Pass a message on; the first one gets the headers that every answer has."""
        if message["type"] == "http.response.start":
            self.started = True
            given = headers.complete(message.get("headers", ()), self._scope["scheme"])
            given += fields(self._scope[TOLD])
            given.append((b"x-request-id", self._request_id.encode()))
            message["headers"] = given
            took = time.perf_counter() - self._began
            route = getattr(self._scope.get("route"), "name", "other")
            self._metrics.answered(self._scope["method"], route, message["status"], took)
        await self._send(message)


def _digits(text: str | None) -> str:
    return text if text is not None and text.isdecimal() and len(text) <= MOST_DIGITS else "0"


def _noun(path: str) -> str:
    """Return what comes behind /api/ in a path."""
    return path.removeprefix("/api/").partition("/")[0] if path.startswith("/api/") else ""


def _has_body(headers: Headers) -> bool:
    return "transfer-encoding" in headers or _digits(headers.get("content-length")).strip("0") != ""


def _bounded(receive: Receive, largest: int) -> Receive:
    """Pass a body on as it comes; raises a 413 problem where it becomes too large."""
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > largest:
            raise bodies.too_large(largest)
        return message

    return counted


async def _read(receive: Receive, largest: int) -> bytes | None:
    """Read a body; None when it is larger than allowed."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b"".join(parts)
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > largest:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """Give a body that was read once more, then whatever else comes."""
    told = False

    async def replay() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
