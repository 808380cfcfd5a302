"""Closed candles joined into wider ones by the database, so that nobody carries all of them."""

from sqlalchemy import ColumnElement, String, bindparam, func, select

from app.store.database import Database
from app.store.query import LIMIT, Query, table_of
from app.store.tables import Candle as CandleTable
from app.store.types import SMALLEST, Exact
from app.trading.market import TIMEFRAMES, Candle

MOST_READ = 100_000
"""Candles that one answer is made of, at most."""

_FIRST = table_of(CandleTable).alias("opening")
_LAST = table_of(CandleTable).alias("closing")
_C = table_of(CandleTable).c
_WIDTH = bindparam("width", type_=Exact())
_OPENED: ColumnElement[int] = _C.timestamp - _C.timestamp % _WIDTH
_TOKEN = bindparam("token", type_=Exact())
_TIMEFRAME = bindparam("timeframe", type_=String())
_JOINED = (
    select(
        _OPENED.label("time"),
        func.min(_C.timestamp).label("first"),
        func.max(_C.timestamp).label("last"),
        func.max(_C.high).label("high"),
        func.min(_C.low).label("low"),
        func.sum(_C.volume).label("volume"),
    )
    .where(
        _C.token_id == _TOKEN,
        _C.timeframe == _TIMEFRAME,
        _C.timestamp >= bindparam("since"),
        _C.timestamp < bindparam("until"),
    )
    .group_by(_OPENED)
    .subquery("joined")
)
_BARS = Query(
    select(
        _JOINED.c.time,
        _FIRST.c.open,
        _JOINED.c.high,
        _JOINED.c.low,
        _LAST.c.close,
        _JOINED.c.volume,
    )
    .where(
        _FIRST.c.token_id == _TOKEN,
        _FIRST.c.timeframe == _TIMEFRAME,
        _FIRST.c.timestamp == _JOINED.c.first,
        _LAST.c.token_id == _TOKEN,
        _LAST.c.timeframe == _TIMEFRAME,
        _LAST.c.timestamp == _JOINED.c.last,
    )
    .order_by(_JOINED.c.time.desc())
    .limit(LIMIT),
    Candle,
)


async def bars_up_to(
    database: Database,
    token_id: int,
    timeframe: str,
    width: int,
    *,
    last: int,
    since: int = SMALLEST,
    limit: int,
) -> list[Candle]:
    """Join the stored candles of a timeframe into the newest bars of `width` milliseconds, oldest
    first; the newest candle in them is the one that opens at `last`.

    Only `since` can cut the first bar. There are fewer than `limit` where candles are missing, and
    where so many bars would be made of more than MOST_READ candles.
    """
    many = max(1, min(limit, MOST_READ * TIMEFRAMES[timeframe] // width))
    found = await database.rows(
        _BARS,
        token=token_id,
        timeframe=timeframe,
        width=width,
        since=max(since, last - last % width - (many - 1) * width),
        until=last + 1,
        limit=many,
    )
    return found[::-1]
