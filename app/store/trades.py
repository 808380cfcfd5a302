"""Trades and their fills: one of them, loaders for recovery, pages for downloads."""

from typing import NamedTuple

from sqlalchemy import bindparam, select, tuple_

from app.store.database import Database, Pages
from app.store.query import LIMIT, Query, picked, table_of
from app.store.tables import Fill, Token, Trade
from app.store.types import LARGEST, SMALLEST, Exact
from app.trading.ledger import FillRow

_T = table_of(Trade).c
_K = table_of(Token).c
_F = table_of(Fill).c


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


LINES = select(*picked(Trade, TradeLine), _K.mint, _K.symbol, _K.decimals).join(
    Token, _K.id == _T.token_id
)
_ONE = Query(LINES.where(_T.id == bindparam("id"), _T.wallet_id == bindparam("wallet")), TradeLine)
_FILLS = Query(
    select(*picked(Fill, FillRow)).where(_F.trade_id == bindparam("trade")).order_by(_F.id),
    FillRow,
)


async def find_trade(database: Database, wallet_id: int, trade_id: int) -> TradeLine | None:
    """Load a trade of a wallet; None for one that is not there or another's."""
    return await database.one(_ONE, id=trade_id, wallet=wallet_id)


async def fills_of(database: Database, trade_id: int) -> list[FillRow]:
    """Load a trade's fills, the entry first."""
    return await database.rows(_FILLS, trade=trade_id)


_AFTER = (bindparam("time", type_=Exact()), bindparam("id", type_=Exact()))
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


def wallet_fills(
    database: Database, wallet_id: int, *, since: int = 0, until: int = LARGEST
) -> Pages[FillRow]:
    """Read a wallet's fills in [since, until), in the order of time, page by page."""
    return database.pages(
        _WALLET_FILLS,
        lambda last: {"time": last.timestamp, "id": last.id},
        wallet=wallet_id,
        time=since,
        id=SMALLEST,
        until=until,
    )


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
