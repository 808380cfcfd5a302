"""Where people's messages go, and what was sent."""

from typing import NamedTuple

from sqlalchemy import Text, bindparam, delete, func, select

from app.store.database import Database
from app.store.journal import Journal
from app.store.notice_rows import CursorRow, DeliveryRow, TargetRow
from app.store.notice_tables import NoticeCursor, NoticeDelivery, NoticeTarget
from app.store.query import LIMIT, Query, picked, table_of
from app.store.retention import Dated, delete_before
from app.store.tables import Event
from app.store.types import LARGEST, Exact
from app.trading.ledger import EventRow

WAITING, SENT, FAILED, SKIPPED = "waiting", "sent", "failed", "skipped"
KEPT_MS = 30 * 86_400_000
THE_CURSOR = 1

_T = table_of(NoticeTarget).c
_D = table_of(NoticeDelivery).c
_E = table_of(Event).c
_TARGET = bindparam("target", type_=Exact())


class Newest(NamedTuple):
    """The number of the newest event; None without one."""

    seq: int | None


_ALL = Query(select(*picked(NoticeTarget, TargetRow)).order_by(_T.id), TargetRow)
_OF_WALLET = Query(
    select(*picked(NoticeTarget, TargetRow))
    .where(_T.wallet_id == bindparam("wallet"))
    .order_by(_T.created_at, _T.id),
    TargetRow,
)
_DELETE_DELIVERIES: Query[tuple[int]] = Query(delete(NoticeDelivery).where(_D.target_id == _TARGET))
_DELETE_TARGET: Query[tuple[int]] = Query(delete(NoticeTarget).where(_T.id == _TARGET))
_LOG = Query(
    select(*picked(NoticeDelivery, DeliveryRow))
    .where(_D.wallet_id == bindparam("wallet"), _D.created_at < bindparam("before"))
    .order_by(_D.created_at.desc(), _D.target_id)
    .limit(LIMIT),
    DeliveryRow,
)
_DUE = Query(
    select(*picked(NoticeDelivery, DeliveryRow))
    .where(_D.status == bindparam("status", type_=Text()), _D.next_at <= bindparam("now"))
    .order_by(_D.next_at)
    .limit(LIMIT),
    DeliveryRow,
)
_CURSOR = Query(
    select(*picked(NoticeCursor, CursorRow)).where(table_of(NoticeCursor).c.id == bindparam("one")),
    CursorRow,
)
_NEWEST = Query(select(func.max(_E.seq).label("seq")), Newest)
_EVENTS = Query(
    select(*picked(Event, EventRow))
    .where(_E.seq > bindparam("after"))
    .order_by(_E.seq)
    .limit(LIMIT),
    EventRow,
)
_OLD = Dated(NoticeDelivery, _D.created_at)


async def all_targets(database: Database) -> list[TargetRow]:
    """Load everybody's targets."""
    return await database.rows(_ALL)


async def targets_of(database: Database, wallet_id: int) -> list[TargetRow]:
    """Load a wallet's targets, in the order in which they were made."""
    return await database.rows(_OF_WALLET, wallet=wallet_id)


async def delete_target(journal: Journal, target: int) -> None:
    """Delete a target and the log of what it was sent."""
    await journal.execute(_DELETE_TARGET, target=target)
    await journal.execute(_DELETE_DELIVERIES, target=target)


async def deliveries_of(
    database: Database, wallet_id: int, limit: int, before: int = LARGEST
) -> list[DeliveryRow]:
    """Load what a wallet was sent before a time, newest first."""
    return await database.rows(_LOG, wallet=wallet_id, before=before, limit=limit)


async def due_deliveries(database: Database, now: int, limit: int) -> list[DeliveryRow]:
    """Load messages that are to be sent by now."""
    return await database.rows(_DUE, status=WAITING, now=now, limit=limit)


async def read_until(database: Database) -> int | None:
    """Tell of which event messages were made last; None when none ever were."""
    found = await database.one(_CURSOR, one=THE_CURSOR)
    return None if found is None else found.seq


async def newest_event(database: Database) -> int:
    """Tell the number of the newest event; 0 without one."""
    found = await database.one(_NEWEST)
    return 0 if found is None or found.seq is None else found.seq


async def told_after(database: Database, seq: int, limit: int) -> list[EventRow]:
    """Load what anybody was told after an event, oldest first."""
    return await database.rows(_EVENTS, after=seq, limit=limit)


async def forget_deliveries(database: Database, journal: Journal, now: int) -> int:
    """Delete what was made too long ago; returns how many."""
    return await delete_before(database, journal, _OLD, now - KEPT_MS)
