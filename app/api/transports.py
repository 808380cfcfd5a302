"""What lies below a WebSocket: the server's connection, kept small so that no reader costs much.

A frame that a client does not take waits in two places that no ASGI application sees: the kernel's
buffer and the server's. Both are kept small here, so that a client that is behind is noticed soon
and its prices are replaced by newer ones instead of being stored. What a client makes the server
itself write or keep (answers to pings, pieces of a message) is watched too.
"""

import asyncio
import socket
from contextlib import suppress
from typing import Any, Protocol, runtime_checkable

from starlette.types import ASGIApp, Receive, Scope, Send

SEND_BUFFER = 64 * 1024
MOST_WRITTEN, LEAST_WRITTEN = 16 * 1024, 4 * 1024
MOST_BUFFERED = 1024 * 1024
MOST_PIECES = 1_000
GRACE_SECONDS = 15.0
BELOW = "autotrader.below"


@runtime_checkable
class Transport(Protocol):
    """As much of a transport as is used."""

    def abort(self) -> None:
        """Close at once; what was not sent is lost."""
        ...

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Return something about the connection."""
        ...

    def get_write_buffer_size(self) -> int:
        """Return the bytes that the kernel has not taken yet."""
        ...

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Set when a writer has to wait, and when it may go on."""
        ...


class Below:
    """The server's side of one connection; a server that shows none of it can only be trusted."""

    __slots__ = ("_protocol", "_transport")

    def __init__(self, send: Send) -> None:
        self._protocol: Any = getattr(send, "__self__", None)
        transport = getattr(self._protocol, "transport", None)
        self._transport = transport if isinstance(transport, Transport) else None

    def narrow(self) -> None:
        """Keep the buffers below small."""
        if self._transport is None:
            return
        self._transport.set_write_buffer_limits(MOST_WRITTEN, LEAST_WRITTEN)
        connection = self._transport.get_extra_info("socket")
        if connection is not None:
            with suppress(OSError):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)

    @property
    def floods(self) -> bool:
        """Tell whether more is kept for this client than any use of ours needs."""
        if self._transport is None:
            return False
        pieces = getattr(self._protocol, "frames", ())
        return self._transport.get_write_buffer_size() > MOST_BUFFERED or len(pieces) > MOST_PIECES

    def cut(self) -> None:
        """End the connection without a word."""
        if self._transport is not None:
            self._transport.abort()

    def cut_later(self) -> None:
        """Give the last words some time to be sent; who does not read them must not stay."""
        if self._transport is not None:
            asyncio.get_running_loop().call_later(GRACE_SECONDS, self._transport.abort)


class Noting:
    """The outermost layer: remembers what lies below a WebSocket before others wrap its `send`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on."""
        if scope["type"] == "websocket":
            scope[BELOW] = Below(send)
        await self._app(scope, receive, send)


def below(scope: Scope) -> Below:
    """Return what lies below a WebSocket."""
    found: Below = scope[BELOW]
    return found
