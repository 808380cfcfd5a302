"""The file of signals, which are the same for everybody."""

import asyncio
from typing import Any

import polars as pl

from app.api.deps import Parts
from app.api.exports.asked import SignalsAsked
from app.api.exports.files import TIME, Frames, frame
from app.api.sessions import Session
from app.store.signals import SignalFilter, SignalLine, list_signals

PAGE = 2_000
SIGNALS = {
    "id": pl.Int64,
    "token_address": pl.String,
    "symbol": pl.String,
    "source": pl.String,
    "triggered_at": TIME,
    "received_at": TIME,
    "unique_wallets": pl.Int64,
    "status": pl.String,
    "reason": pl.String,
    "sentiment_score": pl.Float64,
    "mention_count": pl.Int64,
    "screened_at": TIME,
    "ended_at": TIME,
}


async def signals(parts: Parts, me: Session, asked: SignalsAsked) -> Frames:
    """Write signals, newest first."""
    del me
    yield frame([], SIGNALS)
    after: tuple[int, int] | None = None
    first, last = asked.within
    wanted = SignalFilter(
        status=asked.status,
        mint=asked.token_address,
        source=asked.source,
        reason=asked.reason,
        symbol=asked.symbol,
        since=first,
        until=last,
    )
    while page := await list_signals(parts.database, wanted, after=after, limit=PAGE):
        yield await asyncio.to_thread(frame, [_signal(line) for line in page], SIGNALS)
        after = (page[-1].triggered_at, page[-1].id)


def _signal(line: SignalLine) -> tuple[Any, ...]:
    return (
        line.id,
        line.mint,
        line.symbol,
        line.source,
        line.triggered_at,
        line.received_at,
        line.unique_wallets,
        line.status,
        line.reason,
        line.sentiment_score,
        line.mention_count,
        line.screened_at,
        line.ended_at,
    )
