"""Checks the chain of the event log from its first event to its newest."""

from typing import NamedTuple

from sqlalchemy import bindparam, select

from app.store.audit_tables import EventHead
from app.store.chain import BEGINNING, Head, seal
from app.store.database import Database
from app.store.query import LIMIT, Query, picked, table_of
from app.store.tables import Event

_E = table_of(Event).c
_H = table_of(EventHead).c


class SealedEvent(NamedTuple):
    """An event as it is kept."""

    seq: int
    wallet_id: int | None
    at: int
    kind: str
    trade_id: int | None
    data: str
    chain: bytes


class Broken(NamedTuple):
    """The first event at which the chain does not hold, and what its seal should be, in hex."""

    seq: int
    reason: str
    recorded: str | None
    computed: str | None


class ChainReport(NamedTuple):
    """How many events follow from each other, the newest of them, and where it breaks, if so."""

    events: int
    head: Head
    broken: Broken | None


_AFTER = Query(
    select(*picked(Event, SealedEvent))
    .where(_E.seq > bindparam("after"))
    .order_by(_E.seq)
    .limit(LIMIT),
    SealedEvent,
)
_HEAD = Query(select(_H.seq, _H.chain).where(_H.id == 1), Head)

CHANGED = "it was changed, or an event before it was inserted, moved or deleted"
CUT_OFF = "the newest events are missing"
NOT_WRITTEN = "it was appended by somebody else than the platform"
NO_HEAD = "the newest seal, which is kept apart, is missing"
OTHER = "the seal that was kept elsewhere is another one"


async def check_chain(database: Database, kept: Head | None = None) -> ChainReport:
    """Compute every seal again; `kept` is a head that a person noted elsewhere, earlier.

    Events may be written meanwhile: the head is read before and after the walk.
    """
    first = await database.one(_HEAD)
    head, events = BEGINNING, 0
    awaited = [one for one in (first, kept) if one is not None and one != BEGINNING]
    pages = database.pages(_AFTER, lambda last: {"after": last.seq}, after=BEGINNING.seq)
    async for page in pages:
        for event in page:
            computed = seal(head.chain, event[:-1])
            if event.chain != computed:
                where = Broken(event.seq, CHANGED, event.chain.hex(), computed.hex())
                return ChainReport(events, head, where)
            head, events = Head(event.seq, computed), events + 1
            if awaited and (gone := [one for one in awaited if one.seq <= head.seq]):
                if (wrong := _other(gone, head, kept)) is not None:
                    return ChainReport(events, head, wrong)
                awaited = [one for one in awaited if one not in gone]
    return ChainReport(events, head, _end(head, awaited, first, await database.one(_HEAD)))


def _other(reached: list[Head], head: Head, kept: Head | None) -> Broken | None:
    """Find a head that was reached and is another one than the event here."""
    for one in reached:
        if one != head:
            reason = OTHER if one == kept else CHANGED
            return Broken(one.seq, reason, one.chain.hex(), head.chain.hex())
    return None


def _end(head: Head, awaited: list[Head], first: Head | None, last: Head | None) -> Broken | None:
    """Tell whether the chain ends where it should."""
    if awaited:
        missing = max(awaited)
        return Broken(missing.seq, CUT_OFF, missing.chain.hex(), None)
    if first is None or last is None:
        return Broken(head.seq, NO_HEAD, None, head.chain.hex())
    if last.seq < head.seq:
        return Broken(head.seq, NOT_WRITTEN, last.chain.hex(), head.chain.hex())
    return None
