"""A service that answers as a test says, and remembers what it was asked."""

import json
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

Answer = Callable[[Request], object]
"""Returns JSON, bytes, or (status, JSON or bytes)."""


class Answers:
    """An ASGI app; set `answer` before asking."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.answer: Answer = lambda _: {}

    def will(self, value: object) -> None:
        self.asked.clear()
        self.answer = lambda _: value

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        self.asked.append(request)
        value = self.answer(request)
        status, body = value if isinstance(value, tuple) else (200, value)
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        await Response(raw, status, media_type="application/json")(scope, receive, send)
