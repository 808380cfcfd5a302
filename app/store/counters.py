"""The highest number of each kind, where the engine goes on counting."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, func, literal, select

from app.store.database import Database
from app.store.query import Query, table_of
from app.store.tables import Decision, Evaluation, Event, Signal, Tick, Token, Trade, User
from app.store.types import Exact


class Highest(NamedTuple):
    """The highest number in use, 0 without one. A taken decision's number is its trade's."""

    wallet: int
    token: int
    signal: int
    evaluation: int
    decision: int
    trade: int
    tick: int
    event: int


def _highest(column: ColumnElement[int], name: str) -> ColumnElement[int]:
    found = select(func.max(column)).scalar_subquery()
    return func.coalesce(found, literal(0, Exact())).label(name)


_HIGHEST = Query(
    select(
        _highest(table_of(User).c.id, "wallet"),
        _highest(table_of(Token).c.id, "token"),
        _highest(table_of(Signal).c.id, "signal"),
        _highest(table_of(Evaluation).c.id, "evaluation"),
        _highest(table_of(Decision).c.id, "decision"),
        _highest(table_of(Trade).c.id, "trade"),
        _highest(table_of(Tick).c.seq, "tick"),
        _highest(table_of(Event).c.seq, "event"),
    ),
    Highest,
)


async def highest_numbers(database: Database) -> Highest:
    """Load the highest number of each kind."""
    found = await database.one(_HIGHEST)
    return found or Highest(0, 0, 0, 0, 0, 0, 0, 0)
