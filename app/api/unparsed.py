"""What the server itself answers to bytes that are no request, or open no socket.

No application is asked about those, so the headers of every answer are put on here. The server is
started with `--http app.api.unparsed:Protocol`.
"""

import logging

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from websockets.http11 import Request
from websockets.server import ServerProtocol

from app.api.headers import complete

STATUS = b"HTTP/1.1 400 Bad Request"
NO_SOCKET = "Invalid WebSocket request received."


class Protocol(HttpToolsProtocol):
    """HTTP as the server reads it."""

    def send_400_response(self, msg: str) -> None:
        """Refuse what was sent, and end the connection."""
        body = msg.encode()
        own = [
            *self.server_state.default_headers,
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        lines = (name + b": " + value for name, value in complete(own, self.scheme or ""))
        self.transport.write(b"\r\n".join([STATUS, *lines, b"", body]))
        self.transport.close()

    def handle_websocket_upgrade(self) -> None:
        """Hand a socket on that the library of sockets will take; it refuses others by itself."""
        if self._opens_a_socket():
            super().handle_websocket_upgrade()
        else:
            self.send_400_response(NO_SOCKET)

    def _opens_a_socket(self) -> bool:
        tried = ServerProtocol(logger=logging.getLogger("uvicorn.error"))
        first = self.scope["method"].encode() + b" " + self.url + b" HTTP/1.1"
        lines = (name + b": " + value for name, value in self.scope["headers"])
        tried.receive_data(b"\r\n".join([first, *lines, b"", b""]))
        asked = tried.events_received()
        if not asked or not isinstance(asked[0], Request):
            return False
        return tried.accept(asked[0]).status_code == 101  # noqa: PLR2004  # switching protocols
