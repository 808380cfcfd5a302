"""Addresses of other machines that are spoken to without TLS that proves who answers.

They are told and not refused: a network of one's own may be as good.
"""

import os
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from sqlalchemy import URL, make_url

from app.providers.hosts import is_loopback
from app.store.location import POSTGRES

PROVING: Final = frozenset({"verify-ca", "verify-full"})
BETTER: Final = {"redis": "rediss://", "http": "https://"}


class Unprotected(NamedTuple):
    """A setting, and what it should say."""

    setting: str
    expected: str


def unprotected(addresses: Mapping[str, str]) -> Iterator[Unprotected]:
    """Judge addresses by the settings that hold them; empty ones are not set."""
    for setting, address in addresses.items():
        scheme = address.partition("://")[0]
        if scheme == POSTGRES:
            if not _is_proved(make_url(address)):
                yield Unprotected(setting, "sslmode=verify-full")
        elif scheme in BETTER and not is_loopback(address):
            yield Unprotected(setting, BETTER[scheme])


def _is_proved(url: URL) -> bool:
    """Tell whether a server is this machine's, or must show a certificate that is checked."""
    if all(map(_is_here, _hosts(url))):
        return True
    return (url.query.get("sslmode") or os.environ.get("PGSSLMODE")) in PROVING


def _hosts(url: URL) -> list[str]:
    """Return where the driver looks for a server; without any word it is a socket file."""
    if url.host:
        return [url.host]
    named = url.query.get("host") or os.environ.get("PGHOST", "")
    return named.split(",") if isinstance(named, str) else list(named)


def _is_here(host: str) -> bool:
    name = f"[{host}]" if host.count(":") > 1 else host
    return not host or host.startswith("/") or is_loopback(f"//{name}")
