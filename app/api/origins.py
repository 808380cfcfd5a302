"""Under which names the platform answers, and which origins a browser may come from.

Who makes a name of its own point at this machine (DNS rebinding) gets a page that browsers take for
ours. So each request, and each socket before its upgrade, must name a host that is known: those of
our own origins, loopback, what AUTOTRADER_ALLOWED_HOSTS lists, and bare addresses, which nobody can
point elsewhere. No host, like no origin, is a program: browsers always send both.
"""

import ipaddress
import re
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.types import Scope

from app.api.errors import Problem
from app.api.headers import TLS

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
KNOWN_HOSTS = 1_024
HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^\s:/?#@\[\]]+)(?::\d{0,5})?", re.ASCII)


def own(settings: Any) -> tuple[str, ...]:
    """List the origins that the platform answers under: configured ones first, then its address."""
    host = settings.host if ":" not in settings.host else f"[{settings.host}]"
    hosts = LOOPBACK if host in {*LOOPBACK, "0.0.0.0", "[::]"} else (host,)  # noqa: S104  # compared, not bound
    return (*settings.public_origins, *(f"http://{name}:{settings.port}" for name in hosts))


def misdirected(scope: Scope) -> Problem | None:
    """Judge the host that a request or a socket names; None when the platform answers to it."""
    given = [value for name, value in scope["headers"] if name == b"host"]
    settings = scope["app"].state.settings
    if all(_is_known(value, settings) or _is_servers(value, scope) for value in given):
        return None
    detail = (
        "This platform does not answer to this host: AUTOTRADER_PUBLIC_ORIGINS names the origins of"
        " its pages, AUTOTRADER_ALLOWED_HOSTS other hosts under which programs ask."
    )
    return Problem(421, "unknown-host", detail)


def allowed(connection: HTTPConnection, settings: Any) -> bool:
    """Tell whether a request may come from where it says: no origin is a program.

    A page may also come from the very address that it asks, when that is one that cannot be
    pointed elsewhere; that a name in it is the name that is asked proves nothing.
    """
    origin = connection.headers.get("origin")
    if origin is None or origin in own(settings):
        return True
    host = connection.headers.get("host", "").lower()
    scheme = "https" if connection.scope["scheme"] in TLS else "http"
    return origin == f"{scheme}://{host}" and _is_fixed(_name_of(host))


def for_sign_in(connection: HTTPConnection, settings: Any) -> str:
    """Choose the origin that a message to sign names: the browser's when it is known, else ours."""
    known = own(settings)
    origin = connection.headers.get("origin")
    return origin if origin in known else known[0]


def _is_servers(host: bytes, scope: Scope) -> bool:
    """Tell whether the server has that name itself: without a socket it has what it is called."""
    name, _ = scope.get("server") or ("", None)
    return name != "" and _name_of(host.decode("latin-1")) == name.lower()


def _is_known(host: bytes, settings: Any) -> bool:
    return _answers(host, settings.host, settings.public_origins, settings.allowed_hosts)


@lru_cache(KNOWN_HOSTS)
def _answers(host: bytes, bound: str, origins: tuple[str, ...], more: tuple[str, ...]) -> bool:
    name = _name_of(host.decode("latin-1"))
    ours = {_name_of(urlsplit(one).netloc) for one in origins}
    return _is_fixed(name) or (name != "" and name in ours | {bound.lower(), *more})


def _name_of(host: str) -> str:
    """Return a host without its port, in lower case; empty when it is none."""
    found = HOST.fullmatch(host.lower())
    return "" if found is None else found[1]


def _is_fixed(name: str) -> bool:
    """Tell whether a name is this machine's own, or an address that no name server can change."""
    try:
        return name == "localhost" or bool(ipaddress.ip_address(name.strip("[]")))
    except ValueError:
        return False
