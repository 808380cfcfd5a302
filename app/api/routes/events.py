"""The stored events of a wallet, in order."""

from typing import Annotated, Literal

from fastapi import Query
from starlette.responses import Response

from app.api import cursors, facts
from app.api.deps import DEFAULT_PAGE, Cursor, From, Limit, Own, Platform, To, span
from app.api.errors import invalid
from app.api.nouns import Noun
from app.api.shapes.events import EventOut
from app.api.wire import PageOut, encoded
from app.store.events import EventFilter, events_after, events_before
from app.store.types import LARGEST

router = Noun()
TEXT = r"^[^\x00]*$"
Order = Literal["asc", "desc"]


class EventsOut(PageOut[EventOut]):
    """Events in the order that was asked for."""


@router.get("/{wallet}", response_model=EventsOut)
async def list_events(
    parts: Platform,
    me: Own,
    *,
    after: Annotated[int, Query(ge=0, le=LARGEST, description="The last `seq` seen.")] = 0,
    order: Annotated[Order, Query(description="`asc`: oldest first.")] = "asc",
    kind: Annotated[
        list[str] | None, Query(max_length=32, description="These only; may be repeated.")
    ] = None,
    token_address: Annotated[str | None, Query(max_length=64, pattern=TEXT)] = None,
    since: From = None,
    until: To = None,
    q: Annotated[
        str | None,
        Query(
            min_length=1,
            max_length=100,
            pattern=TEXT,
            description="Stands in the kind, or in the name of the token, strategy or reason.",
        ),
    ] = None,
    limit: Limit = DEFAULT_PAGE,
    cursor: Cursor = None,
) -> Response:
    """List the events of this wallet that follow `after`, oldest or newest first.

    `from` and `to` bound when they happened.
    """
    first, last = span(since, until)
    wanted = EventFilter(
        kinds=_kinds(kind or []),
        mint=token_address,
        since=None if since is None else first,
        until=None if until is None else last,
        text=q,
    )
    if order == "asc":
        place = cursors.read(cursor, tuple[int])
        seq = after if place is None else place[0]
        rows = await events_after(parts.database, me.wallet_id, seq, limit, wanted=wanted)
    else:
        place = cursors.read(cursor, tuple[int, Order])
        seq = LARGEST if place is None else place[0]
        rows = await events_before(
            parts.database, me.wallet_id, seq, limit, after=after, wanted=wanted
        )
    items = await facts.written(rows, parts.decimals)
    end = None
    if len(rows) == limit:
        end = cursors.write((rows[-1].seq,) if order == "asc" else (rows[-1].seq, order))
    return encoded({"items": items, "next_cursor": end})


def _kinds(asked: list[str]) -> tuple[str, ...]:
    """Check the kinds that were asked for; raises a 422 problem for one that is none."""
    known = facts.kinds()
    for one in asked:
        if one not in known:
            raise invalid("/kind", f"must be one of {', '.join(known)}", "query")
    return tuple(sorted(set(asked)))
