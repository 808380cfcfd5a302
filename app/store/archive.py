"""Old prices as files: what nobody holds any more leaves the database for Parquet.

    DATA_DIR/ticks/<mint>/<first>-<last>.parquet   seq, at, price

A file is complete and on the disk before its rows are deleted. A process that dies in between
writes some rows a second time, so a reader counts each number once.
"""

import asyncio
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

import polars as pl
from sqlalchemy import bindparam, delete, select

from app.store.counters import highest_numbers
from app.store.database import PAGE, Database
from app.store.files import replace_file
from app.store.journal import Journal
from app.store.query import LIMIT, Query, table_of
from app.store.retention import DAY_MS
from app.store.tables import OPEN, Position, Tick, Token
from app.store.ticks import ticks_after
from app.trading.ids import is_address
from app.trading.ledger import TickRow

KEPT_MS = 7 * DAY_MS
ROWS_PER_FILE = 20 * PAGE
PORTION = 1_000
"""Ticks that are deleted at once, so that the engine's batches get between."""

COLUMNS = {"seq": pl.Int64, "at": pl.Int64, "price": pl.Float64}

_T = table_of(Tick).c
_K = table_of(Token).c
_P = table_of(Position).c
_HELD = select(_P.token_id).where(OPEN)


class Idle(NamedTuple):
    """A token that nobody holds and that has old ticks."""

    id: int
    mint: str


_OLDEST = (
    select(_T.at).where(_T.token_id == _K.id).order_by(_T.seq).limit(1).correlate(table_of(Token))
)
_IDLE = Query(
    select(_K.id, _K.mint)
    .where(_K.id.not_in(_HELD), _OLDEST.scalar_subquery() < bindparam("before"))
    .order_by(_K.id),
    Idle,
)
_OF_TOKEN = (_T.token_id == bindparam("token")) & (_T.seq <= bindparam("through"))
_DELETE: Query[tuple[int]] = Query(
    delete(Tick).where(_T.seq.in_(select(_T.seq).where(_OF_TOKEN).order_by(_T.seq).limit(LIMIT)))
)


async def archive_ticks(database: Database, journal: Journal, folder: Path, now: int) -> int:
    """Move ticks older than a week of tokens that nobody holds to files; returns how many.

    The newest tick of all stays, because numbers go on after it.
    """
    newest, before = (await highest_numbers(database)).tick, now - KEPT_MS
    moved = 0
    for token in await database.rows(_IDLE, before=before):
        old: list[TickRow] = []
        async for page in ticks_after(database, token.id, 0, through=newest - 1):
            part = list(takewhile(lambda tick: tick.at < before, page))
            old += part
            if len(part) < len(page):
                break
            if len(old) >= ROWS_PER_FILE:
                moved += await _move(journal, old, folder_of(folder, token), token.id)
                old = []
        if old:
            moved += await _move(journal, old, folder_of(folder, token), token.id)
    return moved


def folder_of(folder: Path, token: Idle) -> Path:
    """Name the folder of a token's files; a mint that is no address names no folder."""
    name = token.mint if is_address(token.mint) else f"token-{token.id}"
    return folder / "ticks" / name


async def _move(journal: Journal, ticks: Sequence[TickRow], folder: Path, token_id: int) -> int:
    await asyncio.to_thread(write_file, ticks, folder)
    moved = 0
    while moved < len(ticks):
        through = ticks[-1].seq
        outcome = await journal.execute(_DELETE, token=token_id, through=through, limit=PORTION)
        if not outcome.changed:
            break
        moved += outcome.changed
    return moved


def write_file(ticks: Sequence[TickRow], folder: Path) -> Path:
    """Write ticks to a file that is there as a whole or not at all."""
    path = folder / f"{ticks[0].seq}-{ticks[-1].seq}.parquet"
    rows = [(tick.seq, tick.at, tick.price) for tick in ticks]
    frame = pl.DataFrame(rows, COLUMNS, orient="row")
    replace_file(path, lambda file: frame.write_parquet(file, compression="zstd"))
    return path


def read_archive(folder: Path) -> pl.DataFrame:
    """Read a token's files: seq, at, price in order, each number once."""
    files = sorted(folder.glob("*.parquet"))
    if not files:
        return pl.DataFrame(schema=COLUMNS)
    return pl.concat([pl.read_parquet(file) for file in files]).unique("seq").sort("seq")
