"""What a wallet did not buy: its own refusals, and signals that ended for everybody.

Both come newest first in one order: (at, evaluation, decision), with decision 0 where it concerned
everybody.
"""

from typing import NamedTuple

from sqlalchemy import bindparam, case, func, literal, select, tuple_

from app.store.database import Database
from app.store.query import LIMIT, Query, picked, table_of
from app.store.tables import Decision, Evaluation, Setting, Signal, Token
from app.store.types import LARGEST, Exact
from app.trading.ledger import SettingsRow

VERSIONS = 5_000

_D = table_of(Decision).c
_E = table_of(Evaluation).c
_K = table_of(Token).c
_S = table_of(Signal).c
_W = table_of(Setting).c
_WALLET = bindparam("wallet", type_=Exact())
_SINCE = bindparam("since", type_=Exact())
_UNTIL = bindparam("until", type_=Exact())
_AFTER = tuple_(*(bindparam(name, type_=Exact()) for name in ("time", "evaluation", "id")))

Place = tuple[int, int, int]
NEWEST: Place = (LARGEST, LARGEST, LARGEST)


class Missed(NamedTuple):
    """Something that was not bought.

    `numbers`, `limits` and `seen` are JSON as in the record; a signal's fields are None for a
    symbol that settings name, a token's for a signal whose token nobody knew.
    """

    at: int
    evaluation_id: int
    id: int
    token_id: int | None
    strategy: str | None
    reason: str | None
    value: float | None
    limit_value: float | None
    seen: str | None
    numbers: str
    limits: str
    profile: int | None
    signal_id: int | None
    source: str | None
    triggered_at: int | None
    screened_at: int | None
    mint: str | None
    symbol: str | None
    decimals: int | None

    @property
    def place(self) -> Place:
        """Return its place in the order of the list."""
        return (self.at, self.evaluation_id, self.id)


class Reached(NamedTuple):
    """How far a wallet got with a signal: its first decision, and whether one was taken."""

    signal_id: int
    first: int
    taken: int


_SIGNAL = (_S.source, _S.triggered_at, _S.screened_at)
_REFUSED = Query(
    select(
        _D.at,
        _D.evaluation_id,
        _D.id,
        _D.token_id,
        _D.strategy,
        _D.reason,
        _D.value,
        _D.limit_value,
        _D.seen,
        _E.numbers,
        _E.limits,
        _E.profile,
        _D.signal_id,
        *_SIGNAL,
        _K.mint,
        _K.symbol,
        _K.decimals,
    )
    .join(Evaluation, _E.id == _D.evaluation_id)
    .join(Token, _K.id == _D.token_id)
    .outerjoin(Signal, _S.id == _D.signal_id)
    .where(
        _D.wallet_id == _WALLET,
        _D.verdict == "refused",
        _D.at >= _SINCE,
        _D.at < _UNTIL,
        tuple_(_D.at, _D.evaluation_id, _D.id) < _AFTER,
    )
    .order_by(_D.at.desc(), _D.evaluation_id.desc(), _D.id.desc())
    .limit(LIMIT),
    Missed,
)
_NOBODY = literal(0, Exact())
_ENDED = Query(
    select(
        _E.at,
        _E.id.label("evaluation_id"),
        _NOBODY.label("id"),
        _E.token_id,
        _E.strategy,
        _E.reason,
        _S.sentiment_score.label("value"),
        literal(None, _S.sentiment_score.type).label("limit_value"),
        literal(None, _E.reason.type).label("seen"),
        _E.numbers,
        _E.limits,
        _E.profile,
        _E.signal_id,
        *_SIGNAL,
        _S.mint,
        _K.symbol,
        _K.decimals,
    )
    .join(Signal, _S.id == _E.signal_id)
    .outerjoin(Token, _K.id == _E.token_id)
    .where(
        _E.verdict == "failed",
        _E.profile.is_(None),
        _E.at >= _SINCE,
        _E.at < _UNTIL,
        tuple_(_E.at, _E.id, _NOBODY) < _AFTER,
    )
    .order_by(_E.at.desc(), _E.id.desc())
    .limit(LIMIT),
    Missed,
)
_REACHED = Query(
    select(
        _D.signal_id,
        func.min(_D.id).label("first"),
        func.max(case((_D.verdict == "taken", 1), else_=0)).label("taken"),
    )
    .where(
        _D.wallet_id == _WALLET,
        _D.at >= _SINCE,
        _D.at < _UNTIL,
        _D.signal_id.is_not(None),
    )
    .group_by(_D.signal_id),
    Reached,
)
_VERSIONS = Query(
    select(*picked(Setting, SettingsRow))
    .where(_W.wallet_id == _WALLET)
    .order_by(_W.created_at.desc(), _W.version.desc())
    .limit(LIMIT),
    SettingsRow,
)


async def missed(
    database: Database,
    wallet_id: int,
    *,
    since: int,
    until: int,
    after: Place = NEWEST,
    limit: int,
) -> list[Missed]:
    """List the refusals of a wallet and the signals that ended in [since, until), newest first."""
    time, evaluation, decision = after
    given = {
        "since": since,
        "until": until,
        "time": time,
        "evaluation": evaluation,
        "id": decision,
        "limit": limit,
    }
    own = await database.rows(_REFUSED, wallet=wallet_id, **given)
    shared = await database.rows(_ENDED, **given)
    return sorted((*own, *shared), key=lambda one: one.place, reverse=True)[:limit]


async def reached(
    database: Database, wallet_id: int, *, since: int, until: int = LARGEST
) -> dict[int, Reached]:
    """Tell how far a wallet got with each signal that it decided on in [since, until)."""
    rows = await database.rows(_REACHED, wallet=wallet_id, since=since, until=until)
    return {row.signal_id: row for row in rows}


async def every_version(database: Database, wallet_id: int) -> list[SettingsRow]:
    """Load the versions of a wallet's settings, for every symbol, newest first."""
    return await database.rows(_VERSIONS, wallet=wallet_id, limit=VERSIONS)
