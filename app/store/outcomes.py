"""What trades came to, in the columns that figures are made of: a tenth of a trade's whole row."""

from typing import NamedTuple

from sqlalchemy import bindparam, func, select, tuple_

from app.store.database import Database, Pages
from app.store.query import LIMIT, Query, picked, table_of
from app.store.tables import Token, Trade
from app.store.types import LARGEST, SMALLEST, Exact

PAGE = 1_000
"""Rows that become tuples within a millisecond or two: the loop waits for that."""

Place = tuple[int, int]
"""When a trade ended, and its id."""

FIRST: Place = (SMALLEST, SMALLEST)

_T = table_of(Trade).c
_K = table_of(Token).c


class Outcome(NamedTuple):
    """A trade as figures want it; exit and P&L are None while it is open."""

    id: int
    token_id: int
    strategy: str
    signal_id: int | None
    source: str
    entry_time: int
    entry_price: float
    sol_invested: int
    exit_time: int | None
    exit_reason: str | None
    pnl_sol: int | None
    pnl_percent: float | None
    mint: str
    symbol: str


class Count(NamedTuple):
    """How many trades there are."""

    trades: int


_OUTCOMES = (
    select(*picked(Trade, Outcome), _K.mint, _K.symbol)
    .join(Token, _K.id == _T.token_id)
    .where(_T.wallet_id == bindparam("wallet"))
)
_AFTER = tuple_(bindparam("time", type_=Exact()), bindparam("id", type_=Exact()))
_CLOSED = Query(
    _OUTCOMES.where(tuple_(_T.exit_time, _T.id) > _AFTER)
    .order_by(_T.exit_time, _T.id)
    .limit(LIMIT),
    Outcome,
)
_COUNT = Query(
    select(func.count().label("trades")).where(
        _T.wallet_id == bindparam("wallet"), tuple_(_T.exit_time, _T.id) <= _AFTER
    ),
    Count,
)
# A sum is in no index: what is open is found by the end that it does not have.
_ENTERED = _T.entry_time + 0
_OPENED = Query(
    _OUTCOMES.where(
        _T.exit_time.is_(None),
        bindparam("until") > _ENTERED,
        tuple_(_ENTERED, _T.id) > _AFTER,
    )
    .order_by(_ENTERED, _T.id)
    .limit(LIMIT),
    Outcome,
)


_NEWEST = Query(
    _OUTCOMES.where(
        _T.exit_time >= bindparam("since"),
        _T.exit_time < bindparam("until"),
        tuple_(_T.exit_time, _T.id) < _AFTER,
    )
    .order_by(_T.exit_time.desc(), _T.id.desc())
    .limit(LIMIT),
    Outcome,
)


def closed_outcomes(database: Database, wallet_id: int, *, after: Place = FIRST) -> Pages[Outcome]:
    """Read the trades of a wallet that ended after a place, in that order, page by page."""
    time, trade_id = after
    return database.pages(
        _CLOSED,
        lambda last: {"time": last.exit_time, "id": last.id},
        wallet=wallet_id,
        time=time,
        id=trade_id,
        limit=PAGE,
    )


async def count_closed(database: Database, wallet_id: int, last: Place) -> int:
    """Count the trades of a wallet that ended up to a place, which itself counts."""
    time, trade_id = last
    found = await database.one(_COUNT, wallet=wallet_id, time=time, id=trade_id)
    return 0 if found is None else found.trades


def open_outcomes(
    database: Database, wallet_id: int, *, since: int = SMALLEST, until: int = LARGEST
) -> Pages[Outcome]:
    """Read the open trades of a wallet that began in [since, until), in that order, in pages."""
    return database.pages(
        _OPENED,
        lambda last: {"time": last.entry_time, "id": last.id},
        wallet=wallet_id,
        time=since,
        id=SMALLEST,
        until=until,
        limit=PAGE,
    )


async def newest_outcomes(
    database: Database,
    wallet_id: int,
    *,
    since: int = SMALLEST,
    until: int = LARGEST,
    after: tuple[int, int] | None = None,
    limit: int = 100,
) -> list[Outcome]:
    """List the trades that ended in [since, until), newest first.

    `after` is (exit_time, id) of the last trade of the page before.
    """
    time, trade_id = after or (LARGEST, LARGEST)
    return await database.rows(
        _NEWEST,
        wallet=wallet_id,
        since=since,
        until=until,
        time=time,
        id=trade_id,
        limit=limit,
    )
