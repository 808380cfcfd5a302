"""What the record adds up to: sums over fills, for the audit."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, case, cast, func, select

from app.store.database import Database
from app.store.deposit_tables import Deposit
from app.store.query import Query, table_of
from app.store.tables import Fill, Position, Trade, User
from app.store.types import Exact

_F = table_of(Fill).c
_U = table_of(User).c
_D = table_of(Deposit).c
_T = table_of(Trade).c
_P = table_of(Position).c


class WalletSum(NamedTuple):
    """What is recorded of a wallet's money, and what its deposits and fills add up to; lamports.

    `computed_since` is the balance, too, counted from its last reset; None without one.
    """

    wallet_id: int
    recorded: int
    computed: int
    deposits: int
    deposited: int
    computed_since: int | None


class TradeSum(NamedTuple):
    """A trade as recorded, and what its fills add up to; lamports and base units."""

    trade_id: int
    status: str
    quantity: int
    sol_invested: int
    sol_returned: int
    pnl_sol: int | None
    tokens: int
    bought: int
    sold: int
    spent: int
    received: int


def _sum(value: ColumnElement[int], name: str) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(value), 0), Exact()).label(name)


_BUY = _F.side == "BUY"
_FLOW = case((_BUY, -_F.sol - _F.fee), else_=_F.sol - _F.fee)
_FLOWS = select(_F.wallet_id, _sum(_FLOW, "flow")).group_by(_F.wallet_id).subquery()
_LATER = (
    select(_F.wallet_id, _sum(_FLOW, "flow"))
    .join(User, _U.id == _F.wallet_id)
    .where(_F.trade_id > func.coalesce(_U.reset_trade, 0))
    .group_by(_F.wallet_id)
    .subquery()
)
_PAID = select(_D.wallet_id, _sum(_D.lamports, "paid")).group_by(_D.wallet_id).subquery()
_PAID_SINCE = _U.deposits - _U.reset_deposits
_WALLETS = Query(
    select(
        _U.id.label("wallet_id"),
        _U.sol_balance.label("recorded"),
        (_U.initial_sol_balance + _U.deposits + func.coalesce(_FLOWS.c.flow, 0)).label("computed"),
        _U.deposits,
        func.coalesce(_PAID.c.paid, 0).label("deposited"),
        (_U.reset_sol_balance + _PAID_SINCE + func.coalesce(_LATER.c.flow, 0)).label(
            "computed_since"
        ),
    )
    .outerjoin(_FLOWS, _FLOWS.c.wallet_id == _U.id)
    .outerjoin(_LATER, _LATER.c.wallet_id == _U.id)
    .outerjoin(_PAID, _PAID.c.wallet_id == _U.id)
    .order_by(_U.id),
    WalletSum,
)
_TRADES = Query(
    select(
        _T.id.label("trade_id"),
        _T.status,
        _T.quantity,
        _T.sol_invested,
        _T.sol_returned,
        _T.pnl_sol,
        func.coalesce(_P.tokens, 0).label("tokens"),
        _sum(case((_BUY, _F.size), else_=0), "bought"),
        _sum(case((_BUY, 0), else_=_F.size), "sold"),
        _sum(case((_BUY, _F.sol + _F.fee), else_=0), "spent"),
        _sum(case((_BUY, 0), else_=_F.sol - _F.fee), "received"),
    )
    .outerjoin(Position, _P.trade_id == _T.id)
    .outerjoin(Fill, _F.trade_id == _T.id)
    .group_by(
        _T.id, _T.status, _T.quantity, _T.sol_invested, _T.sol_returned, _T.pnl_sol, _P.tokens
    )
    .order_by(_T.id),
    TradeSum,
)


async def wallet_sums(database: Database) -> list[WalletSum]:
    """Add up every wallet."""
    return await database.rows(_WALLETS)


async def trade_sums(database: Database) -> list[TradeSum]:
    """Add up every trade."""
    return await database.rows(_TRADES)
