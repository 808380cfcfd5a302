"""Files of figures by group: a row for each token, source, strategy, reason, hour or day."""

import asyncio
from functools import partial
from typing import Any, get_args, get_type_hints

import polars as pl

from app.api import figures, zones
from app.api.deps import Parts
from app.api.exports.asked import CalendarAsked, Ranged
from app.api.exports.files import Frames, frame
from app.api.sessions import Session
from app.api.tradeframes import trades_of
from app.trading.statistics import TradeStatistics, group

KINDS = get_type_hints(TradeStatistics)


def _schema(by: str) -> dict[str, Any]:
    """Name the columns of a file: whole figures that count, and all others as numbers."""
    names = {"token_address": pl.String, "symbol": pl.String} if by == "token" else {by: pl.String}
    return {**names, **{figures.shown(name): _kind(name) for name in KINDS}}


def _kind(name: str) -> Any:
    whole = int in (KINDS[name], *get_args(KINDS[name]))
    return pl.Int64 if whole and not name.endswith((figures.LAMPORTS, figures.MS)) else pl.Float64


async def by(parts: Parts, me: Session, asked: Ranged, *, by: str) -> Frames:
    """Write the figures of each group."""
    schema = _schema(by)
    yield frame([], schema)
    zone = asked.zone if isinstance(asked, CalendarAsked) else zones.UTC
    trades = await trades_of(parts, me, asked.within, opened=True)
    yield await asyncio.to_thread(_groups, trades, by, zone, schema)


def _groups(trades: pl.DataFrame, by: str, zone: str, schema: dict[str, Any]) -> pl.DataFrame:
    symbols = dict(trades.select("token", "symbol").unique().iter_rows())
    rows = []
    for one in group(trades, by, zone):
        key = None if one.key is None else str(one.key)
        names = (key, symbols.get(key)) if by == "token" else (key,)
        values = (figures.value_of(name, getattr(one, name)) for name in KINDS)
        rows.append((*names, *values))
    return frame(rows, schema)


per = {
    name: partial(by, by=column)
    for name, column in (
        ("per-token", "token"),
        ("per-source", "source"),
        ("per-strategy", "strategy"),
        ("per-exit-reason", "exit_reason"),
        ("per-hour", "hour"),
        ("per-weekday", "weekday"),
        ("per-day", "day"),
    )
}
"""The files by their names."""
