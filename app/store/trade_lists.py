"""Lists of a wallet's trades: which of them, in which order, page by page."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Select, Text, bindparam, func, literal, select, tuple_

from app.store.database import Database
from app.store.json_text import pattern
from app.store.query import LIMIT, Query, picked, table_of
from app.store.tables import Token, Trade
from app.store.trades import LINES, TradeLine
from app.store.types import LARGEST, SMALLEST, Exact, Real

TradeSort = Literal["entry_time", "exit_time", "pnl_sol", "pnl_percent", "sol_invested", "held"]
TradeTime = Literal["entry_time", "exit_time"]

LOWEST = -1.0e300
UNKNOWN: dict[TradeSort, float] = {
    "entry_time": 0,
    "exit_time": LARGEST,
    "pnl_sol": SMALLEST,
    "pnl_percent": LOWEST,
    "sol_invested": 0,
    "held": 0,
}
"""Where an open trade stands in an order by what it does not have yet.

It is held until it ends, and ends after all others: so the oldest of the open ones is held longest.
"""

_T = table_of(Trade).c
_K = table_of(Token).c


class TradeBrief(NamedTuple):
    """A trade as a list shows it: without its plans, whose text is half of what is read."""

    id: int
    strategy: str
    signal_id: int | None
    source: str
    status: str
    entry_time: int
    entry_price: float
    quantity: int
    sol_invested: int
    stop_loss_price: float
    initial_sentiment_score: float | None
    initial_mention_count: int | None
    sol_returned: int
    highest_price_seen: float
    exit_time: int | None
    exit_price: float | None
    exit_reason: str | None
    pnl_sol: int | None
    pnl_percent: float | None
    mint: str
    symbol: str
    decimals: int


class TradeMark(NamedTuple):
    """What tells a trade from what it was before, and where it stands in a list.

    Everything else that a sale changes follows from these, or changes with them. Whoever keeps what
    was read of a trade need not read it again while its mark is the same.
    """

    id: int
    place: float
    status: str
    sol_returned: int
    stop_loss_price: float
    highest_price_seen: float
    symbol: str


class Count(NamedTuple):
    """How many trades there are."""

    trades: int


class TradeFilter(NamedTuple):
    """Which trades of a wallet, in which order.

    `times` says what [since, until) bounds: an open trade has no exit, so it is in no time of it.
    `symbol` is a part of the token's name, large or small letters alike.
    """

    status: str | None = None
    mint: str | None = None
    strategy: str | None = None
    source: str | None = None
    exit_reason: str | None = None
    symbol: str | None = None
    since: int | None = None
    until: int | None = None
    times: TradeTime = "entry_time"
    sort: TradeSort = "entry_time"
    descending: bool = True


EVERY_TRADE = TradeFilter()
ASKED = ("status", "mint", "strategy", "source", "exit_reason", "symbol")


def mark_of(trade: TradeBrief, sort: TradeSort) -> TradeMark:
    """Return the mark under which a list in this order shows a trade."""
    return TradeMark(
        trade.id,
        sort_value(trade, sort),
        trade.status,
        trade.sol_returned,
        trade.stop_loss_price,
        trade.highest_price_seen,
        trade.symbol,
    )


def sort_value(trade: TradeLine | TradeBrief, sort: TradeSort) -> float:
    """Return what a trade is sorted by; with its id it is the place after which a list goes on."""
    if sort == "held":
        ended = LARGEST if trade.exit_time is None else trade.exit_time
        return ended - trade.entry_time
    value: float | None = getattr(trade, sort)
    return UNKNOWN[sort] if value is None else value


_BRIEFS = select(*picked(Trade, TradeBrief), _K.mint, _K.symbol, _K.decimals).join(
    Token, _K.id == _T.token_id
)
_MINT = table_of(Token).alias("wanted").c
_TOKEN = select(_MINT.id).where(_MINT.mint == bindparam("mint")).scalar_subquery()
_NAMED = select(_MINT.id).where(
    func.lower(_MINT.symbol).like(func.lower(bindparam("symbol", type_=Text())), escape="\\")
)
# A sum is in no index: a wallet's trades are fewer than all wallets' trades of a token.
_FILTERS: dict[str, ColumnElement[bool]] = {
    "status": _T.status == bindparam("status"),
    "mint": _T.token_id + 0 == _TOKEN,
    "strategy": _T.strategy == bindparam("strategy"),
    "source": _T.source == bindparam("source"),
    "exit_reason": _T.exit_reason == bindparam("exit_reason"),
    "symbol": (_T.token_id + 0).in_(_NAMED),
    "entry_time_since": _T.entry_time >= bindparam("entry_time_since"),
    "entry_time_until": _T.entry_time < bindparam("entry_time_until"),
    "exit_time_since": _T.exit_time >= bindparam("exit_time_since"),
    "exit_time_until": _T.exit_time < bindparam("exit_time_until"),
}
_ENDED = func.coalesce(_T.exit_time, literal(LARGEST, Exact()))
_SORTS: dict[TradeSort, ColumnElement[Any]] = {
    "entry_time": _T.entry_time,
    "exit_time": _ENDED,
    "pnl_sol": func.coalesce(_T.pnl_sol, literal(SMALLEST, Exact())),
    "pnl_percent": func.coalesce(_T.pnl_percent, literal(LOWEST, Real())),
    "sol_invested": _T.sol_invested,
    "held": _ENDED - _T.entry_time,
}


_CHANGING = (_T.status, _T.sol_returned, _T.stop_loss_price, _T.highest_price_seen)


@cache
def _listing(
    filters: tuple[str, ...],
    sort: TradeSort,
    descending: bool,
    further: bool,
    marks: bool = False,
) -> Query[Any]:
    """Write the query: first which trades, by little of each, then what is shown of them."""
    key = _SORTS[sort]
    chosen: Select[Any] = select(_T.id, key.label("place")).where(
        _T.wallet_id == bindparam("wallet"), *(_FILTERS[name] for name in filters)
    )
    if further:
        kind = Real() if sort == "pnl_percent" else Exact()
        place = tuple_(key, _T.id)
        after = tuple_(bindparam("value", type_=kind), bindparam("id", type_=Exact()))
        chosen = chosen.where(place < after if descending else place > after)
    order = (key.desc(), _T.id.desc()) if descending else (key, _T.id)
    skip = bindparam("skip", type_=Exact())
    found = chosen.order_by(*order).limit(LIMIT).offset(skip).subquery("found").c
    shown: Select[Any] = LINES
    if marks:
        shown = select(_T.id, found.place, *_CHANGING, _K.symbol).join(Token, _K.id == _T.token_id)
    shown = shown.join(found.id.table, found.id == _T.id)
    again = (found.place.desc(), found.id.desc()) if descending else (found.place, found.id)
    return Query(shown.order_by(*again), TradeMark if marks else TradeLine)


async def list_trades(
    database: Database,
    wallet_id: int,
    wanted: TradeFilter = EVERY_TRADE,
    *,
    after: tuple[float, int] | None = None,
    limit: int = 100,
) -> list[TradeLine]:
    """List a wallet's trades; `after` is (sort_value, id) of the last trade of the page before."""
    return await _list(database, wallet_id, wanted, after, limit=limit, marks=False)


