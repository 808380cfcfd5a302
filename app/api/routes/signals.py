"""Signals: what came in, its sentiment, and how it ended for the whole platform."""

from typing import Annotated, Any

from fastapi import Depends, Query
from msgspec import json
from starlette.responses import Response

from app.api import cursors, funnels, why
from app.api.boards import BOARDS
from app.api.deps import (
    DEFAULT_PAGE,
    Cursor,
    From,
    Limit,
    Own,
    Platform,
    RowId,
    To,
    guard,
    span,
    views_if_any,
)
from app.api.errors import not_found
from app.api.nouns import Noun
from app.api.shapes.funnels import CountsOut, FunnelOut
from app.api.shapes.scorecards import ScorecardsOut
from app.api.shapes.signals import SignalDetailOut, SignalOut, SignalStatus
from app.api.wire import PageOut, encoded, iso, iso_or_none
from app.store.evaluations import shared_evaluations
from app.store.funnels import signal_ends, signal_fates
from app.store.signals import SignalFilter, SignalLine, find_signal, list_signals
from app.store.wallets import find_wallet
from app.trading.ledger import EvaluationRow
from app.trading.signals import SignalStatus as Status

PUBLIC = True
router = Noun()
NO_PROFILE = -1
DAY_MS = 86_400_000
TEXT = r"^[^\x00]*$"
Word = Annotated[str | None, Query(min_length=1, max_length=200, pattern=TEXT)]
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
    token_address: Annotated[str | None, Query(max_length=64, pattern=TEXT)] = None,
    symbol: Annotated[
        str | None,
        Query(min_length=1, max_length=64, pattern=TEXT, description="A part of the token's name."),
    ] = None,
    source: Word = None,
    reason: Word = None,
    since: From = None,
    until: To = None,
    limit: Limit = DEFAULT_PAGE,
    cursor: Cursor = None,
) -> Response:
    """List signals, newest first; `from` and `to` bound when they were triggered."""
    first, end = span(since, until)
    wanted = SignalFilter(status, token_address, source, reason, symbol, first, end)
    place = cursors.read(cursor, tuple[int, int])
    found = await list_signals(parts.database, wanted, after=place, limit=limit)
    last = found[-1] if len(found) == limit else None
    place = None if last is None else cursors.write((last.triggered_at, last.id))
    return encoded({"items": list(map(written, found)), "next_cursor": place})


@router.get("/counts", response_model=CountsOut)
async def count_signals(parts: Platform, since: From = None, until: To = None) -> dict[str, Any]:
    """Count the signals of a range by their source, and by why they ended."""
    first, end = span(since, until)
    ends = await signal_ends(parts.database, since=first, until=end, limit=funnels.MOST)
    return funnels.counts(ends)


@router.get("/funnel/{wallet}", response_model=FunnelOut, dependencies=[Depends(guard)])
async def get_funnel(
    parts: Platform, me: Own, days: Days = 30, source: Word = None
) -> dict[str, Any]:
    """Show how far signals got with this wallet: stage by stage, and what stopped the others.

    Counts from when the wallet joined; `source` leaves out the signals of all others.
    """
    now = parts.clock.now()
    wallet = await find_wallet(parts.database, me.wallet_id)
    if wallet is None:
        raise not_found()
    since = max(now - days * DAY_MS, wallet.created_at)
    fates = await signal_fates(
        parts.database, me.wallet_id, since=since, until=now + 1, limit=funnels.MOST
    )
    return {
        "since": iso(since),
        "at": iso(now),
        "source": source,
        "complete": sum(fate.signals for fate in fates) < funnels.MOST,
        "stages": funnels.stages(fates, source),
    }


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
    steps = _screening(line, why.thresholds(parts.settings))
    evaluations = list(map(_evaluation, rows))
    return encoded({**written(line), "screening": steps, "evaluations": evaluations})


def _screening(line: SignalLine, asked: why.Thresholds) -> list[why.Step]:
    """Write what a signal is screened for; what was not asked yet has no verdict."""
    came, *rest = why.screening_of(line, asked, line.reason)
    if line.status == Status.SCREENING:
        rest = [{**step, "verdict": "skipped"} for step in rest]
    return [came, *rest]


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
