"""Thousands of WebSocket clients in one process, frame by frame over plain sockets.

healthy   takes what comes, answers pings, measures how old a price is when it is there
slow      takes a little a second, less than it is sent
stalled   takes nothing any more once it is asked to
"""

import asyncio
import base64
import json
import os
import socket
import struct
import time
from typing import Any

HEALTHY, SLOW, STALLED = "healthy", "slow", "stalled"
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
SMALL_BUFFER = 8 * 1024
PAUSE_SECONDS = 1.0
SHORT, MIDDLE = 126, 127


def frame(opcode: int, payload: bytes, *, fin: bool = True, mask: bytes = bytes(4)) -> bytes:
    """Write a client's frame; a mask of zeros leaves the payload as it is."""
    size = len(payload)
    head = bytes([(0x80 if fin else 0) | opcode])
    if size < SHORT:
        head += bytes([0x80 | size])
    elif size < 1 << 16:
        head += bytes([0x80 | SHORT]) + struct.pack("!H", size)
    else:
        head += bytes([0x80 | MIDDLE]) + struct.pack("!Q", size)
    masked = payload if mask == bytes(4) else bytes(b ^ mask[i % 4] for i, b in enumerate(payload))
    return head + mask + masked


def upgrade(**headers: str) -> bytes:
    """Write the request that makes a connection a WebSocket."""
    key = base64.b64encode(os.urandom(16)).decode()
    extra = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return (
        f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n{extra}\r\n"
    ).encode()


def said(kind: str, data: Any = None) -> bytes:
    """Write a frame with a message."""
    message = {"type": kind} if data is None else {"type": kind, "data": data}
    return frame(TEXT, json.dumps(message).encode())


class Frames:
    """Takes a server's bytes apart."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[tuple[int, bytes]]:
        """Take bytes in; answers the frames that are complete: opcode and payload."""
        buffer = self._buffer
        buffer += data
        found, at = [], 0
        while len(buffer) - at >= 2:
            size, head = buffer[at + 1] & 0x7F, 2
            if size == SHORT:
                head = 4
                size = int.from_bytes(buffer[at + 2 : at + 4])
            elif size == MIDDLE:
                head = 10
                size = int.from_bytes(buffer[at + 2 : at + 10])
            if len(buffer) - at < head + size:
                break
            found.append((buffer[at] & 0x0F, bytes(buffer[at + head : at + head + size])))
            at += head + size
        del buffer[:at]
        return found


class Client(asyncio.Protocol):
    """One client."""

    def __init__(self, kind: str, token: str, wallet: str, bulk: str) -> None:
        self.kind = kind
        self.delays: list[float] = []
        self.code: int | None = None
        self.reason = ""
        self.lost = False
        self.signed_in: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._auth = said("AUTH", {"token": token, "wallet_address": wallet})
        self._bulk = bulk
        self._transport: Any = None
        self._head = bytearray()
        self._upgraded = False
        self._frames = Frames()
        self._holding = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        self._transport = transport
        self._transport.write(upgrade())

    def data_received(self, data: bytes) -> None:
        """Read what came."""
        if not self._upgraded:
            self._head += data
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return
            assert self._head.startswith(b"HTTP/1.1 101"), bytes(self._head)
            self._upgraded, data = True, bytes(self._head[end + 4 :])
            self._transport.write(self._auth)
        now = time.monotonic()
        for opcode, payload in self._frames.feed(data):
            self._hear(opcode, payload, now)
        if self._holding:
            self._hold()

    def connection_lost(self, _: Exception | None) -> None:
        """Note the end."""
        self.lost = True
        if not self.signed_in.done():
            reason = f"lost: {self.code} {self.reason}"
            self.signed_in.set_exception(ConnectionError(reason))

    def begin(self) -> None:
        """Be slow or stalled from now on."""
        if self.kind != HEALTHY:
            self._transport.write(said("SUBSCRIBE", {"tokens": [self._bulk]}))
            self._holding = True
            self._hold()

    def close(self) -> None:
        """Leave."""
        if self._transport is not None:
            self._transport.abort()

    def _hold(self) -> None:
        self._transport.pause_reading()
        if self.kind == SLOW:
            asyncio.get_running_loop().call_later(PAUSE_SECONDS, self._go_on)

    def _go_on(self) -> None:
        if not self.lost:
            self._transport.resume_reading()

    def _hear(self, opcode: int, payload: bytes, now: float) -> None:
        if opcode == PING:
            self._transport.write(frame(PONG, payload))
        elif opcode == CLOSE:
            self.code, self.reason = int.from_bytes(payload[:2]), payload[2:].decode()
        elif payload.startswith(b'{"type":"UPDATE"'):
            self._measure(payload, now)
        elif payload.startswith(b'{"type":"PING"'):
            self._transport.write(said("PONG"))
        elif payload.startswith(b'{"type":"AUTH_SUCCESS"') and not self.signed_in.done():
            self.signed_in.set_result(None)

    def _measure(self, payload: bytes, now: float) -> None:
        """Read when a price was sent: it is its own time."""
        at = payload.find(b'"close":')
        if at >= 0 and self.kind == HEALTHY:
            digits = payload[at + 8 : at + 40].partition(b",")[0].partition(b"}")[0]
            self.delays.append(now - float(digits))


async def connect(port: int, client: Client, source: str) -> None:
    """Connect from an address of this machine, and wait until the client is signed in."""
    loop = asyncio.get_running_loop()
    opened = socket.socket()
    opened.setblocking(False)
    if client.kind != HEALTHY:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
    opened.bind((source, 0))
    await loop.sock_connect(opened, ("127.0.0.1", port))
    await loop.create_connection(lambda: client, sock=opened)
    await client.signed_in
