"""PostgreSQL: how a connection is set up, what its errors mean, and the task that writes.

The same promises as on SQLite: one connection writes for this process, groups of writes are one
transaction, and rows go to their table many at a time, as one array per column.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from typing import Any, Final

import asyncpg

from app.store.chain import BEGINNING, LAST, MOVE_POSTGRES, NEWEST, Head, sealed
from app.store.errors import (
    ConflictError,
    RowError,
    StoreBusyError,
    StoreError,
    StoreFullError,
    StoreUnavailableError,
)
from app.store.group import (
    Call,
    Member,
    Outcome,
    check_fence,
    check_updated,
    joined,
    may_go_alone,
    settle,
)
from app.store.location import Location
from app.store.mapping import TARGETS, Mode, Rows, Target, postgres_statement
from app.store.types import Exact

ROWS_PER_STATEMENT: Final = 4_096
"""Arrays are encoded in the event loop: it must turn in between."""

# Whoever is stopped in the middle of a batch keeps the lease's row as long as a lease lasts, and no
# longer: the next engine waits for it.
WRITER_SETTINGS = {
    "application_name": "auto-trader journal",
    "synchronous_commit": "on",
    "lock_timeout": "30s",
    "statement_timeout": "120s",
    "idle_in_transaction_session_timeout": "3s",
    "jit": "off",
}
FENCED = (
    "UPDATE engine_lease SET batch = coalesce($1, batch) WHERE id = 1 AND owner = $2 AND epoch = $3"
)

_BUSY = (
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    asyncpg.TransactionRollbackError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.TooManyConnectionsError,
    TimeoutError,
)
_WRONG = (
    asyncpg.DataError,
    asyncpg.NotNullViolationError,
    OverflowError,
    TypeError,
    ValueError,
)
_UNREACHED = (OSError, asyncpg.ClientConfigurationError)
"""Of a connection: a bad certificate, or a word of the address, is a ValueError, too."""

_EXACT = {int, type(None)}


def explain(error: Exception) -> StoreError:
    """Say what an error of the driver means."""
    if isinstance(error, StoreError):
        return error
    text = f"{type(error).__name__}: {error}"
    if isinstance(error, _BUSY):
        return StoreBusyError(text)
    if isinstance(error, asyncpg.DiskFullError):
        return StoreFullError(text)
    if isinstance(error, _WRONG) and not isinstance(error, _UNREACHED):
        return RowError(text)
    if isinstance(error, asyncpg.IntegrityConstraintViolationError):
        return ConflictError(text)
    return StoreUnavailableError(text)


async def connect(location: Location, settings: dict[str, str]) -> Any:
    """Open a connection; raises StoreUnavailableError when the server does not let us in."""
    try:
        return await asyncpg.connect(
            location.dsn, server_settings=settings, statement_cache_size=256, timeout=10
        )
    except Exception as error:
        message = f"{location.shown} cannot be reached: {error}"
        raise StoreUnavailableError(message) from error


@cache
def _text(kind: type[Any]) -> tuple[str, tuple[int, ...]]:
    """Return the statement of a kind of row, and which of its columns are exact."""
    target = TARGETS[kind]
    types = [target.table.c[name].type for name in target.columns]
    return postgres_statement(target), tuple(
        place for place, kind in enumerate(types) if isinstance(kind, Exact)
    )


async def insert(connection: Any, target: Target, rows: Rows) -> None:
    """Run the statements that take rows to their table, inside the transaction that is open."""
    text, exact = _text(target.kind)
    for start in range(0, len(rows), ROWS_PER_STATEMENT):
        part = rows[start : start + ROWS_PER_STATEMENT]
        columns = list(zip(*part, strict=True))
        for place in exact:
            # The driver would cut a float down to an integer and say nothing.
            if not _EXACT.issuperset(map(type, columns[place])):
                message = f"{target.table}.{target.fields[place]} takes integers only"
                raise RowError(message)
        count = changed(await connection.execute(text, *columns))
        if target.mode is Mode.UPDATE:
            check_updated(target, part, count)


def changed(status: str) -> int:
    """Read how many rows a statement changed from its status (`UPDATE 3`)."""
    last = status.rpartition(" ")[2]
    return int(last) if last.isdecimal() else 0


class PostgresWriter:
    """The one connection of this process that writes, and the task that uses it."""

    def __init__(self, location: Location) -> None:
        self._location = location
        self._waiting: asyncio.Queue[Member | None] = asyncio.Queue()
        self._connection: Any = None
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Connect and start; raises StoreUnavailableError when the server does not let us in."""
        await self._connected()
        self._task = asyncio.create_task(self._run(), name="journal")

    def submit(self, member: Member) -> None:
        """Put a write where the task takes its next group from."""
        self._waiting.put_nowait(member)

    async def close(self) -> None:
        """Write what waits, then end."""
        self._waiting.put_nowait(None)
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        going = True
        while going:
            members = []
            waiting = await self._waiting.get()
            with suppress(asyncio.QueueEmpty):
                while waiting is not None:
                    members.append(waiting)
                    waiting = self._waiting.get_nowait()
                going = False
            if members:
                await self._write(members)
                settle(members)
        await self._disconnect()

    async def _write(self, members: Sequence[Member]) -> None:
        try:
            connection = await self._connected()
            async with connection.transaction():
                await self._statements(connection, members)
        except Exception as raised:  # whoever waits must hear of it, whatever it is
            error = explain(raised)
            if isinstance(error, StoreUnavailableError):
                await self._disconnect()
            if may_go_alone(members, error):
                for member in members:
                    await self._write([member])
                return
            for member in members:
                member.error = error

    async def _statements(self, connection: Any, members: Sequence[Member]) -> None:
        members = [member for member in members if not member.withdrawn]
        for member in members:
            if member.fence is not None:
                check_fence(member.fence, changed(await connection.execute(FENCED, *member.fence)))
        for target, rows in joined(members):
            one = await _sealed(connection, rows) if target.added else rows
            await insert(connection, target, one)
        for member in members:
            if member.call is not None:
                member.outcome = await _call(connection, member.call)

    async def _connected(self) -> Any:
        if self._connection is None or self._connection.is_closed():
            self._connection = await connect(self._location, WRITER_SETTINGS)
        return self._connection

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                await connection.close(timeout=5)


async def _sealed(connection: Any, events: Rows) -> Rows:
    """Add events to the chain inside the transaction that is open; other writers wait meanwhile."""
    found = await connection.fetchrow(f"{NEWEST} FOR UPDATE") or await connection.fetchrow(LAST)
    rows, head = sealed(Head(*found) if found else BEGINNING, events)
    await connection.execute(MOVE_POSTGRES, *head)
    return rows


async def _call(connection: Any, call: Call) -> Outcome:
    if call.returns:
        rows = await connection.fetch(call.statement.text, *call.arguments)
        return Outcome(rows, len(rows))
    return Outcome((), changed(await connection.execute(call.statement.text, *call.arguments)))
