"""Carries messages, one at a time: a line of JSON in, a line of JSON out, until there are no more.

`python -m app.providers.notify_apart` is started by `notify.apprise`; the first line says what it
may reach. Addresses are secrets: they come through the pipe and are never logged or answered.
"""

import json
import logging
import os
import socket
import sys
from http import HTTPStatus
from typing import Any

from apprise import Apprise, AppriseAsset, NotifyBase, NotifyFormat, NotifyType, PersistentStoreMode

from app.providers.notify_apart.addresses import (
    MAIL,
    OWN_HOSTS,
    PLAIN,
    allowed,
    is_public,
    ports_of,
)
from app.providers.notify_apart.http import Door, Trip, confine

NICE = 10
SHOWN = 60
TYPES = {"info": NotifyType.INFO, "good": NotifyType.SUCCESS, "bad": NotifyType.WARNING}
LATER = (408, 425, 429)
"""Refusals that may be taken back."""

UNREADABLE = "it cannot be read; look at the form that its service asks for"
Told = dict[str, Any]


def asset() -> AppriseAsset:
    """Say how messages are carried: nothing kept, nothing looked up, no templates."""
    return AppriseAsset(
        app_id="Auto Trader",
        app_desc="Auto Trader",
        storage_mode=PersistentStoreMode.MEMORY,
        http_redirects=False,
        allow_templates=False,
        service_timeout=15.0,
    )


def schema_of(url: str) -> str:
    """Return the schema of an address."""
    return url.partition("://")[0].strip().lower()


def target(url: str, *, private: bool) -> NotifyBase | str:
    """Make what carries messages to an address, or say why there is nothing."""
    schema = schema_of(url)
    if not allowed(schema, private=private):
        return f"{schema}:// is not among the services that may be used"
    made = Apprise.instantiate(url, asset=asset())
    return UNREADABLE if made is None else made


def checked(url: str, *, private: bool) -> Told:
    """Judge an address that a person gave, and show of it what is no secret."""
    made = target(url, private=private)
    if isinstance(made, str):
        return {"error": made}
    schema = schema_of(url)
    host = str(made.host)
    own = schema in OWN_HOSTS | PLAIN
    if own and not private and (wrong := unreachable(host, made.port)) is not None:
        return {"error": wrong}
    return {"shown": masked(schema, host, url), "service": str(made.service_name)}


def masked(schema: str, host: str, url: str) -> str:
    """Show so much of an address that a person knows it again, and nobody else can use it."""
    if schema in MAIL:
        return f"{schema}://…@{host[:SHOWN]}"
    if schema in OWN_HOSTS | PLAIN:
        return f"{schema}://{host[:SHOWN]}/…"
    rest = url.partition("://")[2].partition("?")[0].rstrip("/")
    return f"{schema}://…{rest[len(rest) - min(4, len(rest) // 4) :]}"


def unreachable(host: str, port: int | None) -> str | None:
    """Say why a host must not be reached; None when every one of its addresses is public."""
    if port not in {None, 443}:
        return f"port {port} is not allowed, only 443 is"
    try:
        found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return "its host is not known"
    if not all(is_public(str(one[4][0])) for one in found):
        return "its host is not a public one"
    return None


def carried(job: Told, door: Door, *, private: bool) -> Told:
    """Carry a message and say what became of it; nothing of an answer's body is told."""
    made = target(job["url"], private=private)
    if isinstance(made, str):
        return {"sent": False, "final": True, "error": made}
    trip = door.trip = Trip()
    trip.ports = ports_of(schema_of(job["url"]))
    carrier = Apprise(asset=asset())
    carrier.add(made)
    sent = carrier.notify(
        body=job["body"],
        title=job["title"],
        notify_type=TYPES[job["tone"]],
        body_format=NotifyFormat.TEXT,
    )
    if sent:
        return {"sent": True, "final": True, "error": None}
    return {"sent": False, **outcome(trip)}


def outcome(trip: Trip) -> Told:
    """Say why a message did not arrive, and whether trying again is of no use."""
    if trip.refused is not None:
        return {"final": True, "error": f"not sent: {trip.refused}"}
    status = trip.status
    if status is not None and status >= HTTPStatus.MULTIPLE_CHOICES:
        final = status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in LATER
        return {"final": final, "error": f"the service answered {status}"}
    if trip.trouble is not None:
        return {"final": False, "error": f"the service could not be reached ({trip.trouble})"}
    return {"final": False, "error": "the service did not take the message"}


def main() -> None:
    """Read jobs until the pipe ends."""
    if hasattr(os, "nice"):
        os.nice(NICE)
    logging.disable(logging.CRITICAL)
    out = sys.stdout
    sys.stdout = sys.stderr
    private = bool(json.loads(sys.stdin.readline())["private"])
    Apprise.instantiate("json://localhost", asset=asset())  # it loads its parts when first asked
    door = confine(private=private)
    for line in sys.stdin:
        job = json.loads(line)
        try:
            if "check" in job:
                told = checked(job["check"], private=private)
            else:
                told = carried(job, door, private=private)
        except Exception as error:  # whoever waits must hear of it, whatever it is
            told = {"sent": False, "final": False, "error": f"not sent: {type(error).__name__}"}
        print(json.dumps(told), file=out, flush=True)  # the answer


if __name__ == "__main__":
    main()
