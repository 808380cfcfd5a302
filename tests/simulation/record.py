"""The database of a simulated run: in memory or in a file, in the loop, and failing when told
to.

The statements, groups and transactions are the platform's own (`SqliteWriter`); only its thread and
its file are gone. The database's clock is the simulated one. What a process has not handed to the
database when it dies is lost; what it has is there, whether it heard of it or not.
"""

import random
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.store import sqlite
from app.store.database import Database
from app.store.errors import StoreBusyError, StoreError, StoreFullError, StoreUnavailableError
from app.store.group import Member, settle
from app.store.journal import Journal
from app.store.location import locate
from app.store.sqlite import SqliteWriter
from tests.simulation.virtual import VirtualLoop

JULIAN_EPOCH = 2_440_587.5
DAY_MS = 86_400_000
SLOWEST = 2.0
NOWHERE = "sqlite+aiosqlite:////nowhere/simulated.db"
Kept = Callable[[Member], None]


@dataclass(slots=True)
class Weather:
    """How the database does: the chance that something goes wrong, drawn at each call."""

    chance: random.Random
    writes_fail: float = 0.0
    reads_fail: float = 0.0
    slow: float = 0.0
    failed: dict[str, int] = field(default_factory=dict)

    def fault(self, likely: float, *kinds: type[StoreError]) -> StoreError | None:
        """Draw whether this call fails, and how."""
        if likely <= 0.0 or self.chance.random() >= likely:
            return None
        kind = self.chance.choice(kinds)
        self.failed[kind.__name__] = self.failed.get(kind.__name__, 0) + 1
        return kind("simulated")

    def wait(self) -> float:
        """Draw how long a call takes."""
        return SLOWEST * self.chance.random() if self.chance.random() < self.slow else 0.001


class Record:
    """The disk: it outlives the processes that write to it."""

    def __init__(
        self, template: sqlite3.Connection, now: Callable[[], int], where: str = ":memory:"
    ) -> None:
        self.connection = sqlite3.connect(where, isolation_level=None, cached_statements=512)
        template.backup(self.connection)
        self.connection.execute("PRAGMA synchronous=OFF")
        for pragma in sqlite.PROFILE:
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.create_function(
            "julianday", 1, lambda _: now() / DAY_MS + JULIAN_EPOCH, deterministic=False
        )


def template(path: Path) -> sqlite3.Connection:
    """Read a migrated file into memory, so that every run copies it from there."""
    read = sqlite3.connect(":memory:", check_same_thread=False)
    file = sqlite3.connect(path)
    file.backup(read)
    file.close()
    return read


class Writer(SqliteWriter):
    """Writes in the loop what waits, a moment later; a process that died writes nothing more."""

    def __init__(self, record: Record, loop: VirtualLoop, weather: Weather, kept: Kept) -> None:
        super().__init__(Path("/nowhere"))
        self._record = record
        self._loop = loop
        self._weather = weather
        self._kept = kept
        self._group: list[Member] = []
        self.dead = False

    def submit(self, member: Member) -> None:
        """Put a write into the next group."""
        if self.dead:
            return
        if not self._group:
            self._loop.call_later(self._weather.wait(), self._flush)
        self._group.append(member)

    def close(self) -> None:
        """Write what waits."""
        self._flush()

    def _connected(self) -> sqlite3.Connection:
        return self._record.connection

    def _disconnect(self) -> None:
        if self._record.connection.in_transaction:
            self._record.connection.execute("ROLLBACK")

    def _flush(self) -> None:
        members, self._group = self._group, []
        if self.dead or not members:
            return
        weather = self._weather
        error = weather.fault(
            weather.writes_fail, StoreBusyError, StoreFullError, StoreUnavailableError
        )
        if error is None or isinstance(error, StoreUnavailableError):
            self._perhaps_write(members, error)
        else:
            for member in members:
                member.error = error
        self._loop.call_soon(self._tell, members)

    def _perhaps_write(self, members: Sequence[Member], error: StoreError | None) -> None:
        """Write; a connection that broke may have done it before it broke."""
        if error is None or self._weather.chance.random() < 0.5:
            self._write(members)
            for member in members:
                if member.error is None:
                    self._kept(member)
        if error is not None:
            for member in members:
                member.error = error

    def _tell(self, members: Sequence[Member]) -> None:
        if not self.dead:
            settle(members)


class Readers:
    """Reads in the loop, a moment later."""

    def __init__(self, record: Record, loop: VirtualLoop, weather: Weather) -> None:
        self._record = record
        self._loop = loop
        self._weather = weather

    async def fetch(self, text: str, arguments: Sequence[Any]) -> list[Any]:
        """Run a query."""
        answer: Any = self._loop.create_future()
        self._loop.call_later(self._weather.wait(), self._read, answer, text, arguments)
        found: list[Any] = await answer
        return found

    def _read(self, answer: Any, text: str, arguments: Sequence[Any]) -> None:
        if answer.done():
            return
        error = self._weather.fault(self._weather.reads_fail, StoreBusyError, StoreUnavailableError)
        if error is not None:
            answer.set_exception(error)
            return
        try:
            answer.set_result(self._record.connection.execute(text, arguments).fetchall())
        except sqlite3.Error as raised:
            answer.set_exception(sqlite.explain(raised))

    async def close(self) -> None:
        """Nothing is open."""


class Readable(Database):
    """A database whose readers read in the loop."""

    def __init__(self, record: Record, loop: VirtualLoop, weather: Weather) -> None:
        self.dialect = "sqlite"
        self.__dict__["_readers"] = Readers(record, loop, weather)


def journal(writer: Writer) -> Journal:
    """Put a journal before a writer."""
    return Journal(locate(NOWHERE), writer)
