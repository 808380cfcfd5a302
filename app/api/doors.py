"""How many WebSockets may be open at once: in all, and from one address.

A connection counts from its acceptance to its end, signed in or not. Who is refused is told so by
the code that closes the socket, because a page sees nothing of an upgrade that was denied.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from app.api.transports import Below

BAD_FRAME, NOT_SIGNED_IN, TOO_SLOW, TOO_MANY = 4400, 4401, 4408, 4429
BAD_DATA: Final = 1003
UNWANTED: Final = 1008
TOO_BIG: Final = 1009
TRY_LATER: Final = 1013


class Refusal(Exception):
    """Why a socket is closed; `limit` names the limit that was met, if one was."""

    def __init__(self, code: int, message: str, limit: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.limit = limit


class Doors:
    """The open connections of this process."""

    def __init__(self, most: int, most_per_address: int) -> None:
        self._most = most
        self._most_per_address = most_per_address
        self._addresses: Counter[str] = Counter()
        self._open: dict[Below, None] = {}

    def __len__(self) -> int:
        """Count the open connections."""
        return len(self._open)

    def connections(self) -> list[Below]:
        """List what lies below the open connections."""
        return list(self._open)

    @contextmanager
    def passed(self, address: str, connection: Below) -> Iterator[None]:
        """Count a connection as long as it is open. Raises Refusal."""
        if len(self._open) >= self._most:
            raise Refusal(TRY_LATER, "no more sockets now; come back soon", "all")
        if self._addresses[address] >= self._most_per_address:
            raise Refusal(TOO_MANY, "this address has too many sockets open", "address")
        self._addresses[address] += 1
        self._open[connection] = None
        try:
            yield
        finally:
            del self._open[connection]
            self._addresses[address] -= 1
            if not self._addresses[address]:
                del self._addresses[address]
