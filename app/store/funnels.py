"""How far signals got, counted: on the whole platform, and with one wallet.

Never more than the newest so many signals are counted, however long the range is.
"""

from typing import NamedTuple

from sqlalchemy import bindparam, case, func, literal, null, select

from app.store.database import Database
from app.store.query import LIMIT, Query, table_of
from app.store.tables import Decision, Signal, Trade
from app.store.types import Exact

_S = table_of(Signal).c
_D = table_of(Decision).c
_T = table_of(Trade).c
_WALLET = bindparam("wallet", type_=Exact())
_SINCE = bindparam("since", type_=Exact())
_UNTIL = bindparam("until", type_=Exact())


class Ends(NamedTuple):
    """So many signals of a source stand like this on the platform."""

    source: str
    status: str
    reason: str | None
    signals: int


class Fates(NamedTuple):
    """So many signals of a source ended like this on the platform, and like that with a wallet.

    `taken` is None where the wallet had nothing to decide, `refusal` the reason of its first
    decision, `outcome` what its trades came to: open, won, lost or drew, None without one.
    """

    source: str
    status: str
    reason: str | None
    taken: int | None
    refusal: str | None
    outcome: str | None
    signals: int


_NEWEST = (
    select(_S.id, _S.source, _S.status, _S.reason)
    .where(_S.triggered_at >= _SINCE, _S.triggered_at < _UNTIL)
    .order_by(_S.triggered_at.desc(), _S.id.desc())
    .limit(LIMIT)
    .subquery("newest")
)
_END = (_NEWEST.c.source, _NEWEST.c.status, _NEWEST.c.reason)
_ENDS = Query(select(*_END, func.count().label("signals")).group_by(*_END), Ends)

# A wallet decides on a signal and trades on it after that was triggered.
_DECIDED = (
    select(
        _D.signal_id,
        func.min(_D.id).label("first"),
        func.max(case((_D.verdict == "taken", 1), else_=0)).label("taken"),
    )
    .where(_D.wallet_id == _WALLET, _D.at >= _SINCE, _D.signal_id.is_not(None))
    .group_by(_D.signal_id)
    .subquery("decided")
)
_TRADED = (
    select(
        _T.signal_id,
        func.max(case((_T.exit_time.is_(None), 1), else_=0)).label("open"),
        func.sum(func.coalesce(_T.pnl_sol, 0)).label("pnl"),
    )
    .where(_T.wallet_id == _WALLET, _T.entry_time >= _SINCE, _T.signal_id.is_not(None))
    .group_by(_T.signal_id)
    .subquery("traded")
)
_FIRST = table_of(Decision).alias("first_decision")
_OUTCOME = case(
    (_TRADED.c.signal_id.is_(None), null()),
    (_TRADED.c.open == 1, literal("open")),
    (_TRADED.c.pnl > 0, literal("won")),
    (_TRADED.c.pnl < 0, literal("lost")),
    else_=literal("drew"),
).label("outcome")
_FATE = (
    select(*_END, _DECIDED.c.taken, _FIRST.c.reason.label("refusal"), _OUTCOME)
    .select_from(_NEWEST)
    .outerjoin(_DECIDED, _DECIDED.c.signal_id == _NEWEST.c.id)
    .outerjoin(_FIRST, _FIRST.c.id == _DECIDED.c.first)
    .outerjoin(_TRADED, _TRADED.c.signal_id == _NEWEST.c.id)
    .subquery("fate")
)
_FATES = Query(select(*_FATE.c, func.count().label("signals")).group_by(*_FATE.c), Fates)


async def signal_ends(database: Database, *, since: int, until: int, limit: int) -> list[Ends]:
    """Count how the newest signals that were triggered in [since, until) stand."""
    return await database.rows(_ENDS, since=since, until=until, limit=limit)


async def signal_fates(
    database: Database, wallet_id: int, *, since: int, until: int, limit: int
) -> list[Fates]:
    """Count how the newest signals of [since, until) went on with a wallet."""
    return await database.rows(_FATES, wallet=wallet_id, since=since, until=until, limit=limit)
