"""How far signals got on the whole platform, as far as anybody may know.

What only wallets with settings of their own confirmed is not told: it would tell their settings.
"""

from typing import NamedTuple

from sqlalchemy import bindparam, case, exists, select

from app.store.database import Database
from app.store.query import LIMIT, Query, table_of
from app.store.tables import Evaluation, Signal, Token
from app.store.types import LARGEST, SMALLEST, Exact

_S = table_of(Signal).c
_K = table_of(Token).c
_E = table_of(Evaluation).c


class SignalPath(NamedTuple):
    """A signal, its token once that is known; `confirmed` is 1 when the default wishes did."""

    id: int
    source: str
    status: str
    reason: str | None
    triggered_at: int
    screened_at: int | None
    sentiment_score: float | None
    token_id: int | None
    mint: str
    decimals: int | None
    confirmed: int


_CONFIRMED = exists().where(
    _E.signal_id == _S.id, _E.profile == bindparam("default_profile", type_=Exact())
)
_NEWEST = Query(
    select(
        _S.id,
        _S.source,
        _S.status,
        _S.reason,
        _S.triggered_at,
        _S.screened_at,
        _S.sentiment_score,
        _S.token_id,
        _S.mint,
        _K.decimals,
        case((_CONFIRMED, 1), else_=0).label("confirmed"),
    )
    .outerjoin(Token, _K.id == _S.token_id)
    .where(_S.triggered_at >= bindparam("since"), _S.triggered_at < bindparam("until"))
    .order_by(_S.triggered_at.desc(), _S.id.desc())
    .limit(LIMIT),
    SignalPath,
)


async def signal_paths(
    database: Database,
    default_profile: int,
    *,
    since: int = SMALLEST,
    until: int = LARGEST,
    limit: int,
) -> list[SignalPath]:
    """Load the newest signals that were triggered in [since, until), newest first.

    `default_profile` is the key of the wishes of a wallet without settings.
    """
    return await database.rows(
        _NEWEST, default_profile=default_profile, since=since, until=until, limit=limit
    )
