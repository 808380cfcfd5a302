"""A token's recorded prices in their one order: what left for files, then what the database holds.

They come in pages of columns, so that a long history fits in little memory. Rows may leave for a
file while somebody reads; a file is complete before its rows are deleted, so whoever looks for new
files after each page misses none.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from sqlalchemy import bindparam, func, select

from app.store.archive import Idle, folder_of
from app.store.database import Database
from app.store.query import LIMIT, Query, table_of
from app.store.tables import Tick
from app.store.types import LARGEST
from app.trading.amounts import Floats, Ints

PAGE = 2_000
"""Rows that become columns within a millisecond or two: the loop waits for that."""

LATE_MS = 1_800_000
"""Numbers follow arrival, so a time may stand after a later one: at most this much."""

_T = table_of(Tick).c


class Prices(NamedTuple):
    """A page of prices as columns: numbers, times in Unix ms, SOL per token."""

    seq: Ints
    at: Ints
    price: Floats

    def part(self, first: int, last: int) -> "Prices":
        """Take the rows from `first` to before `last`."""
        return Prices(self.seq[first:last], self.at[first:last], self.price[first:last])


class _Number(NamedTuple):
    seq: int | None


class _Time(NamedTuple):
    at: int


_ROWS: Query[tuple[int, int, float]] = Query(
    select(_T.seq, _T.at, _T.price)
    .where(
        _T.token_id == bindparam("token"),
        _T.seq > bindparam("after"),
        _T.seq <= bindparam("through"),
    )
    .order_by(_T.seq)
    .limit(LIMIT)
)
_FIRST = Query(select(func.min(_T.seq).label("seq")), _Number)
_LAST = Query(select(func.max(_T.seq).label("seq")), _Number)
_NEXT = Query(select(_T.at).where(_T.seq >= bindparam("seq")).order_by(_T.seq).limit(1), _Time)


async def recorded_prices(
    database: Database,
    folder: Path,
    token: Idle,
    *,
    after: int = 0,
    through: int = LARGEST,
    since: int = 0,
) -> AsyncGenerator[Prices, None]:
    """Read a token's prices with a number in (after, through], page by page, archived ones too.

    Prices before `since` (Unix ms) are passed over where that is cheap, so some may come.
    """
    files = _Files(folder_of(folder, token))
    async with aclosing(files.new(after, through, since)) as pages:
        async for page in pages:
            after = int(page.seq[-1])
            yield page
    after = max(after, await number_before(database, since) if since else 0)
    while True:
        rows = await database.rows(_ROWS, token=token.id, after=after, through=through, limit=PAGE)
        async with aclosing(files.new(after, through, since)) as pages:
            async for page in pages:
                after = int(page.seq[-1])
                yield page
        if rows:
            rest = _later(_columns(rows), after)
            after = max(after, rows[-1][0])
            if len(rest.seq):
                yield rest
        if len(rows) < PAGE:
            return


async def number_before(database: Database, at: int) -> int:
    """Find a tick's number before which every price of any token is older than a time (Unix ms).

    Halves the numbers in use; times follow them but for LATE_MS.
    """
    first, last = await database.one(_FIRST), await database.one(_LAST)
    if first is None or last is None or first.seq is None or last.seq is None:
        return 0
    low, high = first.seq, last.seq + 1
    while low < high:
        middle = (low + high) // 2
        found = await database.one(_NEXT, seq=middle)
        if found is not None and found.at < at - LATE_MS:
            low = middle + 1
        else:
            high = middle
    return low - 1


class _Files:
    """A token's files, each read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: set[str] = set()

    async def new(self, after: int, through: int, since: int) -> AsyncGenerator[Prices, None]:
        """Read the files that were not there before, in order."""
        for path in await asyncio.to_thread(self._unseen):
            first, last = (int(part) for part in path.stem.split("-"))
            self._seen.add(path.name)
            if last <= after or first > through:
                continue
            found = await asyncio.to_thread(_read, path, after, through, since)
            for page in _pages(found):
                later = _later(page, after)
                if len(later.seq):
                    after = int(later.seq[-1])
                    yield later

    def _unseen(self) -> list[Path]:
        found = [path for path in self._folder.glob("*.parquet") if path.name not in self._seen]
        return sorted(found, key=lambda path: int(path.stem.split("-")[0]))


def _read(path: Path, after: int, through: int, since: int) -> Prices:
    frame = (
        pl.scan_parquet(path)
        .filter(pl.col("seq") > after, pl.col("seq") <= through, pl.col("at") >= since - LATE_MS)
        .collect()
    )
    return Prices(*(frame.get_column(name).to_numpy() for name in ("seq", "at", "price")))


def _pages(prices: Prices) -> Iterator[Prices]:
    for first in range(0, len(prices.seq), PAGE):
        yield prices.part(first, first + PAGE)


def _columns(rows: list[tuple[int, int, float]]) -> Prices:
    seq, at, price = zip(*rows, strict=True)
    return Prices(np.array(seq, np.int64), np.array(at, np.int64), np.array(price, np.float64))


def _later(page: Prices, after: int) -> Prices:
    """Leave out what was read before: a process that died while it moved rows wrote them twice."""
    return page.part(int(np.searchsorted(page.seq, after, side="right")), len(page.seq))
