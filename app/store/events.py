"""Events in the order in which they were told."""

from typing import NamedTuple

from sqlalchemy import bindparam, func, or_, select, union_all

from app.store.database import Database
from app.store.query import LIMIT, Query, picked, table_of
from app.store.tables import Event
from app.trading.ledger import EventRow

_E = table_of(Event).c
_COLUMNS = picked(Event, EventRow)
_AFTER = bindparam("after", type_=_E.seq.type)


class Span(NamedTuple):
    """The first and the last event that are kept; None when there is none."""

    oldest: int | None
    newest: int | None


# Two walks along the index of (wallet, seq), each bounded; one with OR would sort all there is.
_OWN = select(*_COLUMNS).where(_E.wallet_id == bindparam("wallet"), _E.seq > _AFTER)
_EVERYBODYS = select(*_COLUMNS).where(_E.wallet_id.is_(None), _E.seq > _AFTER)
_BOTH = union_all(
    *(select(part.order_by(_E.seq).limit(LIMIT).subquery()) for part in (_OWN, _EVERYBODYS))
).subquery()
_OF_WALLET = Query(select(_BOTH).order_by(_BOTH.c.seq).limit(LIMIT), EventRow)
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
    database: Database, wallet_id: int, seq: int, limit: int = 500
) -> list[EventRow]:
    """Load what a wallet, or everybody, was told after an event, oldest first."""
    return await database.rows(_OF_WALLET, wallet=wallet_id, after=seq, limit=limit)


async def events_of_trade(
    database: Database, wallet_id: int, trade_id: int, limit: int = 500
) -> list[EventRow]:
    """Load what was told of a wallet's trade, oldest first."""
    return await database.rows(_OF_TRADE, wallet=wallet_id, trade=trade_id, limit=limit)


async def kept_events(database: Database) -> Span:
    """Tell which events are kept: who saw less than the oldest must start anew."""
    return await database.one(_SPAN) or Span(None, None)
