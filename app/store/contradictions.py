"""Where two rows of the record that say the same thing do not agree, for the audit.

A trade, its position, its orders, its fills, the signal and the events are written together, and
what they have in common is there more than once. Whoever changes one of them contradicts another.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    FromClause,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
)

from app.store.database import Database, Pages
from app.store.deposit_tables import Deposit
from app.store.json_text import json_text
from app.store.plan_tables import PlanChange
from app.store.query import LIMIT, Query, table_of
from app.store.tables import Event, Fill, Order, Position, Signal, Tick, Trade, User
from app.store.types import Exact
from app.trading.replay import CAUSED_OUTSIDE

MOST_TOLD = 1_000
PER_TRADE = 1_024
"""Ids of a trade's orders and fills: its own, times this, and their place."""

_O, _F, _T = (table_of(one) for one in (Order, Fill, Trade))
_P, _S, _E = (table_of(one) for one in (Position, Signal, Event))
_C, _D, _U, _K = (table_of(one) for one in (PlanChange, Deposit, User, Tick))
_LAST = _F.alias("last_fill")


class Contradiction(NamedTuple):
    """A field of a row, and what another row says of it."""

    what: str
    id: int
    field: str
    recorded: float | str | None
    computed: float | str | None


class Pair(NamedTuple):
    """What a row says, and what another one says of the same."""

    field: str
    recorded: ColumnElement[Any]
    computed: ColumnElement[Any]


class Comparison(NamedTuple):
    """Rows held against others; `query` gives those that differ: ids and all that is said."""

    what: str
    fields: tuple[str, ...]
    query: Query[Any]


def _comparison(
    what: str, key: ColumnElement[int], source: FromClause, pairs: Sequence[Pair]
) -> Comparison:
    columns = [key.label("id")]
    for place, pair in enumerate(pairs):
        columns += [pair.recorded.label(f"r{place}"), pair.computed.label(f"c{place}")]
    differ = or_(*(pair.recorded.is_distinct_from(pair.computed) for pair in pairs))
    statement = select(*columns).select_from(source).where(differ).order_by(key).limit(MOST_TOLD)
    return Comparison(what, tuple(pair.field for pair in pairs), Query(statement))


def _same(names: str, one: FromClause, other: FromClause) -> list[Pair]:
    return [Pair(name, one.c[name], other.c[name]) for name in names.split()]


def _text(value: str) -> ColumnElement[str]:
    return literal(value, String())


def _said(field: str) -> ColumnElement[str]:
    """Read a field of an event's fact, as text."""
    return cast(json_text(_E.c.data, field), String())


def _as_told(field: str, recorded: ColumnElement[Any], told: ColumnElement[Any]) -> Pair:
    """Hold a value against an event; whether one is missing, the chain of events tells."""
    return Pair(field, recorded, case((_E.c.seq.is_(None), recorded), else_=told))


