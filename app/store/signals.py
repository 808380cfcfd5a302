"""Signals: what came in and how it went on."""

from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Text, bindparam, func, or_, select, tuple_

from app.store.database import Database
from app.store.json_text import pattern
from app.store.query import LIMIT, Query, picked, table_of
from app.store.tables import Signal, Token
from app.store.types import LARGEST, SMALLEST, Exact
from app.trading.signals import SignalStatus

_S = table_of(Signal).c
_K = table_of(Token).c


class SignalLine(NamedTuple):
    """A signal as it stands, with its token once that is known."""

    id: int
    mint: str
    triggered_at: int
    received_at: int
    unique_wallets: int
    source: str
    payload: str
    status: str
    token_id: int | None
    reason: str | None
    sentiment_score: float | None
    mention_count: int | None
    screened_at: int | None
    ended_at: int | None
    symbol: str | None
    decimals: int | None


class Seen(NamedTuple):
    """A signal's identity."""

    mint: str
    triggered_at: int


class SignalFilter(NamedTuple):
    """Which signals; times bound when they were triggered: [since, until).

    `symbol` is a part of the token's name, large or small letters alike; a signal whose token
    nobody knew has none.
    """

    status: str | None = None
    mint: str | None = None
    source: str | None = None
    reason: str | None = None
    symbol: str | None = None
    since: int = SMALLEST
    until: int = LARGEST


EVERY_SIGNAL = SignalFilter()

_LINES = select(*picked(Signal, SignalLine), _K.symbol, _K.decimals).outerjoin(
    Token, _K.id == _S.token_id
)
_WITHIN = (_S.triggered_at >= bindparam("since"), _S.triggered_at < bindparam("until"))
_FILTERS: dict[str, ColumnElement[bool]] = {
    "status": _S.status == bindparam("status"),
    "mint": _S.mint == bindparam("mint"),
    "source": _S.source == bindparam("source"),
    "reason": _S.reason == bindparam("reason"),
    # What may be null keeps the join as it is: signals lead to their tokens, never all tokens.
    "symbol": func.lower(func.coalesce(_K.symbol, "")).like(
        func.lower(bindparam("symbol", type_=Text())), escape="\\"
    ),
}
_ONE = Query(_LINES.where(_S.id == bindparam("id")), SignalLine)
_ACTIVE = Query(
    _LINES.where(
        or_(_S.status == SignalStatus.SCREENING.value, _S.status == SignalStatus.MONITORING.value)
    ).order_by(_S.id),
    SignalLine,
)
_FAILED = Query(
    _LINES.where(_S.status == SignalStatus.FAILED.value).order_by(_S.id.desc()).limit(LIMIT),
    SignalLine,
)
_SEEN = Query(select(_S.mint, _S.triggered_at).order_by(_S.id.desc()).limit(LIMIT), Seen)


@cache
def _listing(filters: tuple[str, ...], further: bool) -> Query[SignalLine]:
    statement: Select[Any] = _LINES.where(*_WITHIN, *(_FILTERS[name] for name in filters))
    if further:
        place = (bindparam("time", type_=Exact()), bindparam("id", type_=Exact()))
        statement = statement.where(tuple_(_S.triggered_at, _S.id) < tuple_(*place))
    statement = statement.order_by(_S.triggered_at.desc(), _S.id.desc()).limit(LIMIT)
    return Query(statement, SignalLine)


async def list_signals(
    database: Database,
    wanted: SignalFilter = EVERY_SIGNAL,
    *,
    after: tuple[int, int] | None = None,
    limit: int = 100,
) -> list[SignalLine]:
    """List signals, newest first; `after` is (triggered_at, id) of the last of the page before."""
    given = {name: value for name in _FILTERS if (value := getattr(wanted, name)) is not None}
    query = _listing(tuple(given), after is not None)
    if wanted.symbol is not None:
        given["symbol"] = pattern(wanted.symbol)
    time, signal_id = after or (0, 0)
    return await database.rows(
        query,
        since=wanted.since,
        until=wanted.until,
        limit=limit,
        time=time,
        id=signal_id,
        **given,
    )


async def find_signal(database: Database, signal_id: int) -> SignalLine | None:
    """Load a signal by its id."""
    return await database.one(_ONE, id=signal_id)


async def active_signals(database: Database) -> list[SignalLine]:
    """Load the signals that are screened or watched, oldest first."""
    return await database.rows(_ACTIVE)


async def failed_signals(database: Database, limit: int = 50) -> list[SignalLine]:
    """Load the newest signals that failed for everybody, newest first."""
    return await database.rows(_FAILED, limit=limit)


async def seen_signals(database: Database, limit: int = 10_000) -> list[Seen]:
    """Load the identities of the newest signals, oldest first."""
    return (await database.rows(_SEEN, limit=limit))[::-1]
