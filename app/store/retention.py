"""What is kept for how long.

    snapshots   one a minute for a day, one an hour for a month, one a day for ever
    sessions, challenges, idempotency keys   until they can no longer be used

Prices of tokens that nobody holds go to files: see `archive`. What is over is deleted in slices of
time, so that the engine's batches get between.
"""

from typing import Any, NamedTuple

from sqlalchemy import Column, Text, and_, bindparam, delete, func, select

from app.store.database import Database
from app.store.journal import Journal
from app.store.query import LIMIT, Query, table_of
from app.store.snapshots import RESOLUTIONS
from app.store.tables import Challenge, IdempotencyKey, PortfolioSnapshot, Session, User
from app.store.types import SMALLEST, Exact
from app.trading.ledger import SnapshotRow

WALLETS_AT_ONCE = 1_000
MINUTE_MS = 60_000
DAY_MS = 86_400_000
KEPT_MS = {"1m": DAY_MS, "1h": 30 * DAY_MS}
THINNED = (("1m", "1h"), ("1h", "1d"))
ANSWERS_KEPT_MS = DAY_MS

_S = table_of(PortfolioSnapshot).c
_LATER = table_of(PortfolioSnapshot).alias("later")
_W = table_of(User).c
_RESOLUTION = bindparam("resolution", type_=Text())
_SINCE = bindparam("since", type_=Exact())
_UNTIL = bindparam("until", type_=Exact())


class Tidied(NamedTuple):
    """How many rows were deleted, and how many snapshots were made of others."""

    thinned: int
    snapshots: int
    sessions: int
    challenges: int
    answers: int


class Moment(NamedTuple):
    """A time, None when there is none."""

    at: int | None


class Mark(NamedTuple):
    """The last snapshot of a wallet in a span; None without one."""

    wallet_id: int
    sol_balance: int | None
    total_value: int | None
    overall_pnl: int | None


class Dated:
    """Rows that are over after a time: how to find the oldest, and how to delete a slice."""

    def __init__(self, model: type[Any], column: Column[int], *same: Any) -> None:
        self.oldest = Query(select(func.min(column).label("at")).where(*same), Moment)
        self.delete: Query[tuple[int]] = Query(delete(model).where(*same, column < _UNTIL))


_SNAPSHOTS = Dated(PortfolioSnapshot, _S.timestamp, _S.resolution == _RESOLUTION)
_SESSIONS = Dated(Session, table_of(Session).c.expires_at)
_CHALLENGES = Dated(Challenge, table_of(Challenge).c.expires_at)
_ANSWERS = Dated(IdempotencyKey, table_of(IdempotencyKey).c.created_at)

_NEWEST = Query(
    select(func.max(_S.timestamp).label("at")).where(_S.resolution == _RESOLUTION), Moment
)
_NEXT = Query(
    select(func.min(_S.timestamp).label("at")).where(
        _S.resolution == _RESOLUTION, _S.timestamp >= _SINCE
    ),
    Moment,
)
_LAST_TIME = (
    select(func.max(_LATER.c.timestamp))
    .where(
        _LATER.c.wallet_id == _W.id,
        _LATER.c.resolution == _RESOLUTION,
        _LATER.c.timestamp >= _SINCE,
        _LATER.c.timestamp < _UNTIL,
    )
    .correlate(table_of(User))
    .scalar_subquery()
)
# An outer join goes from wallet to wallet along the key; an inner one may go through all snapshots.
_LAST = Query(
    select(_W.id.label("wallet_id"), _S.sol_balance, _S.total_value, _S.overall_pnl)
    .select_from(User)
    .outerjoin(
        PortfolioSnapshot,
        and_(_S.wallet_id == _W.id, _S.resolution == _RESOLUTION, _S.timestamp == _LAST_TIME),
    )
    .where(_W.id > bindparam("after"))
    .order_by(_W.id)
    .limit(LIMIT),
    Mark,
)


async def delete_before(
    database: Database, journal: Journal, what: Dated, before: int, **parameters: object
) -> int:
    """Delete what is older than a time, a minute's worth at once; returns how many rows."""
    total = 0
    while True:
        oldest = await database.one(what.oldest, **parameters)
        if oldest is None or oldest.at is None or oldest.at >= before:
            return total
        until = min(oldest.at + MINUTE_MS, before)
        total += (await journal.execute(what.delete, until=until, **parameters)).changed


async def thin(database: Database, journal: Journal, finer: str, coarser: str) -> int:
    """Keep the last snapshot of each span of the coarser resolution, its time the span's start.

    Goes on where it stopped: the newest span is made again, because it may have been going on.
    """
    span = RESOLUTIONS[coarser]
    newest = await database.one(_NEWEST, resolution=coarser)
    since = SMALLEST if newest is None or newest.at is None else newest.at
    made = 0
    while True:
        found = await database.one(_NEXT, resolution=finer, since=since)
        if found is None or found.at is None:
            return made
        start = found.at // span * span
        since = start + span
        pages = database.pages(
            _LAST,
            lambda last: {"after": last.wallet_id},
            resolution=finer,
            since=start,
            until=since,
            after=SMALLEST,
            limit=WALLETS_AT_ONCE,
        )
        async for page in pages:
            rows = [row for mark in page if (row := _row(mark, coarser, start)) is not None]
            await journal.write(rows)
            made += len(rows)


def _row(mark: Mark, resolution: str, start: int) -> SnapshotRow | None:
    if mark.sol_balance is None or mark.total_value is None or mark.overall_pnl is None:
        return None
    values = (mark.sol_balance, mark.total_value, mark.overall_pnl)
    return SnapshotRow(mark.wallet_id, resolution, start, *values)


async def tidy(database: Database, journal: Journal, now: int) -> Tidied:
    """Thin snapshots and delete what is over; `now` in Unix ms."""
    thinned = snapshots = 0
    for finer, coarser in THINNED:
        thinned += await thin(database, journal, finer, coarser)
        before = now - KEPT_MS[finer]
        snapshots += await delete_before(database, journal, _SNAPSHOTS, before, resolution=finer)
    return Tidied(
        thinned,
        snapshots,
        await delete_before(database, journal, _SESSIONS, now),
        await delete_before(database, journal, _CHALLENGES, now),
        await delete_before(database, journal, _ANSWERS, now - ANSWERS_KEPT_MS),
    )
