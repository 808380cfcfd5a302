"""Prices that reached the engine, in their one order."""

from sqlalchemy import bindparam, select

from app.store.database import Database, Pages
from app.store.query import LIMIT, Query, picked, table_of
from app.store.tables import Tick
from app.store.types import LARGEST
from app.trading.ledger import TickRow

_T = table_of(Tick).c
_AFTER = Query(
    select(*picked(Tick, TickRow))
    .where(
        _T.token_id == bindparam("token"),
        _T.seq > bindparam("after"),
        _T.seq <= bindparam("through"),
    )
    .order_by(_T.seq)
    .limit(LIMIT),
    TickRow,
)
_LAST = Query(
    select(*picked(Tick, TickRow))
    .where(_T.token_id == bindparam("token"))
    .order_by(_T.seq.desc())
    .limit(1),
    TickRow,
)


def ticks_after(
    database: Database, token_id: int, seq: int, through: int = LARGEST
) -> Pages[TickRow]:
    """Read a token's ticks with a number in (seq, through], in order, page by page."""
    return database.pages(
        _AFTER, lambda last: {"after": last.seq}, token=token_id, after=seq, through=through
    )


async def last_tick(database: Database, token_id: int) -> TickRow | None:
    """Load a token's newest tick."""
    return await database.one(_LAST, token=token_id)
