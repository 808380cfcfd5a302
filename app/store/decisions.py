"""Why a wallet did what it did: its own decisions, and the answers that were the same for many.

An evaluation that no decision of the wallet belongs to concerns it when it was about everybody, or
about wishes that the wallet had at that time: a version of its settings, or the platform's default
while it had no settings for every symbol of its own. What concerned shadows only names no wishes.
"""

from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    literal,
    null,
    or_,
    select,
    tuple_,
    union_all,
)

from app.store.database import Database
from app.store.query import LIMIT, Query, table_of
from app.store.tables import Decision, Evaluation, Setting, Token
from app.store.types import Exact, Real
from app.trading.plans import ANY_SYMBOL

_D = table_of(Decision).c
_E = table_of(Evaluation).c
_K = table_of(Token).c
_WALLET = bindparam("wallet", type_=Exact())


class DecisionLine(NamedTuple):
    """An evaluation and what the wallet did with it; `id` is 0 where it concerned all alike.

    `numbers` and `limits` are JSON objects, `seen` a JSON list in the order of the limits, `answer`
    the strategy's own words.
    """

    at: int
    evaluation_id: int
    id: int
    token_id: int | None
    mint: str | None
    symbol: str | None
    signal_id: int | None
    strategy: str | None
    verdict: str
    reason: str | None
    value: float | None
    limit_value: float | None
    seen: str | None
    numbers: str
    limits: str
    answer: str | None


_OWN = (
    select(
        _D.at,
        _D.evaluation_id,
        _D.id,
        _D.token_id,
        _K.mint,
        _K.symbol,
        _D.signal_id,
        _D.strategy,
        _D.verdict,
        _D.reason,
        _D.value,
        _D.limit_value,
        _D.seen,
        _E.numbers,
        _E.limits,
        _E.reason.label("answer"),
    )
    .join(Evaluation, _E.id == _D.evaluation_id)
    .join(Token, _K.id == _D.token_id)
    .where(_D.wallet_id == _WALLET)
)


def _valid_then(then: ColumnElement[int]) -> tuple[Any, ColumnElement[bool]]:
    """Give a wallet's settings, and the condition that a version was the newest at a time."""
    settings, newer = table_of(Setting).alias(), table_of(Setting).alias()
    overtaken = (
        exists()
        .where(
            newer.c.wallet_id == settings.c.wallet_id,
            newer.c.symbol == settings.c.symbol,
            newer.c.version > settings.c.version,
            newer.c.created_at <= then,
        )
        .correlate(settings, table_of(Evaluation))
    )
    valid = and_(settings.c.wallet_id == _WALLET, settings.c.created_at <= then, ~overtaken)
    return settings, valid


def _wished() -> ColumnElement[bool]:
    named, named_valid = _valid_then(_E.at)
    general, general_valid = _valid_then(_E.at)
    own_general = exists().where(
        general_valid, general.c.symbol == ANY_SYMBOL, general.c.body.is_not(None)
    )
    return or_(
        _E.profile.is_(None),
        exists().where(named_valid, named.c.profile == _E.profile),
        and_(_E.profile == bindparam("default_profile", type_=Exact()), ~own_general),
    )


_SHARED = (
    select(
        _E.at,
        _E.id.label("evaluation_id"),
        literal(0, Exact()).label("id"),
        _E.token_id,
        _K.mint,
        _K.symbol,
        _E.signal_id,
        _E.strategy,
        _E.verdict,
        _E.reason,
        cast(null(), Real()).label("value"),
        cast(null(), Real()).label("limit_value"),
        cast(null(), Text()).label("seen"),
        _E.numbers,
        _E.limits,
        _E.reason.label("answer"),
    )
    .outerjoin(Token, _K.id == _E.token_id)
    .where(
        _E.at >= bindparam("joined_at", type_=Exact()),
        ~exists().where(_D.evaluation_id == _E.id, _D.wallet_id == _WALLET),
        _wished(),
    )
)
_ZERO = literal(0, Exact())
_PARTS = ((_OWN, (_D.at, _D.evaluation_id, _D.id)), (_SHARED, (_E.at, _E.id, _ZERO)))
_MINT = table_of(Token).alias("wanted").c
_TOKEN = select(_MINT.id).where(_MINT.mint == bindparam("mint")).scalar_subquery()
_FILTERS: dict[str, tuple[ColumnElement[bool], ColumnElement[bool]]] = {
    "mint": (_D.token_id + 0 == _TOKEN, _E.token_id == _TOKEN),
    "signal": (
        _D.signal_id + 0 == bindparam("signal", type_=Exact()),
        _E.signal_id == bindparam("signal"),
    ),
}
"""How each filter reads for a wallet's own decisions, and for shared evaluations.

A sum is in no index: a wallet's decisions are fewer than all wallets' on a token or a signal.
"""

_AFTER = tuple_(*(bindparam(name, type_=Exact()) for name in ("time", "evaluation", "id")))


@cache
def _listing(filters: tuple[str, ...], further: bool) -> Query[DecisionLine]:
    parts = []
    for index, (part, place) in enumerate(_PARTS):
        statement: Select[Any] = part.where(*(_FILTERS[name][index] for name in filters))
        if further:
            statement = statement.where(tuple_(*place) < _AFTER)
        newest = statement.order_by(*(column.desc() for column in place[: 3 - index]))
        parts.append(select(newest.limit(LIMIT).subquery()))
    both = union_all(*parts).subquery()
    newest_first = (both.c.at.desc(), both.c.evaluation_id.desc(), both.c.id.desc())
    return Query(select(both).order_by(*newest_first).limit(LIMIT), DecisionLine)


_OF_TRADE = Query(_OWN.where(_D.id == bindparam("id")), DecisionLine)


async def list_decisions(
    database: Database,
    wallet_id: int,
    joined_at: int,
    default_profile: int,
    *,
    mint: str | None = None,
    signal: int | None = None,
    after: tuple[int, int, int] | None = None,
    limit: int = 100,
) -> list[DecisionLine]:
    """List what concerned a wallet since it joined, newest first.

    `default_profile` is the key of the wishes of a wallet without settings; `after` is (at,
    evaluation_id, id) of the last line of the page before.
    """
    wanted = {"mint": mint, "signal": signal}
    given = {name: value for name, value in wanted.items() if value is not None}
    time, evaluation, decision = after or (0, 0, 0)
    return await database.rows(
        _listing(tuple(given), after is not None),
        wallet=wallet_id,
        joined_at=joined_at,
        default_profile=default_profile,
        limit=limit,
        time=time,
        evaluation=evaluation,
        id=decision,
        **given,
    )


async def find_decision(database: Database, wallet_id: int, trade_id: int) -> DecisionLine | None:
    """Load the decision that a wallet's trade began with; they share their number."""
    return await database.one(_OF_TRADE, wallet=wallet_id, id=trade_id)
