"""What the platform recorded while it ran, as history: its closed candles and its prices.

Candles come from the table of closed ones. Prices that reached the engine, from their table and
from the archive, become candles of a second without volume, where no other candle is. Collecting
again adds what is new and changes nothing else.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import polars as pl

from app.store.archive import COLUMNS, Idle, folder_of, read_archive
from app.store.candles import candle_series, stored_candles
from app.store.database import Database
from app.store.history import History
from app.store.history_candles import faults
from app.store.history_names import safe_name
from app.store.ticks import ticks_after
from app.store.tokens import all_tokens
from app.trading.entry import CANDLE_SCHEMA
from app.trading.ledger import TokenRow

SOURCE = "live"
SECOND = "1s"
SECOND_MS = 1_000


class Collected(NamedTuple):
    """What one token's record added to a timeframe; `refused` rows were no candles."""

    token: str
    symbol: str
    timeframe: str
    added: int
    replaced: int
    refused: int


async def collect(
    database: Database,
    data_dir: Path,
    history: History,
    now: int,
    progress: Callable[[str], None] = lambda _: None,
) -> list[Collected]:
    """Put what was recorded until `now` (Unix ms) into history; `progress` hears of each token.

    Raises HistoryError or StoreError; what was put there before that stays.
    """
    done: list[Collected] = []
    for one in await stored_candles(database):
        progress(f"{one.symbol} {one.timeframe}")
        series = await candle_series(database, one.token_id, one.timeframe)
        frame = pl.DataFrame(series, CANDLE_SCHEMA, orient="row")
        words = (one.mint, one.symbol, one.timeframe)
        done.append(await asyncio.to_thread(_merge, history, words, frame, replace=True))
    for token in await all_tokens(database):
        progress(f"{token.symbol} prices")
        ticks = await recorded_ticks(database, data_dir, token)
        if not ticks.is_empty():
            words = (token.mint, token.symbol, SECOND)
            frame = seconds(ticks, now)
            done.append(await asyncio.to_thread(_merge, history, words, frame, replace=False))
    return [one for one in done if one.added or one.replaced or one.refused]


async def recorded_ticks(database: Database, data_dir: Path, token: TokenRow) -> pl.DataFrame:
    """Read every price of a token that reached the engine: seq, at (Unix ms), price, in order."""
    # The table first: what moves to the archive meanwhile is then read twice, never not at all.
    pages = [page async for page in ticks_after(database, token.id, 0)]
    rows = [(tick.seq, tick.at, tick.price) for page in pages for tick in page]
    live = pl.DataFrame(rows, COLUMNS, orient="row")
    folder = folder_of(data_dir, Idle(token.id, token.mint))
    archived = await asyncio.to_thread(read_archive, folder)
    return pl.concat([archived, live]).unique("seq").sort("seq")


def seconds(ticks: pl.DataFrame, now: int) -> pl.DataFrame:
    """Join prices (seq, at, price, in order) into candles of a second that ended by `now`.

    Their volume is 0: a price says nothing of it.
    """
    opened = (pl.col("at") // SECOND_MS * SECOND_MS).alias("time")
    price = pl.col("price")
    return (
        ticks.group_by(opened, maintain_order=True)
        .agg(
            open=price.first(),
            high=price.max(),
            low=price.min(),
            close=price.last(),
            volume=pl.lit(0.0),
        )
        .filter(pl.col("time") + SECOND_MS <= now)
        .sort("time")
    )


def _merge(
    history: History, words: tuple[str, str, str], frame: pl.DataFrame, *, replace: bool
) -> Collected:
    token, symbol, timeframe = words
    broken = pl.any_horizontal(one.broken for one in faults(timeframe))
    sound = frame.filter(~broken)
    merged = history.merge(safe_name(token), symbol, timeframe, sound, SOURCE, replace=replace)
    refused = frame.height - sound.height
    return Collected(token, symbol, timeframe, merged.added, merged.replaced, refused)
