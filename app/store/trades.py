"""Trades and their fills: lists for people, loaders for recovery, pages for analytics."""

from collections.abc import AsyncIterator, Sequence
from functools import cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, func, literal, select, tuple_

from app.store.database import Database
from app.store.query import LIMIT, Query, picked, table_of
from app.store.tables import Fill, Order, Token, Trade
from app.store.types import LARGEST, SMALLEST, Exact, Real
from app.trading.ledger import FillRow, OrderRow

TradeSort = Literal["entry_time", "exit_time", "pnl_sol", "pnl_percent"]

LOWEST = -1.0e300
UNKNOWN: dict[TradeSort, float] = {
    "entry_time": 0,
    "exit_time": LARGEST,
    "pnl_sol": SMALLEST,
    "pnl_percent": LOWEST,
}
"""Where an open trade stands in an order by what it does not have yet."""

_T = table_of(Trade).c
_K = table_of(Token).c
_F = table_of(Fill).c
_O = table_of(Order).c


class TradeLine(NamedTuple):
    """A trade as it stands, with its token; exit fields are None while it is open."""

    id: int
    wallet_id: int
    token_id: int
    strategy: str
    signal_id: int | None
    source: str
    status: str
    entry_time: int
    entry_price: float
    quantity: int
    sol_invested: int
    stop_loss_price: float
    take_profit_tiers: str
    exit_plan: str
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


class TradeFilter(NamedTuple):
    """Which trades of a wallet, in which order; times bound the entry: [since, until)."""

    status: str | None = None
    mint: str | None = None
    strategy: str | None = None
    since: int | None = None
    until: int | None = None
    sort: TradeSort = "entry_time"
    descending: bool = True


EVERY_TRADE = TradeFilter()


class Close(NamedTuple):
    """How a trade ended, for cool-downs and guards."""

    trade_id: int
    wallet_id: int
    token_id: int
    strategy: str
    exit_time: int
    exit_reason: str
    pnl_sol: int


class TradeSignal(NamedTuple):
    """A trade of a wallet that a signal led to."""

    signal_id: int
    wallet_id: int
    token_id: int
    strategy: str
    trade_id: int


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
    value: float | None = getattr(trade, sort)
    return UNKNOWN[sort] if value is None else value


_LINES = select(*picked(Trade, TradeLine), _K.mint, _K.symbol, _K.decimals).join(
    Token, _K.id == _T.token_id
)
_BRIEFS = select(*picked(Trade, TradeBrief), _K.mint, _K.symbol, _K.decimals).join(
    Token, _K.id == _T.token_id
)
_MINT = table_of(Token).alias("wanted").c
_TOKEN = select(_MINT.id).where(_MINT.mint == bindparam("mint")).scalar_subquery()
# A sum is in no index: a wallet's trades are fewer than all wallets' trades of a token.
_FILTERS: dict[str, ColumnElement[bool]] = {
    "status": _T.status == bindparam("status"),
    "mint": _T.token_id + 0 == _TOKEN,
    "strategy": _T.strategy == bindparam("strategy"),
    "since": _T.entry_time >= bindparam("since"),
    "until": _T.entry_time < bindparam("until"),
}
_SORTS: dict[TradeSort, ColumnElement[Any]] = {
    "entry_time": _T.entry_time,
    "exit_time": func.coalesce(_T.exit_time, literal(LARGEST, Exact())),
    "pnl_sol": func.coalesce(_T.pnl_sol, literal(SMALLEST, Exact())),
    "pnl_percent": func.coalesce(_T.pnl_percent, literal(LOWEST, Real())),
}


def _marks(place: ColumnElement[Any]) -> Select[Any]:
    changing = (_T.status, _T.sol_returned, _T.stop_loss_price, _T.highest_price_seen)
    columns = (_T.id, place.label("place"), *changing, _K.symbol)
    return select(*columns).join(Token, _K.id == _T.token_id)


