"""Between which prices trades were open: the numbers of the ticks of their first and last fill."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from app.store.database import Database
from app.store.query import Query, table_of
from app.store.tables import Fill
from app.store.types import Exact

AT_ONCE = 500
_F = table_of(Fill).c


class Span(NamedTuple):
    """The tick at which a trade was bought, and the one of its last sale so far."""

    trade_id: int
    first: int
    last: int


@cache
def _some(room: int) -> Query[Span]:
    """Write the query for so many trades: a power of two, so that few statements are made."""
    places = [bindparam(f"id{place}", type_=Exact()) for place in range(room)]
    return Query(
        select(
            _F.trade_id,
            func.min(_F.tick_seq).label("first"),
            func.max(_F.tick_seq).label("last"),
        )
        .where(_F.trade_id.in_(places))
        .group_by(_F.trade_id),
        Span,
    )


async def spans_of(database: Database, trades: Sequence[int]) -> dict[int, Span]:
    """Load the spans of trades by their ids."""
    found: dict[int, Span] = {}
    for start in range(0, len(trades), AT_ONCE):
        ids = trades[start : start + AT_ONCE]
        room = 1 << max(len(ids) - 1, 0).bit_length()
        padded = [*ids, *([ids[-1]] * (room - len(ids)))]
        given = {f"id{place}": number for place, number in enumerate(padded)}
        rows = await database.rows(_some(room), **given)
        found |= {row.trade_id: row for row in rows}
    return found
