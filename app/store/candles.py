"""Closed candles."""

from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from app.store.database import Database
from app.store.query import LIMIT, Query, table_of
from app.store.tables import Candle as CandleTable
from app.store.tables import Token
from app.store.types import LARGEST, SMALLEST
from app.trading.market import Candle

_C = table_of(CandleTable).c
_T = table_of(Token).c


class CandleRange(NamedTuple):
    """What is stored of a token in a timeframe."""

    token_id: int
    mint: str
    symbol: str
    timeframe: str
    candles: int
    first: int
    last: int


_SLICE = (
    select(_C.timestamp.label("time"), _C.open, _C.high, _C.low, _C.close, _C.volume)
    .where(
        _C.token_id == bindparam("token"),
        _C.timeframe == bindparam("timeframe"),
        _C.timestamp >= bindparam("since"),
        _C.timestamp < bindparam("until"),
    )
    .limit(LIMIT)
)
_NEWEST = Query(_SLICE.order_by(_C.timestamp.desc()), Candle)
_OLDEST = Query(_SLICE.order_by(_C.timestamp), Candle)
_RANGES = Query(
    select(
        _C.token_id,
        _T.mint,
        _T.symbol,
        _C.timeframe,
        func.count().label("candles"),
        func.min(_C.timestamp).label("first"),
        func.max(_C.timestamp).label("last"),
    )
    .join(Token, _T.id == _C.token_id)
    .group_by(_C.token_id, _T.mint, _T.symbol, _C.timeframe)
    .order_by(_C.token_id, _C.timeframe),
    CandleRange,
)


async def newest_candles(
    database: Database,
    token_id: int,
    timeframe: str,
    *,
    since: int = SMALLEST,
    until: int = LARGEST,
    limit: int,
) -> list[Candle]:
    """Load the newest candles that open in [since, until), oldest first."""
    found = await database.rows(
        _NEWEST, token=token_id, timeframe=timeframe, since=since, until=until, limit=limit
    )
    return found[::-1]


async def candle_series(
    database: Database,
    token_id: int,
    timeframe: str,
    *,
    since: int = SMALLEST,
    until: int = LARGEST,
) -> list[Candle]:
    """Load all candles that open in [since, until), oldest first, page by page."""
    series: list[Candle] = []
    pages = database.pages(
        _OLDEST,
        lambda last: {"since": last.time + 1},
        token=token_id,
        timeframe=timeframe,
        since=since,
        until=until,
    )
    async for page in pages:
        series.extend(page)
    return series


async def stored_candles(database: Database) -> list[CandleRange]:
    """Tell what is stored, by token and timeframe."""
    return await database.rows(_RANGES)
