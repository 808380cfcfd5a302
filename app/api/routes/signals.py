"""Signals: what came in, its sentiment, and how it ended for the whole platform."""

from typing import Annotated, Any

from fastapi import Query
from msgspec import json
from starlette.responses import Response

from app.api import cursors
from app.api.boards import BOARDS
from app.api.deps import DEFAULT_PAGE, Cursor, From, Limit, Platform, RowId, To, to_ms, views_if_any
from app.api.errors import not_found
from app.api.nouns import Noun
from app.api.shapes.scorecards import ScorecardsOut
from app.api.shapes.signals import SignalDetailOut, SignalOut, SignalStatus
from app.api.wire import PageOut, encoded, iso, iso_or_none
from app.store.evaluations import shared_evaluations
from app.store.signals import SignalLine, find_signal, list_signals
from app.trading.ledger import EvaluationRow

PUBLIC = True
router = Noun()
NO_PROFILE = -1
Days = Annotated[int, Query(ge=1, le=90, description="How many days to look back.")]


class SignalsOut(PageOut[SignalOut]):
    """Signals, newest first."""


def written(line: SignalLine) -> dict[str, Any]:
    """Write a signal."""
    return {
        "id": line.id,
        "token": {"address": line.mint, "symbol": line.symbol},
        "source": line.source,
        "triggered_at": iso(line.triggered_at),
        "received_at": iso(line.received_at),
        "unique_wallets": line.unique_wallets,
        "status": line.status,
        "reason": line.reason,
        "sentiment_score": line.sentiment_score,
        "mention_count": line.mention_count,
        "screened_at": iso_or_none(line.screened_at),
        "ended_at": iso_or_none(line.ended_at),
    }


@router.get("", response_model=SignalsOut)
async def list_all_signals(
    parts: Platform,
    *,
    status: SignalStatus | None = None,
    token_address: Annotated[str | None, Query(max_length=64)] = None,
    since: From = None,
    until: To = None,
    limit: Limit = DEFAULT_PAGE,
    cursor: Cursor = None,
) -> Response:
    """List signals, newest first; `from` and `to` bound when they were triggered."""
    found = await list_signals(
        parts.database,
        status=status,
        mint=token_address,
        since=None if since is None else to_ms(since),
        until=None if until is None else to_ms(until),
        after=cursors.read(cursor, tuple[int, int]),
        limit=limit,
    )
    last = found[-1] if len(found) == limit else None
    place = None if last is None else cursors.write((last.triggered_at, last.id))
    return encoded({"items": list(map(written, found)), "next_cursor": place})


@router.get("/scorecards", response_model=ScorecardsOut)
async def get_scorecards(parts: Platform, days: Days = 30) -> dict[str, Any]:
    """Show how good each source of signals is: stage by stage, results, calibration of the score.

    Results are those of following every signal under the default exit plan, so they tell nothing
    about any wallet. Worked out at most once a minute.
    """
    return await BOARDS.of(parts).of(parts, days)


@router.get("/{signal_id}", response_model=SignalDetailOut)
async def get_signal(parts: Platform, signal_id: RowId) -> Response:
    """Show one signal with what was answered on it for everybody."""
    line = await find_signal(parts.database, signal_id)
    if line is None:
        raise not_found()
    views = await views_if_any(parts)
    default = views.default_profile.key() if views else NO_PROFILE
    rows = await shared_evaluations(parts.database, signal_id, default)
    return encoded({**written(line), "evaluations": list(map(_evaluation, rows))})


def _evaluation(row: EvaluationRow) -> dict[str, Any]:
    numbers = json.decode(row.numbers)
    return {
        "id": row.id,
        "at": iso(row.at),
        "strategy": row.strategy,
        "verdict": row.verdict,
        "reason": row.reason,
        "parameters": numbers.pop("params", {}),
        "numbers": numbers,
        "limits": json.decode(row.limits),
    }
