"""Requests made from the routes that there are, each of them spoilt in some way: from a seed."""

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import unquote

from tests.fuzz import junk
from tests.fuzz.junk import noise

MARK = "\u2603"
ELSEWHERE = (
    "/",
    "//",
    "/docs",
    "/docs/start.js",
    "/openapi.json",
    "/ws",
    "/api",
    "/api/",
    "/api//trades",
    "/api/nope",
    "/index.html",
    "/assets/..%2f..%2f..%2fapp/main.py",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/.well-known/security.txt",
    "/favicon.ico%00.html",
    "*",
)
SLOW = {
    # each of these may begin a process or a computation
    ("post", "/api/backtests"): 0.02,
    ("post", "/api/sweeps"): 0.02,
    ("post", "/api/history/{token}/{timeframe}"): 0.02,
    # each of these ends a session or its token
    ("post", "/api/auth/logout"): 0.05,
    ("post", "/api/auth/refresh"): 0.05,
    # each of these makes something that stays
    ("post", "/api/register"): 0.05,
    ("post", "/api/auth/challenge"): 0.2,
    ("post", "/api/shadows/{wallet}"): 0.05,
    # each of these writes out every counter, or a file
    ("get", "/metrics"): 0.05,
    ("get", "/readyz"): 0.2,
    ("get", "/api/export/{wallet}/{name}"): 0.1,
}
"""How often routes are asked that cost far more than others."""

HUGE = 50 * 1024 * 1024
PIECE = 1024 * 1024
HUGE_ONES = 1 / 20_000


@dataclass(slots=True)
class Wild:
    """A request as a server hands it over."""

    method: str
    target: str
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: Sequence[bytes] = (b"",)
    leaves_early: bool = False
    place: tuple[str, str] = ("", "")

    def scope(self) -> dict[str, Any]:
        """Write it as ASGI has it, the path decoded as the server decodes it."""
        path, _, query = self.target.partition("?")
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": self.method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": self.headers,
            "client": ("127.0.0.1", 50_000),
            "server": ("127.0.0.1", 8_000),
            "state": {},
        }


class Mutator:
    """Makes wild requests; the same seed makes the same ones."""

    def __init__(
        self,
        seed: int,
        document: Mapping[str, Any],
        bodies: Mapping[str, Any],
        known: Mapping[str, Sequence[str]],
    ) -> None:
        self.random = Random(seed)
        self.tokens: Sequence[str] = ()
        self._bodies = bodies
        self._known = known
        self._places = [
            (method, path, operation)
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        ]
        self._weights = [SLOW.get((method, path), 1.0) for method, path, _ in self._places]

    def next(self) -> Wild:
        """Make a request."""
        random = self.random
        if random.random() < 0.03:
            return Wild(self._method("get"), random.choice(ELSEWHERE), self._headers(b""))
        method, path, operation = random.choices(self._places, self._weights)[0]
        parameters = operation.get("parameters", ())
        target = self._path(path) + self._query(parameters)
        body, early = self._body(path) if method in {"post", "put"} else ([b""], False)
        if random.random() < 0.03:
            body = [noise(random)]
        headers = self._headers(body[0] if len(body) == 1 else b"x")
        return Wild(self._method(method), target, headers, body, early, (method, path))

    def _method(self, own: str) -> str:
        chance = self.random.random()
        if chance < 0.88:
            return own.upper()
        return self.random.choice(junk.METHODS if chance < 0.98 else junk.ODD_METHODS)

    def _text(self) -> str:
        random = self.random
        if random.random() < 0.1:
            return "".join(f"%{byte:02X}" for byte in noise(random, 12))
        return random.choice(junk.TEXTS)

    def _path(self, template: str) -> str:
        parts = []
        for part in template.split("/"):
            name = part[part.find("{") + 1 : part.find("}")] if "{" in part else ""
            if not name:
                parts.append(part)
            elif self.random.random() < 0.75 and name in self._known:
                parts.append(part.replace(f"{{{name}}}", self.random.choice(self._known[name])))
            else:
                parts.append(self._text())
        path = "/".join(parts)
        return path if self.random.random() < 0.98 else path + self._text()

    def _query(self, parameters: Sequence[Mapping[str, Any]]) -> str:
        random = self.random
        names = [one["name"] for one in parameters if one["in"] == "query"]
        given = [f"{name}={self._text()}" for name in names if random.random() < 0.3]
        if random.random() < 0.05:
            given.append(f"{self._text()}={self._text()}")
        if given and random.random() < 0.1:
            given.append(random.choice(given))
        if random.random() < 0.02:
            given.append("&" * 500 + "=" * 10)
        return "?" + "&".join(given) if given else ""

    def _headers(self, body: bytes) -> list[tuple[bytes, bytes]]:
        random = self.random
        made = [(b"host", b"127.0.0.1:8000")]
        chance = random.random()
        if self.tokens and chance < 0.85:
            token = random.choice(self.tokens).encode()
            if chance < 0.7:
                made.append((b"authorization", b"Bearer " + token))
            else:
                made.append((b"cookie", b"autotrader_session=" + token))
                made.append((b"x-requested-with", b"fetch"))
        if body:
            kind = b"application/json" if random.random() < 0.85 else random.choice(junk.KINDS)
            made.append((b"content-type", kind))
            length = str(len(body)).encode()
            wrong = random.random() < 0.03
            made.append((b"content-length", random.choice(junk.LENGTHS) if wrong else length))
        while random.random() < 0.15:
            value = random.choice(junk.VALUES) if random.random() < 0.8 else noise(random)
            made.append((random.choice(junk.NAMES), value))
        if random.random() < 0.02:
            made += made
        return made

    def _body(self, path: str) -> tuple[list[bytes], bool]:
        random = self.random
        chance = random.random()
        if chance < HUGE_ONES:
            return [b" " * PIECE] * (HUGE // PIECE), False
        if chance < 0.01:
            return [b" " * random.choice((65_536, 65_537, 200_000))], False
        text = self._spoilt(path)
        body = text.encode(errors="surrogatepass")
        if random.random() < 0.05:
            body = body[: random.randrange(len(body) + 1)]
        if random.random() < 0.05 and body:
            place = random.randrange(len(body))
            body = body[:place] + random.randbytes(1) + body[place + 1 :]
        if random.random() < 0.1:
            cut = random.randrange(len(body) + 1)
            return [body[:cut], b"", body[cut:]], random.random() < 0.3
        return [body], False

    def _spoilt(self, path: str) -> str:
        random = self.random
        body = deepcopy(self._bodies.get(path, {}))
        if random.random() < 0.1:
            return json.dumps(body)
        if not isinstance(body, dict) or not body or random.random() < 0.1:
            return random.choice(junk.JSON)
        inner = body
        while True:
            name = random.choice(list(inner))
            if random.random() < 0.1:
                inner[random.choice(junk.TEXTS)[:40]] = MARK
                break
            below = inner[name]
            if not isinstance(below, dict) or not below or random.random() < 0.3:
                inner[name] = MARK
                break
            inner = below
        return json.dumps(body).replace(json.dumps(MARK), random.choice(junk.JSON))