_BUYS, _IS_OPEN = _O.c.side == "BUY", _P.c.tokens > 0
_FILLS = _comparison(
    "fill",
    _F.c.id,
    _F.outerjoin(_O, _O.c.id == _F.c.order_id).outerjoin(_T, _T.c.id == _F.c.trade_id),
    [
        Pair("order_id", _F.c.order_id, _F.c.id),
        *_same("trade_id wallet_id token_id strategy side reason", _F, _O),
        *_same("wallet_id token_id strategy", _F, _T),
        Pair("timestamp", _F.c.timestamp, _O.c.created_at),
        Pair("trade_id", _F.c.trade_id, cast(_F.c.id / PER_TRADE, Exact())),
    ],
)
_ORDERS = _comparison(
    "order",
    _O.c.id,
    _O.outerjoin(_F, _F.c.id == _O.c.id),
    [
        Pair("fill", _O.c.id, _F.c.id),
        Pair(
            "side", _O.c.side, case((_O.c.id % PER_TRADE == 0, _text("BUY")), else_=_text("SELL"))
        ),
        Pair("type", _O.c.type, _text("market")),
        Pair("status", _O.c.status, _text("filled")),
        Pair("lamports", _O.c.lamports, case((_BUYS, _F.c.sol))),
        Pair("units", _O.c.units, case((_BUYS, null()), else_=_F.c.size)),
    ],
)
_POSITIONS = _comparison(
    "position",
    _T.c.id,
    _T.outerjoin(_P, _P.c.trade_id == _T.c.id),
    [
        *_same("wallet_id token_id strategy entry_time entry_price", _P, _T),
        Pair("initial_tokens", _P.c.initial_tokens, _T.c.quantity),
        Pair("cost_basis", _P.c.cost_basis, _T.c.sol_invested),
        Pair("stop_loss", _P.c.stop_loss, _T.c.stop_loss_price),
        Pair("highest_price", _P.c.highest_price, _T.c.highest_price_seen),
        Pair("side", _P.c.side, _text("LONG")),
        Pair("status", _P.c.status, case((_IS_OPEN, _text("open")), else_=_text("closed"))),
        Pair(
            "trade's status",
            _T.c.status,
            case((_IS_OPEN, _text("active")), else_=_text("finished")),
        ),
    ],
)
_LAST_ORDER = _P.c.trade_id * PER_TRADE + _P.c.orders - literal(1, Exact())
_NEWEST = select(_C.c.trade_id, func.max(_C.c.id).label("id")).group_by(_C.c.trade_id).subquery()
_MOVED_BEFORE = _LAST.c.tick_seq < _C.c.tick_seq
_AT_ONCE = and_(_LAST.c.tick_seq == _C.c.tick_seq, _P.c.last_updated == _C.c.at)
_LATEST = _comparison(
    "position",
    _P.c.trade_id,
    _P.outerjoin(_LAST, _LAST.c.id == _LAST_ORDER)
    .outerjoin(_NEWEST, _NEWEST.c.trade_id == _P.c.trade_id)
    .outerjoin(_C, _C.c.id == _NEWEST.c.id),
    [
        Pair(
            "orders",
            _P.c.orders,
            select(func.count()).where(_F.c.trade_id == _P.c.trade_id).scalar_subquery(),
        ),
        Pair(
            "last_updated",
            _P.c.last_updated,
            case((or_(_MOVED_BEFORE, _AT_ONCE), _C.c.at), else_=_LAST.c.timestamp),
        ),
        Pair(
            "tick_seq",
            _P.c.tick_seq,
            case((_MOVED_BEFORE, _C.c.tick_seq), else_=_LAST.c.tick_seq),
        ),
    ],
)
_KNOWN_TOKEN = func.coalesce(_K.c.token_id, _F.c.token_id)
_BY_PRICE = and_(*(_F.c.reason != reason for reason in CAUSED_OUTSIDE))
_PRICES = _comparison(
    "fill",
    _F.c.id,
    _F.join(_P, _P.c.trade_id == _F.c.trade_id).outerjoin(_K, _K.c.seq == _F.c.tick_seq),
    [
        Pair(
            "tick_seq",
            case((_BY_PRICE, _F.c.token_id)),
            # Prices of a token that nobody holds may be in a file.
            case((_BY_PRICE, case((_IS_OPEN, _K.c.token_id), else_=_KNOWN_TOKEN))),
        )
    ],
)
_ENDS = _comparison(
    "trade",
    _T.c.id,
    _T.outerjoin(_P, _P.c.trade_id == _T.c.id).outerjoin(
        _LAST,
        and_(
            _P.c.tokens == 0,
            _LAST.c.id == _LAST_ORDER,
        ),
    ),
    [
        Pair("exit_time", _T.c.exit_time, _LAST.c.timestamp),
        Pair("exit_price", _T.c.exit_price, _LAST.c.price),
        Pair("exit_reason", _T.c.exit_reason, _LAST.c.reason),
        Pair(
            "pnl_sol", _T.c.pnl_sol, case((_P.c.tokens == 0, _T.c.sol_returned - _T.c.sol_invested))
        ),
        Pair(
            "pnl_percent",
            _T.c.pnl_percent.is_(None),
            _P.c.tokens > 0,
        ),
    ],
)
_BEGINNINGS = _comparison(
    "trade",
    _T.c.id,
    _T.outerjoin(_F, _F.c.id == _T.c.id * PER_TRADE)
    .outerjoin(_S, _S.c.id == _T.c.signal_id)
    .outerjoin(_E, and_(_E.c.trade_id == _T.c.id, _E.c.kind == "TradeOpened")),
    [
        Pair("entry_time", _T.c.entry_time, _F.c.timestamp),
        Pair("entry_price", _T.c.entry_price, _F.c.price),
        _as_told("entry_time", _T.c.entry_time, _E.c.at),
        _as_told("wallet_id", _T.c.wallet_id, _E.c.wallet_id),
        _as_told("signal_id", cast(_T.c.signal_id, String()), _said("signal")),
        Pair("initial_sentiment_score", _T.c.initial_sentiment_score, _S.c.sentiment_score),
        Pair("initial_mention_count", _T.c.initial_mention_count, _S.c.mention_count),
        Pair(
            "source",
            _T.c.source,
            case((_T.c.signal_id.is_(None), _text("named")), else_=_text("signal")),
        ),
        Pair(
            "token_id", case((_T.c.signal_id.is_(None), null()), else_=_T.c.token_id), _S.c.token_id
        ),
    ],
)
_CHANGES = _comparison(
    "plan change",
    _C.c.id,
    _C.outerjoin(_E, _E.c.seq == _C.c.id),
    [*_same("trade_id wallet_id at", _C, _E), Pair("event", _E.c.kind, _text("PlanChanged"))],
)
_PLANS = _comparison(
    "trade",
    _T.c.id,
    _T.join(_NEWEST, _NEWEST.c.trade_id == _T.c.id).join(_C, _C.c.id == _NEWEST.c.id),
    [Pair("exit_plan", _T.c.exit_plan, _C.c.plan_after)],
)
_DEPOSITS = _comparison(
    "deposit",
    _D.c.id,
    _D.outerjoin(_E, _E.c.seq == _D.c.id),
    [
        *_same("wallet_id at", _D, _E),
        Pair("lamports", cast(_D.c.lamports, String()), _said("lamports")),
        Pair("kind", _D.c.kind, _text("reset")),
    ],
)
_NEWEST_DEPOSIT = select(func.max(_D.c.at)).where(_D.c.wallet_id == _U.c.id).scalar_subquery()
_REGISTERED = and_(_E.c.wallet_id == _U.c.id, _E.c.kind == "WalletRegistered")
_WALLETS = _comparison(
    "wallet",
    _U.c.id,
    _U.outerjoin(_E, _REGISTERED),
    [
        Pair("reset_at", _U.c.reset_at, _NEWEST_DEPOSIT),
        _as_told("created_at", _U.c.created_at, _E.c.at),
        _as_told("wallet_address", _U.c.wallet_address, _said("wallet_address")),
        _as_told(
            "initial_sol_balance",
            cast(_U.c.initial_sol_balance, String()),
            _said("initial_sol_balance"),
        ),
    ],
)
COMPARISONS = (
    _FILLS,
    _ORDERS,
    _POSITIONS,
    _LATEST,
    _PRICES,
    _ENDS,
    _BEGINNINGS,
    _CHANGES,
    _PLANS,
    _DEPOSITS,
    _WALLETS,
)


