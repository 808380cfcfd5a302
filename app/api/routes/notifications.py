"""Messages to people outside the dashboard: where to, about what, and what became of them."""

import json
import secrets
from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from app.api.deps import DEFAULT_PAGE, Limit, Own, Parts, Platform
from app.api.errors import Problem, invalid, not_found
from app.api.nouns import Noun
from app.api.sessions import Session
from app.api.shapes.notifications import (
    LONGEST_NAME,
    MOST_TARGETS,
    DeliveriesOut,
    DeliveryOut,
    TargetChangeIn,
    TargetIn,
    TargetOut,
    TargetsOut,
)
from app.api.wire import iso, iso_or_none
from app.engine.messenger import MOST_AN_HOUR, QuotaError, about
from app.engine.notices import KINDS
from app.ports import Known, RejectedError, UnavailableError
from app.providers.text import clean
from app.store.notice_rows import DeliveryRow, TargetRow
from app.store.notices import WAITING, delete_target, deliveries_of, targets_of
from app.store.types import LARGEST

router = Noun()
LARGEST_NUMBER = 2**53
"""Numbers stay exact in every reader of JSON."""

TargetPath = Annotated[
    int, Path(ge=1, le=LARGEST, description="The target's number.", examples=[7])
]


@router.get("/{wallet}", response_model=TargetsOut)
async def list_targets(parts: Platform, me: Own) -> dict[str, object]:
    """List where a wallet's messages go."""
    rows = await targets_of(parts.database, me.wallet_id)
    return {
        "items": [_target(row) for row in rows],
        "kinds": list(KINDS),
        "most": MOST_TARGETS,
        "most_an_hour": MOST_AN_HOUR,
    }


@router.post("/{wallet}", status_code=201, response_model=TargetOut)
async def add_target(parts: Platform, me: Own, body: TargetIn) -> dict[str, object]:
    """Add a place that messages go to.

    Services answer under their own names; a host of your own must be public and speak TLS at port
    443. Refused otherwise, and beyond ten of them.
    """
    rows = await targets_of(parts.database, me.wallet_id)
    if len(rows) >= MOST_TARGETS:
        raise Problem(409, "too-many-targets", f"A wallet has {MOST_TARGETS} targets at most.")
    known = await _check(parts, me, body.address)
    number = 1 + secrets.randbelow(LARGEST_NUMBER)
    secret = parts.messenger.post.vault.close_up(body.address, about(number, me.wallet_id))
    row = TargetRow(
        number,
        me.wallet_id,
        _named(body.name),
        known.service,
        known.shown,
        secret,
        _kinds(body),
        False,
        parts.clock.now(),
    )
    await parts.journal.write([row])
    return _target(row)


@router.get("/{wallet}/log", response_model=DeliveriesOut)
async def list_deliveries(
    parts: Platform, me: Own, limit: Limit = DEFAULT_PAGE
) -> dict[str, object]:
    """List what was sent in the last 30 days, newest first."""
    rows = await deliveries_of(parts.database, me.wallet_id, limit)
    return {"items": [_delivery(row) for row in rows]}


@router.put("/{wallet}/{number}", response_model=TargetOut)
async def change_target(
    parts: Platform, me: Own, number: TargetPath, body: TargetChangeIn
) -> dict[str, object]:
    """Change what a target is told, its name or its address, or pause it."""
    row = await _find(parts, me, number)
    row = row._replace(name=_named(body.name), kinds=_kinds(body), paused=body.paused)
    if body.address is not None:
        known = await _check(parts, me, body.address)
        secret = parts.messenger.post.vault.close_up(body.address, about(row.id, me.wallet_id))
        row = row._replace(secret=secret, shown=known.shown, service=known.service)
    await parts.journal.write([row])
    return _target(row)


@router.delete("/{wallet}/{number}", status_code=204)
async def remove_target(parts: Platform, me: Own, number: TargetPath) -> Response:
    """Delete a target, its address and the log of what it was sent."""
    row = await _find(parts, me, number)
    await delete_target(parts.journal, row.id)
    return Response(status_code=204)


@router.post("/{wallet}/{number}/test", response_model=DeliveryOut)
async def test_target(parts: Platform, me: Own, number: TargetPath) -> dict[str, object]:
    """Send a test message now and tell what became of it."""
    row = await _find(parts, me, number)
    try:
        return _delivery(await parts.messenger.test(row))
    except QuotaError as error:
        raise _too_many(error) from error


def _too_many(error: QuotaError) -> Problem:
    return Problem(429, "rate-limited", f"That is {error}.", headers={"Retry-After": "600"})


async def _check(parts: Parts, me: Session, address: str) -> Known:
    """Judge an address. Raises a 422 problem for one that may not be used; trying costs, too."""
    if not parts.messenger.spend(me.wallet_id, parts.clock.now()):
        raise _too_many(QuotaError(f"more than {MOST_AN_HOUR} tries in an hour"))
    try:
        return await parts.messenger.post.notifier.check(address)
    except RejectedError as error:
        raise invalid("/address", str(error)) from error
    except UnavailableError as error:
        headers = {"Retry-After": "10"}
        detail = "The address could not be checked just now."
        raise Problem(503, "unavailable", detail, headers=headers) from error


async def _find(parts: Parts, me: Session, number: int) -> TargetRow:
    for row in await targets_of(parts.database, me.wallet_id):
        if row.id == number:
            return row
    raise not_found()


def _named(name: str) -> str:
    cleaned = clean(name, LONGEST_NAME)
    if not cleaned:
        raise invalid("/name", "must hold something that can be shown")
    return cleaned


def _kinds(body: TargetIn | TargetChangeIn) -> str:
    return json.dumps([kind for kind in KINDS if kind in body.kinds])


def _target(row: TargetRow) -> dict[str, object]:
    return {
        "id": row.id,
        "name": row.name,
        "service": row.service,
        "shown": row.shown,
        "kinds": json.loads(row.kinds),
        "paused": row.paused,
        "created_at": iso(row.created_at),
    }


def _delivery(row: DeliveryRow) -> dict[str, object]:
    return {
        "target_id": row.target_id,
        "kind": row.kind,
        "title": row.title,
        "created_at": iso(row.created_at),
        "status": row.status,
        "attempts": row.attempts,
        "next_at": iso(row.next_at) if row.status == WAITING else None,
        "done_at": iso_or_none(row.done_at),
        "error": row.error,
    }
