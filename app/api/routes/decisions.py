"""Decisions of a wallet, taken or not, each with its chain of values and limits."""

import asyncio
from typing import Annotated, Any

from fastapi import Query
from starlette.responses import Response

from app.api import cursors, why
from app.api.deps import DEFAULT_PAGE, Cursor, Limit, Own, Platform
from app.api.nouns import Noun
from app.api.shapes.signals import DecisionOut
from app.api.wire import PageOut, encoded, iso
from app.store.decisions import DecisionLine, list_decisions
from app.store.signals import SignalLine, find_signal
from app.store.types import LARGEST

router = Noun()
TAKEN = "taken"


class DecisionsOut(PageOut[DecisionOut]):
    """Decisions, newest first."""


@router.get("/{wallet}", response_model=DecisionsOut)
async def list_wallet_decisions(
    parts: Platform,
    me: Own,
    *,
    token_address: Annotated[str | None, Query(max_length=64)] = None,
    signal_id: Annotated[int | None, Query(ge=1, le=LARGEST)] = None,
    limit: Limit = DEFAULT_PAGE,
    cursor: Cursor = None,
) -> Response:
    """List every decision that concerned this wallet, taken or not, newest first.

    `why` is the chain: signal, sentiment, confirmation, risk, order, each step with the value that
    was seen, its limit and the verdict.
    """
    views = await parts.live.settled()
    joined, default = views.wallet(me.wallet_id).created_at, views.default_profile.key()
    found = await list_decisions(
        parts.database,
        me.wallet_id,
        joined,
        default,
        mint=token_address,
        signal=signal_id,
        after=cursors.read(cursor, tuple[int, int, int]),
        limit=limit,
    )
    numbers = {line.signal_id for line in found if line.signal_id is not None}
    rows = await asyncio.gather(*(find_signal(parts.database, number) for number in numbers))
    signals = {row.id: row for row in rows if row is not None}
    asked = why.thresholds(parts.settings)
    items = [_written(line, signals.get(line.signal_id or 0), asked) for line in found]
    last = found[-1] if len(found) == limit else None
    place = None if last is None else cursors.write((last.at, last.evaluation_id, last.id))
    return encoded({"items": items, "next_cursor": place})


def _written(
    line: DecisionLine, signal: SignalLine | None, asked: why.Thresholds
) -> dict[str, Any]:
    token = None if line.mint is None else {"address": line.mint, "symbol": line.symbol}
    shared = line.id == 0 and line.strategy is not None
    return {
        "evaluation_id": line.evaluation_id,
        "trade_id": line.id if line.id and line.verdict == TAKEN else None,
        "at": iso(line.at),
        "token": token,
        "signal_id": line.signal_id,
        "strategy": line.strategy,
        "verdict": "skipped" if shared else line.verdict,
        "reason": None if shared else line.reason,
        "why": why.chain(line, signal, asked),
    }