class Planned(NamedTuple):
    """A trade's plan now and at its entry (JSON), and what was worked out from them."""

    id: int
    exit_plan: str
    entry_plan: str
    entry_price: float
    entry_time: int
    take_profit_tiers: str
    deadline: int


_OLDEST = select(_C.c.trade_id, func.min(_C.c.id).label("id")).group_by(_C.c.trade_id).subquery()
_PLANNED = Query(
    select(
        _T.c.id,
        _T.c.exit_plan,
        func.coalesce(_C.c.plan_before, _T.c.exit_plan).label("entry_plan"),
        _T.c.entry_price,
        _T.c.entry_time,
        _T.c.take_profit_tiers,
        _P.c.deadline,
    )
    .join(_P, _P.c.trade_id == _T.c.id)
    .outerjoin(_OLDEST, _OLDEST.c.trade_id == _T.c.id)
    .outerjoin(_C, _C.c.id == _OLDEST.c.id)
    .where(_T.c.id > bindparam("after", type_=Exact()))
    .order_by(_T.c.id)
    .limit(LIMIT),
    Planned,
)


def planned_trades(database: Database) -> Pages[Planned]:
    """Load the plans of all trades, in pages."""
    return database.pages(_PLANNED, lambda trade: {"after": trade.id}, after=0)


async def contradictions(database: Database) -> list[Contradiction]:
    """List where rows contradict each other, at most a thousand rows of each kind."""
    found = []
    for what, fields, query in COMPARISONS:
        for number, *said in await database.rows(query):
            pairs = zip(fields, said[::2], said[1::2], strict=True)
            found += [Contradiction(what, number, *pair) for pair in pairs if pair[1] != pair[2]]
    return list(dict.fromkeys(found))