@cache
def _listing(
    filters: tuple[str, ...],
    sort: TradeSort,
    descending: bool,
    further: bool,
    marks: bool = False,
) -> Query[Any]:
    key = _SORTS[sort]
    statement: Select[Any] = (_marks(key) if marks else _LINES).where(
        _T.wallet_id == bindparam("wallet"), *(_FILTERS[name] for name in filters)
    )
    if further:
        kind = Real() if sort == "pnl_percent" else Exact()
        place = tuple_(key, _T.id)
        after = tuple_(bindparam("value", type_=kind), bindparam("id", type_=Exact()))
        statement = statement.where(place < after if descending else place > after)
    order = (key.desc(), _T.id.desc()) if descending else (key, _T.id)
    return Query(statement.order_by(*order).limit(LIMIT), TradeMark if marks else TradeLine)


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
    limit: int = 100,
) -> list[TradeMark]:
    """List the marks of a wallet's trades, in the order of `list_trades`."""
    return await _list(database, wallet_id, wanted, after, limit=limit, marks=True)


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
    limit: int,
    marks: bool,
) -> list[Any]:
    given = {name: value for name in _FILTERS if (value := getattr(wanted, name)) is not None}
    query = _listing(tuple(given), wanted.sort, wanted.descending, after is not None, marks)
    value, trade_id = after or (0, 0)
    return await database.rows(
        query, wallet=wallet_id, limit=limit, value=value, id=trade_id, **given
    )


_ONE = Query(_LINES.where(_T.id == bindparam("id"), _T.wallet_id == bindparam("wallet")), TradeLine)
_FILLS = Query(
    select(*picked(Fill, FillRow)).where(_F.trade_id == bindparam("trade")).order_by(_F.id),
    FillRow,
)
_ORDERS = Query(
    select(*picked(Order, OrderRow)).where(_O.trade_id == bindparam("trade")).order_by(_O.id),
    OrderRow,
)


async def find_trade(database: Database, wallet_id: int, trade_id: int) -> TradeLine | None:
    """Load a trade of a wallet; None for one that is not there or another's."""
    return await database.one(_ONE, id=trade_id, wallet=wallet_id)


async def fills_of(database: Database, trade_id: int) -> list[FillRow]:
    """Load a trade's fills, the entry first."""
    return await database.rows(_FILLS, trade=trade_id)


async def orders_of(database: Database, trade_id: int) -> list[OrderRow]:
    """Load a trade's orders, the entry first."""
    return await database.rows(_ORDERS, trade=trade_id)


_AFTER = (bindparam("time", type_=Exact()), bindparam("id", type_=Exact()))
_CLOSED = Query(
    _LINES.where(
        _T.wallet_id == bindparam("wallet"),
        _T.exit_time < bindparam("until"),
        tuple_(_T.exit_time, _T.id) > tuple_(*_AFTER),
    )
    .order_by(_T.exit_time, _T.id)
    .limit(LIMIT),
    TradeLine,
)
_WALLET_FILLS = Query(
    select(*picked(Fill, FillRow))
    .where(
        _F.wallet_id == bindparam("wallet"),
        _F.timestamp < bindparam("until"),
        tuple_(_F.timestamp, _F.id) > tuple_(*_AFTER),
    )
    .order_by(_F.timestamp, _F.id)
    .limit(LIMIT),
    FillRow,
)


async def closed_trades(
    database: Database, wallet_id: int, *, since: int = 0, until: int = LARGEST
) -> AsyncIterator[list[TradeLine]]:
    """Read a wallet's trades that closed in [since, until), in that order, page by page."""
    pages = database.pages(
        _CLOSED,
        lambda last: {"time": last.exit_time, "id": last.id},
        wallet=wallet_id,
        time=since,
        id=SMALLEST,
        until=until,
    )
    async for page in pages:
        yield page


async def wallet_fills(
    database: Database, wallet_id: int, *, since: int = 0, until: int = LARGEST
) -> AsyncIterator[list[FillRow]]:
    """Read a wallet's fills in [since, until), in the order of time, page by page."""
    pages = database.pages(
        _WALLET_FILLS,
        lambda last: {"time": last.timestamp, "id": last.id},
        wallet=wallet_id,
        time=since,
        id=SMALLEST,
        until=until,
    )
    async for page in pages:
        yield page


_CLOSES = Query(
    select(_T.id.label("trade_id"), *picked(Trade, Close))
    .where(_T.exit_time >= bindparam("since"))
    .order_by(_T.exit_time, _T.id),
    Close,
)
_BOUGHT = Query(
    select(_T.signal_id, _T.wallet_id, _T.token_id, _T.strategy, _T.id.label("trade_id"))
    .where(_T.signal_id >= bindparam("first"))
    .order_by(_T.signal_id, _T.id),
    TradeSignal,
)


async def closes_since(database: Database, since: int) -> list[Close]:
    """Load how trades of all wallets ended since a time, oldest first."""
    return await database.rows(_CLOSES, since=since)


async def bought_on(database: Database, first_signal: int) -> list[TradeSignal]:
    """Load the trades that signals from `first_signal` on led to, in all wallets."""
    return await database.rows(_BOUGHT, first=first_signal)
