"""The built dashboard: its files from memory, compressed once, and its page for every address.

The build packs its own files (`x.js.br` beside `x.js`); the others are packed here.
`index.html` is asked for anew each time; what lies under /assets has its content in its name and is
kept for good. A browser that opens an address of the dashboard gets the page; anything under /api
that does not exist is a problem, whatever the browser says it accepts.
"""

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.errors import Problem, not_found

DIST = Path(__file__).parents[2] / "frontend" / "dist"
FOREVER = "public, max-age=31536000, immutable"
ASK_ANEW = "no-cache"
LEAST_TO_COMPRESS = 512
WORDS = ("text/", "application/javascript", "application/xml", "image/svg+xml")
"""What is text in UTF-8 and says so; JSON is always that."""

TEXT = (*WORDS, "application/json")
OURS = ("/api", "/ws", "/docs", "/openapi.json", "/healthz", "/readyz", "/metrics")


@dataclass(frozen=True, slots=True)
class File:
    """A file in memory."""

    changed: int
    body: bytes
    packed: Mapping[str, bytes]
    """The same by its encoding, the smallest first."""
    kind: str
    etag: str
    caching: str


class Dashboard:
    """What is served where no route is."""

    def __init__(self, folder: Path = DIST) -> None:
        self._folder = folder
        self._files: dict[str, File] = {}

    def file(self, path: str) -> File | None:
        """Find a file of the build; read again when it changed, None when there is none."""
        try:
            place = (self._folder / path).resolve()
            if not place.is_relative_to(self._folder.resolve()) or not place.is_file():
                return None
        except (OSError, ValueError):  # NUL, or a name longer than any file's
            return None
        changed = place.stat().st_mtime_ns
        known = self._files.get(path)
        if known is None or known.changed != changed:
            known = self._files[path] = _load(place, path, changed)
        return known

    def response(self, path: str, headers: Headers) -> Response:
        """Answer a GET. Raises a 404 problem for what is not there."""
        if any(path == one or path.startswith(f"{one}/") for one in OURS):
            raise not_found()
        found = self.file(path.lstrip("/")) if path != "/" else None
        if found is None and (path == "/" or "text/html" in headers.get("accept", "")):
            found = self.file("index.html")
            if found is None:
                detail = "The dashboard is not built here: run `make build`. The API is at /docs."
                raise Problem(404, "dashboard-not-built", detail)
        if found is None:
            raise not_found()
        return _answer(found, headers)


def _load(place: Path, path: str, changed: int) -> File:
    body = place.read_bytes()
    kind = mimetypes.guess_type(place.name)[0] or "application/octet-stream"
    packs = kind.startswith(TEXT) and len(body) >= LEAST_TO_COMPRESS
    return File(
        changed=changed,
        body=body,
        packed=_packed(place, body) if packs else {},
        kind=f"{kind}; charset=utf-8" if kind.startswith(WORDS) else kind,
        etag=f'"{hashlib.sha256(body).hexdigest()[:20]}"',
        caching=FOREVER if path.startswith("assets/") else ASK_ANEW,
    )


def _packed(place: Path, body: bytes) -> dict[str, bytes]:
    found = {"gzip": gzip.compress(body, 9, mtime=0)}
    brotli = place.with_name(f"{place.name}.br")
    return {"br": brotli.read_bytes(), **found} if brotli.is_file() else found


def _answer(file: File, headers: Headers) -> Response:
    common = {"ETag": file.etag, "Cache-Control": file.caching, "Vary": "Accept-Encoding"}
    if headers.get("if-none-match") == file.etag:
        return Response(status_code=304, headers=common)
    accepted = {
        part.split(";")[0].strip() for part in headers.get("accept-encoding", "").split(",")
    }
    for encoding, packed in file.packed.items():
        if encoding in accepted:
            named = {**common, "Content-Encoding": encoding}
            return Response(packed, headers=named, media_type=file.kind)
    return Response(file.body, headers=common, media_type=file.kind)


class NoRoute:
    """What the router asks when no route fits."""

    def __init__(self, dashboard: Dashboard, otherwise: ASGIApp) -> None:
        self._dashboard = dashboard
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the dashboard, or a problem."""
        if scope["type"] != "http":
            await self._otherwise(scope, receive, send)
            return
        if scope["method"] not in {"GET", "HEAD"}:
            raise not_found()
        response = self._dashboard.response(scope["path"], Headers(scope=scope))
        await response(scope, receive, send)
