"""Answers that were the same for many: how a signal went for the platform, not for one wallet."""

from sqlalchemy import bindparam, or_, select

from app.store.database import Database
from app.store.query import LIMIT, Query, picked, table_of
from app.store.tables import Evaluation
from app.store.types import Exact
from app.trading.ledger import EvaluationRow

_E = table_of(Evaluation).c
_SHARED = Query(
    select(*picked(Evaluation, EvaluationRow))
    .where(
        _E.signal_id == bindparam("signal"),
        or_(_E.profile.is_(None), _E.profile == bindparam("default_profile", type_=Exact())),
    )
    .order_by(_E.id)
    .limit(LIMIT),
    EvaluationRow,
)


async def shared_evaluations(
    database: Database, signal_id: int, default_profile: int, limit: int = 100
) -> list[EvaluationRow]:
    """Load what was answered on a signal for everybody, or for wallets without settings."""
    return await database.rows(
        _SHARED, signal=signal_id, default_profile=default_profile, limit=limit
    )
