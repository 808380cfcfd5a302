"""The stored events of a wallet, in order."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from app.api import cursors, facts
from app.api.deps import DEFAULT_PAGE, Cursor, Limit, Own, Platform
from app.api.nouns import Noun
from app.api.shapes.events import EventOut
from app.api.wire import PageOut, encoded
from app.store.events import events_after
from app.store.types import LARGEST

router = Noun()


class EventsOut(PageOut[EventOut]):
    """Events, oldest first."""


@router.get("/{wallet}", response_model=EventsOut)
async def list_events(
    parts: Platform,
    me: Own,
    *,
    after: Annotated[int, Query(ge=0, le=LARGEST, description="The last `seq` seen.")] = 0,
    limit: Limit = DEFAULT_PAGE,
    cursor: Cursor = None,
) -> Response:
    """List the events of this wallet that follow `after`, oldest first."""
    place = cursors.read(cursor, tuple[int])
    first = after if place is None else place[0]
    rows = await events_after(parts.database, me.wallet_id, first, limit)
    items = await facts.written(rows, parts.decimals)
    last = cursors.write((rows[-1].seq,)) if len(rows) == limit else None
    return encoded({"items": items, "next_cursor": last})
