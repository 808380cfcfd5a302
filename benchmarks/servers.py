"""Servers to measure: each a uvicorn of its own process, asked over loopback, its CPU time read.

On a machine that others use too, requests per second say little; CPU seconds per request do.
"""

import asyncio
import contextlib
import multiprocessing
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import uvicorn

from app.simulator.embed import listen

START_SECONDS = 60.0
OPTIONS: dict[str, Any] = {
    "loop": "uvloop",
    "ws": "websockets-sansio",
    "ws_per_message_deflate": False,
    "ws_max_size": 64 * 1024,
    "log_level": "critical",
    "access_log": False,
    "timeout_graceful_shutdown": 1,
}


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs."""

    process: BaseProcess
    port: int

    def cpu_seconds(self) -> float:
        """Return the processor time that its threads have used, exact to the nanosecond."""
        threads = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(one.read_text().split()[0]) for one in threads) / 1e9


def _serve(make: Callable[..., Any], arguments: tuple[Any, ...], listening: socket.socket) -> None:
    app = make(*arguments)
    uvicorn.Server(uvicorn.Config(app, **OPTIONS)).run(sockets=[listening])


@contextlib.contextmanager
def serving(make: Callable[..., Any], *arguments: Any) -> Iterator[Server]:
    """Serve the application that `make(*arguments)` returns in a new process."""
    with listen(backlog=4096) as listening:
        port = listening.getsockname()[1]
        context = multiprocessing.get_context("spawn")
        process = context.Process(target=_serve, args=(make, arguments, listening))
        process.start()
    try:
        wait_until_up(port)
        yield Server(process, port)
    finally:
        process.terminate()
        process.join(10)
        if process.is_alive():
            process.kill()


def wait_until_up(port: int) -> None:
    """Wait until a server answers."""
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", port), 2) as probe,
        ):
            probe.settimeout(2)
            probe.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            if probe.recv(1):
                return
        time.sleep(0.1)
    message = f"nothing answers on port {port}"
    raise TimeoutError(message)


async def ask(port: int, request: bytes, many: int, connections: int) -> bytes:
    """Send a request many times over some connections; answers the last answer's body."""

    async def talk(times: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
        body = b""
        for _ in range(times):
            writer.write(request)
            body = await _body(reader)
        writer.close()
        return body

    bodies = await asyncio.gather(*(talk(many // connections) for _ in range(connections)))
    return bodies[-1]


async def _body(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    status = head.partition(b"\r\n")[0]
    assert b" 200 " in status, head
    length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
    return await reader.readexactly(int(length))
