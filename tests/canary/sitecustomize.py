"""Runs in every Python process of the platform under test: writes down whom it speaks to."""

import os
import sys

TRACE = os.environ.get("CANARY_TRACE", "")
EVENTS = ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname")


def note(event: str, arguments: tuple[object, ...]) -> None:
    """Write an event that leads out of the process."""
    if event in EVENTS:
        told = arguments[1] if event in {"socket.connect", "socket.sendto"} else arguments[0]
        with open(TRACE, "a", encoding="utf-8") as file:  # noqa: PTH123  # before pathlib is there
            file.write(f"{event}\t{told!r}\n")


if TRACE:
    sys.addaudithook(note)
