"""Who may reach the platform at all, before anything else is looked at.

Unless `AUTOTRADER_PUBLIC` says otherwise only this machine is served. A host in the settings that
others can reach is refused at the start (`config`); what `uvicorn --host` was told is seen here, by
the address that a connection came in on.

    no     this machine only
    tls    everybody, through a proxy or a server that speaks TLS; plain requests are refused
    plain  everybody who reaches it, without encryption: a container's port, a network of one's own
"""

import ipaddress
from functools import lru_cache
from typing import Any

import structlog
from starlette.types import Scope

from app.api.errors import Problem
from app.api.headers import TLS
from app.api.origins import misdirected

log = structlog.get_logger(__name__)

PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
"""What a machine beside this one asks without TLS; they tell nobody's business."""

FORWARDED = frozenset({b"x-forwarded-for", b"x-real-ip", b"forwarded", b"via"})
KNOWN_HOSTS = 1_024


def refusal(scope: Scope) -> Problem | None:
    """Judge the way that a request or a socket came, and the host it names; None: it may pass."""
    return _unexposed(scope) or misdirected(scope)


def _unexposed(scope: Scope) -> Problem | None:
    server = scope.get("server")
    if server is None or is_inside(server[0]):
        return None
    settings: Any = scope["app"].state.settings
    if settings.public == "no":
        _tell_once(server[0])
        detail = "This platform serves its own machine only; AUTOTRADER_PUBLIC says otherwise."
        return Problem(403, "not-public", detail)
    if settings.public == "tls" and scope["scheme"] not in TLS and scope["path"] not in PROBES:
        return Problem(403, "tls-required", "Come over https.")
    return None


@lru_cache(KNOWN_HOSTS)
def is_inside(host: str) -> bool:
    """Tell whether an address that a server was reached at is this machine's alone.

    Servers give numbers here; a name is one that a test made up, a path is a Unix socket.
    """
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return True


def was_forwarded(scope: Scope) -> bool:
    """Tell whether something in between says that it passed a request on."""
    return any(name in FORWARDED for name, _ in scope["headers"])


@lru_cache(KNOWN_HOSTS)
def _tell_once(host: str) -> None:
    log.error(
        "requests come in on a public address and are refused: bind to 127.0.0.1,"
        " or set AUTOTRADER_PUBLIC to tls or plain",
        address=host,
    )