async def list_marks(
    database: Database,
    wallet_id: int,
    wanted: TradeFilter = EVERY_TRADE,
    *,
    after: tuple[float, int] | None = None,
    skip: int = 0,
    limit: int = 100,
) -> list[TradeMark]:
    """List the marks of a wallet's trades, in the order of `list_trades`; `skip` so many."""
    return await _list(database, wallet_id, wanted, after, skip=skip, limit=limit, marks=True)


@cache
def _count(filters: tuple[str, ...]) -> Query[Count]:
    return Query(
        select(func.count().label("trades")).where(
            _T.wallet_id == bindparam("wallet"), *(_FILTERS[name] for name in filters)
        ),
        Count,
    )


async def count_trades(
    database: Database, wallet_id: int, wanted: TradeFilter = EVERY_TRADE
) -> int:
    """Count a wallet's trades."""
    given = _given(wanted)
    found = await database.one(_count(tuple(given)), wallet=wallet_id, **given)
    return 0 if found is None else found.trades


@cache
def _some_briefs(room: int) -> Query[TradeBrief]:
    """Write the query for so many ids: a power of two, so that few statements are made."""
    places = [bindparam(f"id{place}", type_=Exact()) for place in range(room)]
    return Query(_BRIEFS.where(_T.id.in_(places)), TradeBrief)


async def load_briefs(database: Database, ids: Sequence[int]) -> list[TradeBrief]:
    """Load trades by their ids (one at least), in no order."""
    room = 1 << max(len(ids) - 1, 0).bit_length()
    padded = [*ids, *([ids[-1]] * (room - len(ids)))]
    given = {f"id{place}": trade_id for place, trade_id in enumerate(padded)}
    return await database.rows(_some_briefs(room), **given)


async def _list(
    database: Database,
    wallet_id: int,
    wanted: TradeFilter,
    after: tuple[float, int] | None,
    *,
    skip: int = 0,
    limit: int,
    marks: bool,
) -> list[Any]:
    given = _given(wanted)
    query = _listing(tuple(given), wanted.sort, wanted.descending, after is not None, marks)
    value, trade_id = after or (0, 0)
    return await database.rows(
        query, wallet=wallet_id, skip=skip, limit=limit, value=value, id=trade_id, **given
    )


def _given(wanted: TradeFilter) -> dict[str, object]:
    """Return the filters that say something, by their names in a statement."""
    asked = {name: getattr(wanted, name) for name in ASKED}
    asked |= {f"{wanted.times}_{end}": getattr(wanted, end) for end in ("since", "until")}
    if wanted.symbol is not None:
        asked["symbol"] = pattern(wanted.symbol)
    return {name: value for name, value in asked.items() if value is not None}
