"""Events in the order in which they were told."""

from functools import cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, Text, bindparam, func, literal, or_, select, union_all

from app.store.database import Database
from app.store.json_text import json_text, pattern
from app.store.query import LIMIT, Query, picked, table_of
from app.store.tables import Event
from app.store.types import LARGEST
from app.trading.ledger import EventRow

_E = table_of(Event).c
_COLUMNS = picked(Event, EventRow)
_AFTER = bindparam("after", type_=_E.seq.type)
_BEFORE = bindparam("before", type_=_E.seq.type)
SEARCHED = ("symbol", "strategy", "reason")
"""The fields of an event, besides its kind, that a text is looked for in."""


class Span(NamedTuple):
    """The first and the last event that are kept; None when there is none."""

    oldest: int | None
    newest: int | None


class EventFilter(NamedTuple):
    """Which events: of these kinds, about a token, told in [since, until), with a text.

    The text is looked for in the kind and in the token's, the strategy's and the reason's name,
    large or small letters alike; a space stands for the underscore of a name.
    """

    kinds: tuple[str, ...] = ()
    mint: str | None = None
    since: int | None = None
    until: int | None = None
    text: str | None = None


EVERY_EVENT = EventFilter()

# Two walks along the index of (wallet, seq), each bounded; one with OR would sort all there is.
_WHOSE = (_E.wallet_id == bindparam("wallet"), _E.wallet_id.is_(None))


def _names() -> ColumnElement[str]:
    """Write what a text is looked for in."""
    found: ColumnElement[str] = _E.kind
    for field in SEARCHED:
        found = found + literal(" ") + func.coalesce(json_text(_E.data, field), "")
    return func.lower(func.replace(found, "_", " "))


_FILTERS: dict[str, ColumnElement[bool]] = {
    "mint": json_text(_E.data, "mint") == bindparam("mint", type_=Text()),
    "since": _E.at >= bindparam("since"),
    "until": _E.at < bindparam("until"),
    "text": _names().like(func.lower(bindparam("text", type_=Text())), escape="\\"),
}


@cache
def _listing(filters: tuple[str, ...], kinds: int, newest_first: bool) -> Query[EventRow]:
    """Write the query for so many kinds; none of them means any."""
    wanted = [_FILTERS[name] for name in filters]
    if kinds:
        wanted.append(_E.kind.in_([bindparam(f"kind{n}", type_=Text()) for n in range(kinds)]))
    within = (_E.seq > _AFTER, _E.seq < _BEFORE)
    order = _E.seq.desc() if newest_first else _E.seq
    walks = (select(*_COLUMNS).where(whose, *within, *wanted) for whose in _WHOSE)
    both = union_all(*(select(one.order_by(order).limit(LIMIT).subquery()) for one in walks))
    found = both.subquery()
    last = found.c.seq.desc() if newest_first else found.c.seq
    return Query(select(found).order_by(last).limit(LIMIT), EventRow)


@cache
def _last(kinds: int) -> Query[EventRow]:
    named = [bindparam(f"kind{place}", type_=Text()) for place in range(kinds)]
    told = select(*_COLUMNS).where(_E.trade_id == bindparam("trade"), _E.kind.in_(named))
    return Query(told.order_by(_E.seq.desc()).limit(1), EventRow)


_OF_TRADE = Query(
    select(*_COLUMNS)
    .where(
        _E.trade_id == bindparam("trade"),
        or_(_E.wallet_id == bindparam("wallet"), _E.wallet_id.is_(None)),
    )
    .order_by(_E.seq)
    .limit(LIMIT),
    EventRow,
)
_SPAN = Query(
    select(
        select(func.min(_E.seq)).scalar_subquery().label("oldest"),
        select(func.max(_E.seq)).scalar_subquery().label("newest"),
    ),
    Span,
)


async def events_after(
    database: Database,
    wallet_id: int,
    seq: int,
    limit: int = 500,
    *,
    wanted: EventFilter = EVERY_EVENT,
) -> list[EventRow]:
    """Load what a wallet, or everybody, was told after an event, oldest first."""
    return await _events(database, wallet_id, wanted, after=seq, limit=limit)


async def events_before(
    database: Database,
    wallet_id: int,
    seq: int = LARGEST,
    limit: int = 500,
    *,
    after: int = 0,
    wanted: EventFilter = EVERY_EVENT,
) -> list[EventRow]:
    """Load what a wallet, or everybody, was told between two events, newest first."""
    return await _events(
        database, wallet_id, wanted, after=after, before=seq, limit=limit, newest_first=True
    )


async def _events(
    database: Database,
    wallet_id: int,
    wanted: EventFilter,
    *,
    after: int,
    before: int = LARGEST,
    limit: int,
    newest_first: bool = False,
) -> list[EventRow]:
    given: dict[str, object] = {
        name: value for name in _FILTERS if (value := getattr(wanted, name)) is not None
    }
    query = _listing(tuple(given), len(wanted.kinds), newest_first)
    if wanted.text is not None:
        given["text"] = pattern(wanted.text.replace("_", " "))
    kinds = {f"kind{place}": kind for place, kind in enumerate(wanted.kinds)}
    return await database.rows(
        query, wallet=wallet_id, after=after, before=before, limit=limit, **given, **kinds
    )


async def events_of_trade(
    database: Database, wallet_id: int, trade_id: int, limit: int = 500
) -> list[EventRow]:
    """Load what was told of a wallet's trade, oldest first."""
    return await database.rows(_OF_TRADE, wallet=wallet_id, trade=trade_id, limit=limit)


async def last_told(database: Database, trade_id: int, kinds: tuple[str, ...]) -> EventRow | None:
    """Load the last event of these kinds that was told of a trade; None without one."""
    named = {f"kind{place}": kind for place, kind in enumerate(kinds)}
    return await database.one(_last(len(kinds)), trade=trade_id, **named)


async def kept_events(database: Database) -> Span:
    """Tell which events are kept: who saw less than the oldest must start anew."""
    return await database.one(_SPAN) or Span(None, None)
