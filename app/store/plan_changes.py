"""How the exit plans of trades were changed while they were open."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from app.store.database import Database
from app.store.plan_tables import PlanChange
from app.store.query import Query, picked, table_of
from app.store.types import Exact
from app.trading.plan_changes import PlanChangeRow

TOGETHER = 100
"""Trades whose changes are loaded in one query."""

_C = table_of(PlanChange).c
_ALL = select(*picked(PlanChange, PlanChangeRow)).order_by(_C.id)
_OF_TRADE = Query(_ALL.where(_C.trade_id == bindparam("trade")), PlanChangeRow)
_OF_SOME = Query(
    _ALL.where(
        _C.trade_id.in_([bindparam(f"id{place}", type_=Exact()) for place in range(TOGETHER)])
    ),
    PlanChangeRow,
)


async def plan_changes_of(database: Database, trade_id: int) -> list[PlanChangeRow]:
    """Load the changes of a trade's plan, oldest first."""
    return await database.rows(_OF_TRADE, trade=trade_id)


async def plan_changes_of_all(
    database: Database, trades: Sequence[int]
) -> dict[int, list[PlanChangeRow]]:
    """Load the changes of some trades' plans, each trade's oldest first."""
    found: dict[int, list[PlanChangeRow]] = {trade: [] for trade in trades}
    for first in range(0, len(trades), TOGETHER):
        part = trades[first : first + TOGETHER]
        padded = [*part, *([part[-1]] * (TOGETHER - len(part)))]
        ids = {f"id{place}": trade for place, trade in enumerate(padded)}
        for row in await database.rows(_OF_SOME, **ids):
            found[row.trade_id].append(row)
    return found
