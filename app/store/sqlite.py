"""SQLite: how a connection is set up, what its errors mean, and the thread that writes.

One connection writes, in a thread of its own; everybody else reads. A transaction begins IMMEDIATE,
because one that reads first and then writes fails at once when another wrote in between. Rows go
many to a statement: each statement gives the interpreter's lock away and must get it back, which
next to a busy event loop costs more than the row.
"""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from itertools import chain, islice
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Final

from app.store.chain import BEGINNING, LAST, MOVE_SQLITE, NEWEST, Head, sealed
from app.store.errors import (
    ConflictError,
    RowError,
    StoreBusyError,
    StoreDamagedError,
    StoreError,
    StoreFullError,
    StoreUnavailableError,
)
from app.store.files import make_file
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
from app.store.location import make_folder
from app.store.mapping import TARGETS, Mode, Rows, Target, sqlite_statement

BUSY_TIMEOUT_MS = 30_000
ROWS_PER_STATEMENT: Final = 128
"""More gain nothing; with the widest row it is a tenth of the values that SQLite takes."""

FENCED = (
    "UPDATE engine_lease SET batch = coalesce(?, batch) WHERE id = 1 AND owner = ? AND epoch = ?"
)
PROFILE = ("foreign_keys=ON", "trusted_schema=OFF", "cell_size_check=ON")

_PRIMARY = 0xFF
"""The low byte of an SQLite error code; the rest says more precisely which."""

_NO_VALUE = {sqlite3.SQLITE_CONSTRAINT_NOTNULL, sqlite3.SQLITE_CONSTRAINT | 12 << 8}
"""A column without its value, or with one of another type (SQLITE_CONSTRAINT_DATATYPE)."""

_MEANING: dict[int, type[StoreError]] = {
    sqlite3.SQLITE_BUSY: StoreBusyError,
    sqlite3.SQLITE_LOCKED: StoreBusyError,
    sqlite3.SQLITE_INTERRUPT: StoreBusyError,
    sqlite3.SQLITE_FULL: StoreFullError,
    sqlite3.SQLITE_CONSTRAINT: ConflictError,
    sqlite3.SQLITE_MISMATCH: RowError,
    sqlite3.SQLITE_TOOBIG: RowError,
    sqlite3.SQLITE_CORRUPT: StoreDamagedError,
    sqlite3.SQLITE_NOTADB: StoreDamagedError,
}


def explain(error: Exception) -> StoreError:
    """Say what an error of the driver means."""
    if isinstance(error, StoreError):
        return error
    code = getattr(error, "sqlite_errorcode", None)
    if code in _NO_VALUE:
        return RowError(str(error))
    if code is not None:
        meaning = _MEANING.get(code & _PRIMARY, StoreUnavailableError)
        return meaning(f"{error} ({getattr(error, 'sqlite_errorname', code)})")
    if isinstance(error, sqlite3.ProgrammingError | OverflowError | TypeError | UnicodeError):
        return RowError(str(error))
    return StoreUnavailableError(f"{type(error).__name__}: {error}")


def connect(path: Path, *, readonly: bool, busy_timeout_ms: int) -> sqlite3.Connection:
    """Open a connection with the platform's profile; transactions are begun by hand.

    Raises StoreUnavailableError when the file cannot be opened, or not written by a writer.
    """
    try:
        if not readonly:
            make_file(path)  # SQLite gives its logs the mode of the file
        connection = sqlite3.connect(
            path, isolation_level=None, cached_statements=256, check_same_thread=False
        )
    except (OSError, sqlite3.Error) as error:
        message = f"{path} cannot be opened: {error}"
        raise StoreUnavailableError(message) from error
    try:
        connection.execute(f"PRAGMA busy_timeout={busy_timeout_ms:d}")
        for pragma in PROFILE:
            connection.execute(f"PRAGMA {pragma}")
        if readonly:
            connection.execute("PRAGMA query_only=ON")
        else:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
    except sqlite3.Error as error:
        connection.close()
        raise explain(error) from error
    return connection


@cache
def _texts(kind: type[Any]) -> tuple[str, str]:
    """Return the statements of a kind of row: for one and for many."""
    target = TARGETS[kind]
    return sqlite_statement(target), sqlite_statement(target, ROWS_PER_STATEMENT)


