"""Trades to run again, with all that a replay is held against, and what came of those that were."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from sqlalchemy import Select, bindparam, func, select, tuple_

from app.store.database import Database, Pages
from app.store.query import LIMIT, Query, picked, table_of
from app.store.tables import Fill, Position, Replay, Token, Trade
from app.store.types import LARGEST, Exact
from app.trading.ledger import FillRow, ReplayRow

FINISHED = "finished"
TOGETHER = 100
"""Trades whose fills are loaded in one query."""

PORTION = 500
"""Closed trades that are looked at in one query."""

_T = table_of(Trade).c
_P = table_of(Position).c
_K = table_of(Token).c
_F = table_of(Fill).c
_R = table_of(Replay).c


class PlayedTrade(NamedTuple):
    """A trade's fields, then its exit state's, then its token's; exit fields are None while it is
    open.
    """

    id: int
    wallet_id: int
    token_id: int
    strategy: str
    status: str
    entry_time: int
    entry_price: float
    quantity: int
    sol_invested: int
    exit_plan: str
    sol_returned: int
    highest_price_seen: float
    stop_loss_price: float
    exit_time: int | None
    exit_price: float | None
    exit_reason: str | None
    pnl_sol: int | None
    pnl_percent: float | None
    deadline: int
    phase: int
    tiers_taken: int
    tokens: int
    mint: str
    symbol: str
    decimals: int


class Past(NamedTuple):
    """A closed trade, and whether it was run again."""

    id: int
    exit_time: int
    status: str | None


class Counted(NamedTuple):
    """How many trades a check ended in the same way for."""

    status: str
    trades: int


class PlayedFilter(NamedTuple):
    """Which trades of a wallet: entered in [since, until), of a token, by a strategy."""

    since: int
    until: int
    mint: str | None = None
    strategy: str | None = None


_OF_TRADE = picked(Trade, PlayedTrade)
_NAMES = {column.name for column in _OF_TRADE}
_OF_POSITION = [column for column in picked(Position, PlayedTrade) if column.name not in _NAMES]
_PLAYED: Select[tuple[object, ...]] = (
    select(*_OF_TRADE, *_OF_POSITION, _K.mint, _K.symbol, _K.decimals)
    .join(Position, _P.trade_id == _T.id)
    .join(Token, _K.id == _T.token_id)
)
_ONE = Query(_PLAYED.where(_T.id == bindparam("trade")), PlayedTrade)
_WANTED = (
    _PLAYED.where(
        _T.wallet_id == bindparam("wallet"),
        _T.entry_time >= bindparam("since"),
        _T.entry_time < bindparam("until"),
    )
    .order_by(_T.entry_time, _T.id)
    .limit(LIMIT)
)
_FILTERS = {"mint": _K.mint == bindparam("mint"), "strategy": _T.strategy == bindparam("strategy")}
_SOME_FILLS = Query(
    select(*picked(Fill, FillRow))
    .where(_F.trade_id.in_([bindparam(f"id{place}", type_=Exact()) for place in range(TOGETHER)]))
    .order_by(_F.id),
    FillRow,
)
_PLACE = (bindparam("time", type_=Exact()), bindparam("id", type_=Exact()))
_PAST = Query(
    select(_T.id, _T.exit_time, _R.status)
    .select_from(Trade)
    .outerjoin(Replay, _R.trade_id == _T.id)
    .where(_T.exit_time.is_not(None), tuple_(_T.exit_time, _T.id) < tuple_(*_PLACE))
    .order_by(_T.exit_time.desc(), _T.id.desc())
    .limit(LIMIT),
    Past,
)
_KEPT = Query(
    select(*picked(Replay, ReplayRow)).where(_R.trade_id == bindparam("trade")), ReplayRow
)
_COUNTS = Query(
    select(_R.status, func.count().label("trades")).group_by(_R.status).order_by(_R.status), Counted
)


@cache
def _wanted(filters: tuple[str, ...]) -> Query[PlayedTrade]:
    return Query(_WANTED.where(*(_FILTERS[name] for name in filters)), PlayedTrade)


async def played_trade(database: Database, trade_id: int) -> PlayedTrade | None:
    """Load a trade with its exit state; None for one that is not there."""
    return await database.one(_ONE, trade=trade_id)


async def played_trades(
    database: Database, wallet_id: int, wanted: PlayedFilter, limit: int
) -> list[PlayedTrade]:
    """Load the first of a wallet's trades, oldest first."""
    given = {name: value for name in _FILTERS if (value := getattr(wanted, name)) is not None}
    times = {"since": wanted.since, "until": wanted.until}
    query = _wanted(tuple(given))
    return await database.rows(query, wallet=wallet_id, limit=limit, **times, **given)


async def fills_of_all(database: Database, trades: Sequence[int]) -> dict[int, list[FillRow]]:
    """Load the fills of some trades, each trade's entry first."""
    found: dict[int, list[FillRow]] = {trade: [] for trade in trades}
    for first in range(0, len(trades), TOGETHER):
        part = trades[first : first + TOGETHER]
        padded = [*part, *([part[-1]] * (TOGETHER - len(part)))]
        ids = {f"id{place}": trade for place, trade in enumerate(padded)}
        for fill in await database.rows(_SOME_FILLS, **ids):
            found[fill.trade_id].append(fill)
    return found


def past_trades(database: Database) -> Pages[Past]:
    """Walk over the closed trades of all wallets, newest first, page by page."""
    return database.pages(
        _PAST,
        lambda last: {"time": last.exit_time, "id": last.id},
        time=LARGEST,
        id=LARGEST,
        limit=PORTION,
    )


async def find_replay(database: Database, trade_id: int) -> ReplayRow | None:
    """Load what came of running a trade again; None where nobody did."""
    return await database.one(_KEPT, trade=trade_id)


async def replay_counts(database: Database) -> dict[str, int]:
    """Count the trades that were run again, by how that ended."""
    return {row.status: row.trades for row in await database.rows(_COUNTS)}
