"""What is kept for how long.

    snapshots   one a minute for a day, one an hour for a month, one a day for ever
    sessions, challenges, idempotency keys   until they can no longer be used

Prices of tokens that nobody holds go to files: see `archive`. Everything is deleted a little at a
time, so that the engine's batches get between.
"""

from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, bindparam, delete, func, or_, select, tuple_

from app.store.database import Database
from app.store.journal import Journal
from app.store.query import LIMIT, Query, picked, table_of
from app.store.snapshots import RESOLUTIONS
from app.store.tables import Challenge, IdempotencyKey, PortfolioSnapshot, Session, User
from app.store.types import SMALLEST, Exact
from app.trading.ledger import SnapshotRow

PORTION = 1_000
"""Rows that are written or deleted at once."""

DAY_MS = 86_400_000
KEPT_MS = {"1m": DAY_MS, "1h": 30 * DAY_MS}
THINNED = (("1m", "1h"), ("1h", "1d"))
ANSWERS_KEPT_MS = DAY_MS

_S = table_of(PortfolioSnapshot).c
_LATER = table_of(PortfolioSnapshot).alias("later")
_W = table_of(User).c
_SESSION = table_of(Session).c
_CHALLENGE = table_of(Challenge).c
_ANSWER = table_of(IdempotencyKey).c
_BEFORE = bindparam("before", type_=Exact())


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


_NEWEST = Query(
    select(func.max(_S.timestamp).label("at")).where(_S.resolution == bindparam("resolution")),
    Moment,
)
_NEXT = Query(
    select(func.min(_S.timestamp).label("at")).where(
        _S.resolution == bindparam("resolution"), _S.timestamp >= bindparam("since")
    ),
    Moment,
)
_LAST_OF_SPAN = (
    select(func.max(_LATER.c.timestamp))
    .where(
        _LATER.c.wallet_id == _W.id,
        _LATER.c.resolution == bindparam("resolution"),
        _LATER.c.timestamp >= bindparam("since"),
        _LATER.c.timestamp < bindparam("until"),
    )
    .correlate(table_of(User))
    .scalar_subquery()
)
_LAST = Query(
    select(*picked(PortfolioSnapshot, SnapshotRow))
    .select_from(User)
    .join(
        PortfolioSnapshot,
        (_S.wallet_id == _W.id)
        & (_S.resolution == bindparam("resolution"))
        & (_S.timestamp == _LAST_OF_SPAN),
    )
    .where(_W.id > bindparam("after"))
    .order_by(_W.id)
    .limit(LIMIT),
    SnapshotRow,
)


def _deleting(model: type[Any], condition: ColumnElement[bool]) -> Query[tuple[int]]:
    """Write the deletion of some of the rows that meet a condition."""
    keys: list[Column[Any]] = list(table_of(model).primary_key)
    chosen = select(*keys).where(condition).limit(LIMIT)
    place: ColumnElement[Any] = keys[0] if len(keys) == 1 else tuple_(*keys)
    return Query(delete(model).where(place.in_(chosen)))


_OLD_SNAPSHOTS = _deleting(
    PortfolioSnapshot,
    (_S.resolution == bindparam("resolution")) & (_S.timestamp < _BEFORE),
)
_OLD_SESSIONS = _deleting(
    Session,
    or_(
        _SESSION.expires_at < _BEFORE,
        _SESSION.absolute_expires_at < _BEFORE,
        _SESSION.revoked_at < _BEFORE,
    ),
)
_OLD_CHALLENGES = _deleting(Challenge, _CHALLENGE.expires_at < _BEFORE)
_OLD_ANSWERS = _deleting(IdempotencyKey, _ANSWER.created_at < _BEFORE)


async def delete_all(journal: Journal, query: Query[tuple[int]], **parameters: object) -> int:
    """Delete what a query with a `limit` finds, portion by portion; returns how many rows."""
    total = 0
    while True:
        outcome = await journal.execute(query, limit=PORTION, **parameters)
        total += outcome.changed
        if outcome.changed < PORTION:
            return total


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
            limit=PORTION,
        )
        async for page in pages:
            await journal.write(row._replace(resolution=coarser, timestamp=start) for row in page)
            made += len(page)


async def tidy(database: Database, journal: Journal, now: int) -> Tidied:
    """Thin snapshots and delete what is over; `now` in Unix ms."""
    thinned = snapshots = 0
    for finer, coarser in THINNED:
        thinned += await thin(database, journal, finer, coarser)
        before = now - KEPT_MS[finer]
        snapshots += await delete_all(journal, _OLD_SNAPSHOTS, resolution=finer, before=before)
    return Tidied(
        thinned,
        snapshots,
        await delete_all(journal, _OLD_SESSIONS, before=now),
        await delete_all(journal, _OLD_CHALLENGES, before=now),
        await delete_all(journal, _OLD_ANSWERS, before=now - ANSWERS_KEPT_MS),
    )