def _blocks(rows: Rows, width: int) -> Iterator[tuple[Any, ...]]:
    """Lay rows end to end and cut them into the values of one statement each."""
    values = chain.from_iterable(rows)
    return iter(lambda: tuple(islice(values, width * ROWS_PER_STATEMENT)), ())


def insert(connection: sqlite3.Connection, target: Target, rows: Rows) -> None:
    """Run the statements that take rows to their table, inside the transaction that is open."""
    one, many = _texts(target.kind)
    whole = len(rows) // ROWS_PER_STATEMENT * ROWS_PER_STATEMENT
    count = 0
    if whole:
        count += connection.executemany(many, _blocks(rows[:whole], len(target.columns))).rowcount
    if whole < len(rows):
        count += connection.executemany(one, rows[whole:]).rowcount
    if target.mode is Mode.UPDATE:
        check_updated(target, rows, count)


class SqliteWriter:
    """The one connection that writes, in the one thread that uses it."""

    def __init__(self, path: Path, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> None:
        self._path = path
        self._busy_timeout_ms = busy_timeout_ms
        self._waiting: SimpleQueue[Member | None] = SimpleQueue()
        self._connection: sqlite3.Connection | None = None
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)

    def open(self) -> None:
        """Connect and start; raises StoreUnavailableError when the file cannot be written."""
        make_folder(self._path)
        try:
            self._connected().execute("BEGIN IMMEDIATE").execute("ROLLBACK")
        except sqlite3.Error as error:
            self._disconnect()
            raise explain(error) from error
        self._thread.start()

    def submit(self, member: Member) -> None:
        """Put a write where the thread takes its next group from."""
        self._waiting.put(member)

    def close(self) -> None:
        """Write what waits, then end."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        going = True
        while going:
            members, going = self._next_group()
            if members:
                self._write(members)
                _tell(members)
        self._disconnect()

    def _next_group(self) -> tuple[list[Member], bool]:
        """Take what waits, and say whether there will be more."""
        members: list[Member] = []
        waiting = self._waiting.get()
        with suppress(Empty):
            while waiting is not None:
                members.append(waiting)
                waiting = self._waiting.get_nowait()
            return members, False
        return members, True

    def _write(self, members: Sequence[Member]) -> None:
        try:
            self._transaction(self._connected(), members)
        except Exception as raised:
            # Whoever waits must hear of it, whatever it is.
            error = explain(raised)
            self._roll_back(error)
            if may_go_alone(members, error):
                for member in members:
                    self._write([member])
                return
            for member in members:
                member.error = error

    def _transaction(self, connection: sqlite3.Connection, members: Sequence[Member]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        members = [member for member in members if not member.withdrawn]
        for member in members:
            if member.fence is not None:
                check_fence(member.fence, connection.execute(FENCED, member.fence).rowcount)
        for target, rows in joined(members):
            insert(connection, target, _sealed(connection, rows) if target.added else rows)
        for member in members:
            if member.call is not None:
                member.outcome = _call(connection, member.call)
        connection.execute("COMMIT")

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = connect(
                self._path, readonly=False, busy_timeout_ms=self._busy_timeout_ms
            )
        return self._connection

    def _roll_back(self, error: StoreError) -> None:
        """Undo what is left of a transaction; a full disk has undone it already."""
        if isinstance(error, StoreUnavailableError):
            self._disconnect()  # after an I/O error only a new connection can be trusted
            return
        if self._connection is not None and self._connection.in_transaction:
            try:
                self._connection.execute("ROLLBACK")
            except sqlite3.Error:
                self._disconnect()

    def _disconnect(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None


def _sealed(connection: sqlite3.Connection, events: Rows) -> Rows:
    """Add events to the chain inside the transaction that is open."""
    found = connection.execute(NEWEST).fetchone() or connection.execute(LAST).fetchone()
    rows, head = sealed(Head(*found) if found else BEGINNING, events)
    connection.execute(MOVE_SQLITE, head)
    return rows


def _call(connection: sqlite3.Connection, call: Call) -> Outcome:
    cursor = connection.execute(call.statement.text, call.arguments)
    rows = cursor.fetchall() if call.returns else ()
    return Outcome(rows, len(rows) if call.returns else cursor.rowcount)


def _tell(members: Sequence[Member]) -> None:
    """Wake those who wait, each loop once; one that is closed waits for nothing."""
    loops = {member.loop for member in members}
    for loop in loops:
        with suppress(RuntimeError):
            own = [member for member in members if member.loop is loop]
            loop.call_soon_threadsafe(settle, own)
