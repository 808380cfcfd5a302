"""Follows each request from outside of everything else: its id, its span, its line in the log.

The id is the caller's `X-Request-ID` where that is a sane one, so that a proxy's log and ours can
be read together, else one of our own. It stands on every line that is logged meanwhile, in every
problem that is answered, and in the answer's header. No line holds a query: tokens stand there.
"""

import re
import secrets
import time
from itertools import count
from typing import Literal

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.rates import address_of
from app.api.refusals import CALLER
from app.engine import tracing
from app.engine.logs import in_request

log = structlog.get_logger(__name__)

HEADER = b"x-request-id"
SANE = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
LONGEST_PATH = 120
LONG_PART = re.compile(r"[^/]{25,}")
"""What in an unknown path may be a key, a token or an address, put there by mistake."""

Level = Literal["off", "debug", "info"]


class Following:
    """The outermost layer; `requests` says at which level a line tells of each request."""

    def __init__(self, app: ASGIApp, requests: Level) -> None:
        self._app = app
        self._level = requests
        self._process = secrets.token_hex(4)
        self._number = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request or a socket on."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        CALLER.set(address_of(scope))
        with in_request(self._id(scope)):
            if scope["type"] == "websocket":
                await self._app(scope, receive, send)
            else:
                await self._follow(scope, receive, send)

    async def _follow(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        status = 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with tracing.span("request", **{"http.request.method": scope["method"]}) as span:
            try:
                await self._app(scope, receive, noted)
            finally:
                route = getattr(scope.get("route"), "name", None)
                if span is not None:
                    span.set_attribute("http.route", route or "other")
                    span.set_attribute("http.response.status_code", status)
                self._tell(scope, route, status, time.perf_counter() - began)

    def _tell(self, scope: Scope, route: str | None, status: int, seconds: float) -> None:
        if self._level == "off":
            return
        client = scope.get("client")
        tell = log.info if self._level == "info" else log.debug
        tell(
            "request",
            method=scope["method"],
            route=route or LONG_PART.sub("…", scope["path"])[:LONGEST_PATH],
            status=status,
            milliseconds=round(1000 * seconds, 1),
            client=client[0] if client else None,
        )

    def _id(self, scope: Scope) -> str:
        given = [value for name, value in scope["headers"] if name == HEADER]
        if len(given) == 1 and SANE.fullmatch(given[0]):
            return str(given[0].decode())
        return f"{self._process}-{next(self._number):x}"
