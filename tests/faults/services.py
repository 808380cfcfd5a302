"""Servers of our own that a test may kill: a PostgreSQL cluster, a Redis.

They are slow and small, listen on loopback only, and are gone when the test is.
"""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg

from tests.programs import found, free_port

STARTED_WITHIN = 30.0
NOBODY = "postgres"


class Cluster:
    """A PostgreSQL server in a folder; it refuses to run as root, so somebody else runs it."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        self._as = NOBODY if os.geteuid() == 0 else None

    @property
    def url(self) -> str:
        """Return the address of its database."""
        return f"postgresql+asyncpg://tester@127.0.0.1:{self.port}/postgres"

    def make(self) -> None:
        """Make the files."""
        if self._as is not None:
            shutil.chown(self._folder, self._as)
        self._run("initdb", "-A", "trust", "-U", "tester", "--no-sync", "-D", str(self._folder))

    def start(self) -> None:
        """Start, and wait until it listens."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        log = str(self._folder / "server.log")
        self._control("start", "-w", "-l", log, "-o", f"{options} -c max_connections=30")

    def stop(self) -> None:
        """Stop as a power cut does: whoever is connected loses the connection."""
        self._control("stop", "-m", "immediate")

    def _control(self, *arguments: str) -> None:
        self._run("pg_ctl", "-D", str(self._folder), "-t", "60", *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [found(program), *arguments],
            user=self._as,
            cwd=self._folder,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            timeout=120,
        )


@contextlib.asynccontextmanager
async def own_postgres() -> AsyncIterator[Cluster]:
    """Run a PostgreSQL server that may be killed; nobody but us may look into pytest's folders."""
    with tempfile.TemporaryDirectory(prefix="cluster-") as folder:
        cluster = Cluster(Path(folder))
        await asyncio.to_thread(cluster.make)
        await asyncio.to_thread(cluster.start)
        try:
            yield cluster
        finally:
            with contextlib.suppress(subprocess.SubprocessError):
                await asyncio.to_thread(cluster.stop)


async def said_on(url: str, *statements: str) -> None:
    """Run statements on a PostgreSQL database."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""), timeout=10)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


class OwnRedis:
    """A Redis that keeps nothing and may be killed, stopped for a while, and started again."""

    def __init__(self) -> None:
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return its address."""
        return f"redis://127.0.0.1:{self.port}/0"

    async def start(self) -> None:
        """Start, and wait until it answers."""
        await asyncio.to_thread(self._launch)
        async with asyncio.timeout(STARTED_WITHIN):
            while await self.say("PING") != b"+PONG\r\n":
                pass

    def _launch(self) -> None:
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        program = [found("redis-server"), *options]
        self._process = subprocess.Popen(program, stdout=subprocess.DEVNULL)

    async def say(self, *words: str) -> bytes:
        """Say something to it; nothing comes back from one that is not there."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return b""
        writer.write((" ".join(words) + "\r\n").encode())
        answer = await reader.readline()
        writer.close()
        return answer

    def kill(self) -> None:
        """Kill it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """Let it hang: connections are taken and nothing is answered."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)


HOLD = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
held.execute("ROLLBACK")
"""


@contextlib.asynccontextmanager
async def locked(path: Path) -> AsyncIterator[None]:
    """Let another process hold the write lock of a SQLite file."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLD, str(path), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        assert await process.stdout.readline() == b"held\n"
        yield
    finally:
        process.stdin.close()
        await process.wait()
