"""Reading: queries on connections that cannot write, each bounded in time.

SQLite is read by a few threads, each with its own connection; PostgreSQL by a pool. Readers never
wait for the writer and see what was committed when their query began.
"""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Generic, NamedTuple, Self

import asyncpg

from app.store import postgres, sqlite
from app.store.errors import StoreError, StoreUnavailableError
from app.store.location import Location, locate
from app.store.patience import in_time, patience
from app.store.query import DialectName, Query, R

READERS = 4
FILE_READERS = 2
"""Threads share one lock of the interpreter and hand it over at every row: four cost twice the time
of one. The second lets short reads pass a long one.
"""

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
        cls, url: str, *, readers: int | None = None, timeout_seconds: float = TIMEOUT_SECONDS
    ) -> Self:
        """Connect to a database whose schema is there (see `migrate.upgrade`).

        Raises UnsupportedUrlError or StoreUnavailableError.
        """
        location = locate(url)
        if location.dialect == "postgresql":
            many = readers or READERS
            return cls(await ServerReaders.open(location, many, timeout_seconds), "postgresql")
        file = FileReaders(location, readers or FILE_READERS, timeout_seconds)
        await file.start()
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

    def pages(
        self, query: Query[R], key: Callable[[R], dict[str, object]], **parameters: object
    ) -> "Pages[R]":
        """Read a long answer in pages, each a short query of its own: no reader holds back the log.

        The query takes a `limit` and the parameters that `key` makes of the last row read.
        """
        return Pages(self, query, key, {"limit": PAGE} | parameters)

    async def close(self) -> None:
        """Disconnect when the queries that run are done."""
        await self._readers.close()


class Pages(Generic[R]):
    """A long answer, page by page. It holds nothing between two: it may be left at any one."""

    def __init__(
        self,
        database: Database,
        query: Query[R],
        key: Callable[[R], dict[str, object]],
        parameters: dict[str, object],
    ) -> None:
        self._database, self._query, self._key = database, query, key
        self._parameters: dict[str, object] | None = parameters

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> list[R]:
        if self._parameters is None:
            raise StopAsyncIteration
        found = await self._database.rows(self._query, **self._parameters)
        if len(found) == self._parameters["limit"]:
            self._parameters |= self._key(found[-1])
        else:
            self._parameters = None
        if not found:
            raise StopAsyncIteration
        return found


class Question(NamedTuple):
    """A query that waits for a thread, and who waits for its answer."""

    text: str
    arguments: Sequence[Any]
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[list[Any]]


class FileReaders:
    """Threads that read a SQLite file, each with a connection of its own."""

    def __init__(self, location: Location, readers: int, timeout_seconds: float) -> None:
        self._location = location
        self._timeout = timeout_seconds
        self._waiting: SimpleQueue[Question | None] = SimpleQueue()
        self._threads = [
            threading.Thread(target=self._run, name=f"reader-{number}", daemon=True)
            for number in range(readers)
        ]
        self._open = True

    async def start(self) -> None:
        """Start reading; raises StoreUnavailableError when there is no database."""
        if not self._location.path.exists():
            message = f"{self._location.path} is not there; upgrade the schema first"
            raise StoreUnavailableError(message)
        for thread in self._threads:
            thread.start()
        await self.fetch("SELECT 1 FROM sqlite_master", ())

    async def fetch(self, text: str, arguments: Sequence[Any]) -> list[Any]:
        """Run a query in a thread that is free."""
        if not self._open:
            message = "the readers are closed"
            raise StoreUnavailableError(message)
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[Any]] = loop.create_future()
        self._waiting.put(Question(text, arguments, loop, answer))
        return await in_time(answer, patience(), "no reader was free")

    async def close(self) -> None:
        """Answer what waits, then end the threads."""
        self._open = False
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            await asyncio.to_thread(thread.join)

    def _run(self) -> None:
        reader = FileReader(self._location.path, self._timeout)
        while (question := self._waiting.get()) is not None:
            if question.answer.cancelled():
                continue  # whoever asked gave up meanwhile
            try:
                found, error = reader.fetch(question.text, question.arguments), None
            except Exception as raised:
                # Whoever waits must hear of it, whatever it is.
                found, error = [], sqlite.explain(raised)
            with suppress(RuntimeError):  # a loop that is closed waits for nothing
                question.loop.call_soon_threadsafe(_answer, question.answer, found, error)
        reader.close()


def _answer(answer: asyncio.Future[list[Any]], found: list[Any], error: StoreError | None) -> None:
    if answer.done():
        return
    if error is None:
        answer.set_result(found)
    else:
        answer.set_exception(error)


class FileReader:
    """One connection that only reads, opened when it is first asked."""

    def __init__(self, path: Path, timeout_seconds: float) -> None:
        self._path = path
        self._timeout = timeout_seconds
        self._deadline = 0.0
        self._connection: sqlite3.Connection | None = None

    def fetch(self, text: str, arguments: Sequence[Any]) -> list[Any]:
        """Run a query; raises what sqlite3 raises, and when time is up that it was interrupted."""
        if self._connection is None:
            self._connection = sqlite.connect(
                self._path, readonly=True, busy_timeout_ms=sqlite.BUSY_TIMEOUT_MS
            )
            self._connection.set_progress_handler(self._is_late, STEPS)
        self._deadline = time.monotonic() + self._timeout
        try:
            return self._connection.execute(text, arguments).fetchall()
        except sqlite3.Error as error:
            if isinstance(sqlite.explain(error), StoreUnavailableError):
                self.close()  # after an I/O error only a new connection can be trusted
            raise

    def close(self) -> None:
        """Disconnect."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _is_late(self) -> bool:
        return time.monotonic() > self._deadline


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

    async def fetch(self, text: str, arguments: Sequence[Any]) -> list[Any]:
        """Run a query on a connection that is free."""
        try:
            wait = patience() or self._timeout
            async with self._pool.acquire(timeout=min(wait, self._timeout)) as connection:
                rows: list[Any] = await connection.fetch(text, *arguments)
                return rows
        except Exception as error:
            raise postgres.explain(error) from error

    async def close(self) -> None:
        """Let queries finish and disconnect."""
        await self._pool.close()
