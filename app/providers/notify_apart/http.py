"""How this process reaches the net: only public addresses, no redirects, no proxies, soon or never.

An audit hook sees every connection with the very address that it goes to, after any name was
resolved, and nothing takes the hook away again: a name that changes between a check and a
connection changes nothing. Requests of the library that carries the messages get bounds beside.
"""

import importlib
import sys
import time
from collections.abc import Callable
from typing import Any

from app.providers.notify_apart.addresses import WEB_PORTS, is_public

SECONDS = 5.0
MOST_BYTES = 64 * 1024
CHUNK = 8 * 1024
FORBIDDEN = frozenset(
    {"socket.sendto", "socket.sendmsg", "socket.bind", "subprocess.Popen", "os.system", "os.exec"}
    | {"os.posix_spawn", "os.fork", "os.forkpty", "os.spawn"}
)


class RefusedAddressError(OSError):
    """A connection that must not be made."""


class Trip:
    """What became of the message under way: the last answer, or why there was none."""

    def __init__(self) -> None:
        self.ports = WEB_PORTS
        self.refused: str | None = None
        self.status: int | None = None
        self.trouble: str | None = None


class Door:
    """Lets connections out, or not."""

    def __init__(self, *, private: bool) -> None:
        self._private = private
        self.trip = Trip()

    def look(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Look at what the interpreter is about to do. Raises RefusedAddressError."""
        if event in FORBIDDEN:
            self._refuse(f"{event} is not allowed here")
        if event == "socket.connect" and not self._private:
            self._check(arguments[1])

    def _check(self, address: Any) -> None:
        if not isinstance(address, tuple):
            self._refuse("it leads to a socket of this machine")
        if not is_public(str(address[0])):
            self._refuse("its address is not a public one")
        if address[1] not in self.trip.ports:
            self._refuse(f"port {address[1]} is not allowed")

    def _refuse(self, reason: str) -> None:
        self.trip.refused = reason
        raise RefusedAddressError(reason)

    def bounded(self, send: Callable[..., Any], failures: type[Exception]) -> Callable[..., Any]:
        """Wrap the request of a session: its answer is read up to a limit, and told to nobody."""

        def request(session: Any, method: str, url: str, **words: Any) -> Any:
            session.trust_env = False
            words |= {"allow_redirects": False, "timeout": SECONDS, "stream": True}
            words |= {"verify": True, "proxies": None}
            until = time.monotonic() + SECONDS
            try:
                answer = send(session, method, url, **words)
                answer._content = _some(answer, until)  # noqa: SLF001  # so that nobody reads on
                answer.close()
            except failures as error:
                self.trip.trouble = type(error).__name__
                raise
            self.trip.status = answer.status_code
            return answer

        return request


def _some(answer: Any, until: float) -> bytes:
    """Read the beginning of an answer's body, and no longer than until a time."""
    read = b""
    for chunk in answer.iter_content(CHUNK):
        read += chunk
        if len(read) >= MOST_BYTES or time.monotonic() > until:
            break
    return read[:MOST_BYTES]


def confine(*, private: bool) -> Door:
    """Confine this process for as long as it lives; `private` lets it reach everything."""
    library = importlib.import_module("requests")
    door = Door(private=private)
    library.Session.request = door.bounded(library.Session.request, library.RequestException)
    sys.addaudithook(door.look)
    return door
