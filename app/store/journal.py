"""The one write path: whatever is kept goes through here, in groups, and is on the disk when the
caller goes on.

    commit   a batch of the engine, fenced by its lease
    write    rows of anybody else: sessions, candles, signals as they arrive
    execute  a statement of anybody else, for what rows cannot say: claims, deletions

Each call is all or nothing, and independent of those it shares a transaction with.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from app.store.errors import LeaseLostError, NotInTimeError, RowError, StoreUnavailableError
from app.store.group import Call, Fence, Member, Outcome, RowsByKind
from app.store.location import Location, locate
from app.store.mapping import TARGETS
from app.store.patience import in_time, patience
from app.store.postgres import PostgresWriter
from app.store.query import Query
from app.store.sqlite import BUSY_TIMEOUT_MS, SqliteWriter
from app.trading.ledger import Changes


class Journal:
    """The write path to one database; open it once per process."""

    def __init__(self, location: Location, writer: SqliteWriter | PostgresWriter) -> None:
        self.dialect = location.dialect
        self.lease: tuple[str, int] | None = None
        """Owner and epoch of the lease that this process holds; `Lease` sets it."""
        self._writer = writer
        self._open = True

    @classmethod
    async def open(cls, url: str, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> "Journal":
        """Connect to a database whose schema is there (see `migrate.upgrade`).

        Raises UnsupportedUrlError or StoreUnavailableError.
        """
        location = locate(url)
        if location.dialect == "postgresql":
            server = PostgresWriter(location)
            await server.open()
            return cls(location, server)
        file = SqliteWriter(location.path, busy_timeout_ms)
        await asyncio.to_thread(file.open)
        return cls(location, file)

    async def close(self) -> None:
        """Write what waits, then disconnect; later writes are refused. Twice is as good as once."""
        self._open = False
        if isinstance(self._writer, PostgresWriter):
            await self._writer.close()
        else:
            await asyncio.to_thread(self._writer.close)

    async def commit(self, changes: Changes, *, batch: int | None = None) -> None:
        """Make a batch of the engine durable in one transaction, and its number with it.

        Raises LeaseLostError when this process may not write as the engine. After
        StoreUnavailableError a batch may be there or not: the lease's `batch` says which.
        """
        if self.lease is None:
            message = "this process holds no lease to write as the engine"
            raise LeaseLostError(message)
        await self._submit(Member(_known(changes.rows), Fence(batch, *self.lease)))

    async def write(self, rows: Changes | Iterable[tuple[Any, ...]]) -> None:
        """Make rows durable in one transaction, together with whatever else waits."""
        if isinstance(rows, Changes):
            await self._submit(Member(_known(rows.rows)))
            return
        kinds: defaultdict[type[Any], list[tuple[Any, ...]]] = defaultdict(list)
        for row in rows:
            kinds[type(row)].append(row)
        await self._submit(Member(_known(kinds)))

    async def execute(self, query: Query[Any], **parameters: object) -> Outcome:
        """Run a statement that changes something; answers its rows and how many it changed."""
        statement = query.compiled(self.dialect)
        call = Call(statement, statement.arguments(parameters), query.returns)
        outcome = await self._submit(Member({}, call=call))
        return outcome._replace(rows=query.typed(outcome.rows, self.dialect))

    async def _submit(self, member: Member) -> Outcome:
        if not self._open:
            message = "the journal is closed"
            raise StoreUnavailableError(message)
        self._writer.submit(member)
        try:
            return await in_time(member.future, patience(), "nothing could be written")
        except NotInTimeError:
            member.withdrawn = True
            raise


def _known(rows: Any) -> RowsByKind:
    for kind in rows:
        if kind not in TARGETS:
            message = f"{kind.__name__} is no kind of row that is kept"
            raise RowError(message)
    known: RowsByKind = rows
    return known
