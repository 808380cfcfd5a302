"""Which origins a browser may come from."""

from typing import Any
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def own(settings: Any) -> tuple[str, ...]:
    """List the origins that the platform answers under: configured ones first, then its address."""
    host = settings.host if ":" not in settings.host else f"[{settings.host}]"
    hosts = LOOPBACK if host in {*LOOPBACK, "0.0.0.0", "[::]"} else (host,)  # noqa: S104  # compared, not bound
    return (*settings.public_origins, *(f"http://{name}:{settings.port}" for name in hosts))


def allowed(connection: HTTPConnection, settings: Any) -> bool:
    """Tell whether a request may come from where it says: no origin is a program."""
    origin = connection.headers.get("origin")
    if origin is None or origin in own(settings):
        return True
    return urlsplit(origin).netloc == connection.headers.get("host", "").lower()


def for_sign_in(connection: HTTPConnection, settings: Any) -> str:
    """Choose the origin that a message to sign names: the browser's when it is known, else ours."""
    known = own(settings)
    origin = connection.headers.get("origin")
    return origin if origin in known else known[0]
