"""Serving a simulated market: inside a running event loop, or as a process of its own.

Knows no price and no contract.
"""

import asyncio
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.simulator.app import create_simulator
from app.simulator.config import SimulatorConfig

_STARTED_WITHIN = 10.0
_BACKLOG = 128
_POLITE_SECONDS = 0.5
"""How long an embedded market waits for its connections before it drops them."""
_TASK = "simulator"
_SERVER_LOG = logging.getLogger("uvicorn.error")


@dataclass(frozen=True, slots=True)
class EmbeddedSimulator:
    """A market that is served on loopback by a task of the current event loop."""

    base_url: str
    app: FastAPI
    server: uvicorn.Server
    task: asyncio.Task[None]
    listener: socket.socket

    async def stop(self) -> None:
        """End open streams, close connections and the port; within a second, and once is enough."""
        self.app.state.stopping.set()
        self.server.should_exit = True
        await asyncio.wait({self.task}, timeout=_POLITE_SECONDS)
        self.server.force_exit = True
        await asyncio.gather(self.task, return_exceptions=True)
        self.listener.close()


class _Server(uvicorn.Server):
    """Ends signal streams before it waits for connections."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.state.stopping.set()
        await super().shutdown(sockets)


class _EmbeddedServer(_Server):
    """Leaves signals to the process it is a part of, and says when it is ready."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config, app)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _EmbeddedConfig(uvicorn.Config):
    """Leaves logging as it is: uvicorn's loggers belong to the whole process."""

    def configure_logging(self) -> None:
        """Change nothing."""


class _QuietProtocol(HttpToolsProtocol):
    """Writes no access log."""

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: uvicorn.server.ServerState,
        app_state: dict[str, object],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.access_log = False


def _not_about_us(record: logging.LogRecord) -> bool:
    """Tell whether a record is worth showing: a second `running on` line would only confuse."""
    task = None
    with suppress(RuntimeError):
        task = asyncio.current_task()
    return record.levelno >= logging.WARNING or task is None or task.get_name() != _TASK


async def run_embedded(config: SimulatorConfig | None = None) -> EmbeddedSimulator:
    """Serve a market on a free port of 127.0.0.1 until `stop`. Raises OSError, TimeoutError."""
    return await embed(create_simulator(config))


async def embed(app: FastAPI) -> EmbeddedSimulator:
    """Serve an app with an `app.state.stopping` like a market. Raises OSError, TimeoutError."""
    listener = listen()
    settings = _EmbeddedConfig(
        app, http=_QuietProtocol, ws="none", lifespan="off", timeout_graceful_shutdown=1
    )
    server = _EmbeddedServer(settings, app)
    _SERVER_LOG.addFilter(_not_about_us)
    task = asyncio.create_task(server.serve([listener]), name=_TASK)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    simulator = EmbeddedSimulator(url, app, server, task, listener)
    ready = asyncio.create_task(server.ready.wait())
    try:
        await asyncio.wait(
            {task, ready}, timeout=_STARTED_WITHIN, return_when=asyncio.FIRST_COMPLETED
        )
    except BaseException:
        await simulator.stop()
        raise
    finally:
        ready.cancel()
    if not server.ready.is_set():
        await simulator.stop()
        raise TimeoutError("the simulated market did not start")
    return simulator


def listen(backlog: int = _BACKLOG) -> socket.socket:
    """Listen on a port nobody has, as a server that is told a host and a port does.

    The protocol is named as asyncio sets TCP_NODELAY only then. Otherwise the second part of every
    answer waits 40 ms for the client to say that it has the first.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.bind(("127.0.0.1", 0))
        listener.listen(backlog)
    except OSError:
        listener.close()
        raise
    return listener


def run_standalone(
    config: SimulatorConfig | None = None, host: str = "127.0.0.1", port: int = 8765
) -> None:
    """Serve a market until the process is told to stop (SIGINT, SIGTERM); blocks."""
    run_alone(create_simulator(config), host, port)


def run_alone(app: FastAPI, host: str, port: int) -> None:
    """Serve an app with an `app.state.stopping` until the process is told to stop; blocks."""
    settings = uvicorn.Config(
        app,
        host=host,
        port=port,
        access_log=False,
        ws="none",
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    _Server(settings, app).run()
