"""Reading: queries on connections that cannot write, each bounded in time.

SQLite is read by a few threads, each with its own connection; PostgreSQL by a pool. Readers never
wait for the writer and see what was committed when their query began.
"""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import local
from typing import Any, Self

import asyncpg

from app.store import postgres, sqlite
from app.store.errors import StoreUnavailableError
from app.store.location import Location, locate
from app.store.query import DialectName, Query, R

READERS = 4
TIMEOUT_SECONDS = 10.0
PAGE = 5_000
STEPS = 100_000
"""SQLite's instructions between two looks at the clock: a few milliseconds."""


class Database:
    """Readers of one database; open it once per process."""

    def __init__(self, readers: "FileReaders | ServerReaders", dialect: DialectName) -> None:
        self.dialect = dialect
        self._readers = readers

    @classmethod
    async def open(
        cls, url: str, *, readers: int = READERS, timeout_seconds: float = TIMEOUT_SECONDS
    ) -> Self:
        """Connect to a database whose schema is there (see `migrate.upgrade`).

        Raises UnsupportedUrlError or StoreUnavailableError.
        """
        location = locate(url)
        if location.dialect == "postgresql":
            return cls(await ServerReaders.open(location, readers, timeout_seconds), "postgresql")
        file = FileReaders(location, readers, timeout_seconds)
        await file.check()
        return cls(file, "sqlite")

    async def rows(self, query: Query[R], **parameters: object) -> list[R]:
        """Return all rows of a query, which bounds their number itself.

        Raises StoreBusyError when it takes too long, RowError for a parameter that does not fit.
        """
        compiled = query.compiled(self.dialect)
        found = await self._readers.fetch(compiled.text, compiled.arguments(parameters))
        return query.typed(found, self.dialect)

    async def one(self, query: Query[R], **parameters: object) -> R | None:
        """Return the first row of a query, None without one."""
        found = await self.rows(query, **parameters)
        return found[0] if found else None

    async def pages(
        self, query: Query[R], key: Callable[[R], dict[str, object]], **parameters: object
    ) -> AsyncIterator[list[R]]:
        """Read a long answer in pages, each a short query of its own: no reader holds back the log.

        The query takes a `limit` and the parameters that `key` makes of the last row read.
        """
        limit = parameters.setdefault("limit", PAGE)
        while True:
            found = await self.rows(query, **parameters)
            if found:
                yield found
            if len(found) != limit:
                return
            parameters |= key(found[-1])

    async def close(self) -> None:
        """Disconnect when the queries that run are done."""
        await self._readers.close()


class FileReaders:
    """Threads that read a SQLite file."""

    def __init__(self, location: Location, readers: int, timeout_seconds: float) -> None:
        self._location = location
        self._timeout = timeout_seconds
        self._own = local()
        self._connections: list[sqlite3.Connection] = []
        self._threads = ThreadPoolExecutor(readers, thread_name_prefix="reader")

    async def check(self) -> None:
        """Open the first connection; raises StoreUnavailableError when there is no database."""
        if not self._location.path.exists():
            message = f"{self._location.path} is not there; upgrade the schema first"
            raise StoreUnavailableError(message)
        await self.fetch("SELECT 1", ())

    async def fetch(self, text: str, arguments: Iterable[Any]) -> list[Any]:
        """Run a query in a thread that is free."""
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, self._fetch, text, arguments
            )
        except RuntimeError as error:
            message = "the readers are closed"
            raise StoreUnavailableError(message) from error

    async def close(self) -> None:
        """Let the threads finish and close their connections."""
        await asyncio.to_thread(self._threads.shutdown)
        for connection in self._connections:
            connection.close()

    def _fetch(self, text: str, arguments: Any) -> list[Any]:
        own = self._own
        own.deadline = time.monotonic() + self._timeout
        try:
            return self._connection().execute(text, arguments).fetchall()
        except Exception as error:
            raise sqlite.explain(error) from error

    def _connection(self) -> sqlite3.Connection:
        own = self._own
        connection: sqlite3.Connection | None = getattr(own, "connection", None)
        if connection is None:
            connection = sqlite.connect(
                self._location.path, readonly=True, busy_timeout_ms=sqlite.BUSY_TIMEOUT_MS
            )
            connection.set_progress_handler(lambda: time.monotonic() > own.deadline, STEPS)
            self._connections.append(connection)
            own.connection = connection
        return connection


class ServerReaders:
    """A pool of connections to a PostgreSQL server."""

    def __init__(self, pool: Any, timeout_seconds: float) -> None:
        self._pool = pool
        self._timeout = timeout_seconds

    @classmethod
    async def open(cls, location: Location, readers: int, timeout_seconds: float) -> Self:
        """Connect; raises StoreUnavailableError when the server does not let us in."""
        settings = {
            "application_name": "auto-trader readers",
            "default_transaction_read_only": "on",
            "statement_timeout": f"{timeout_seconds * 1000:.0f}",
            "jit": "off",
        }
        try:
            pool = await asyncpg.create_pool(
                location.dsn, min_size=1, max_size=readers, server_settings=settings, timeout=10
            )
        except Exception as error:
            message = f"{location.shown} cannot be reached: {error}"
            raise StoreUnavailableError(message) from error
        return cls(pool, timeout_seconds)

    async def fetch(self, text: str, arguments: Iterable[Any]) -> list[Any]:
        """Run a query on a connection that is free."""
        try:
            async with self._pool.acquire(timeout=self._timeout) as connection:
                rows: list[Any] = await connection.fetch(text, *arguments)
                return rows
        except Exception as error:
            raise postgres.explain(error) from error

    async def close(self) -> None:
        """Let queries finish and disconnect."""
        await self._pool.close()
