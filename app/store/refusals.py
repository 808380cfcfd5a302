"""Refusals that stand: what each wallet last answered to a watched token."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, func, select

from app.store.database import Database
from app.store.query import Query, table_of
from app.store.tables import Decision

_D = table_of(Decision).c


class LastAnswer(NamedTuple):
    """A wallet's last decision, with its number; `reason` is None when it bought."""

    id: int
    wallet_id: int
    reason: str | None


def _last(*conditions: ColumnElement[bool]) -> Query[Any]:
    newest = select(func.max(_D.id)).where(*conditions).group_by(_D.wallet_id)
    return Query(
        select(_D.id, _D.wallet_id, _D.reason).where(_D.id.in_(newest)).order_by(_D.wallet_id),
        LastAnswer,
    )


_TO_SIGNAL = _last(_D.signal_id == bindparam("signal"))
_TO_TOKEN = _last(_D.token_id == bindparam("token"), _D.signal_id.is_(None))


async def last_answers(
    database: Database, token_id: int, signal_id: int | None
) -> list[LastAnswer]:
    """Load every wallet's last answer to a signal, or to a token that is watched by its name."""
    if signal_id is not None:
        return await database.rows(_TO_SIGNAL, signal=signal_id)
    return await database.rows(_TO_TOKEN, token=token_id)
