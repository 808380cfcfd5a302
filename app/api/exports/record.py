"""Files of what was decided, what was told, and what the wallet was worth."""

import asyncio
from typing import Any

import polars as pl

from app.api import equity, facts, skips
from app.api.beginnings import EVER
from app.api.deps import Parts
from app.api.exports.asked import (
    DecisionsAsked,
    EquityAsked,
    EventsAsked,
    Ranged,
)
from app.api.exports.files import TIME, Frames, frame
from app.api.sessions import Session
from app.api.wire import encode, percent, seconds, sol, sol_or_none
from app.research.skipped import Skip
from app.store.decisions import DecisionLine, list_decisions
from app.store.deposits import deposits_of
from app.store.events import EventFilter, events_after, events_before
from app.store.snapshots import RESOLUTIONS
from app.store.types import LARGEST

PAGE = 2_000
SKIPS_PAGE = 500
DECISIONS = {
    "at": TIME,
    "evaluation_id": pl.Int64,
    "trade_id": pl.Int64,
    "token_address": pl.String,
    "symbol": pl.String,
    "signal_id": pl.Int64,
    "strategy": pl.String,
    "verdict": pl.String,
    "reason": pl.String,
    "value": pl.Float64,
    "limit": pl.Float64,
    "numbers": pl.String,
    "limits": pl.String,
    "seen": pl.String,
}
EVENTS = {
    "seq": pl.Int64,
    "at": pl.String,
    "kind": pl.String,
    "trade_id": pl.Int64,
    "data": pl.String,
}
EQUITY = {
    "timestamp": TIME,
    "sol_balance": pl.Float64,
    "total_value": pl.Float64,
    "overall_pnl": pl.Float64,
    "drawdown_percent": pl.Float64,
}
SKIPPED = {
    "at": TIME,
    "token_address": pl.String,
    "symbol": pl.String,
    "signal_id": pl.Int64,
    "source": pl.String,
    "strategy": pl.String,
    "stage": pl.String,
    "filter": pl.String,
    "value": pl.Float64,
    "limit": pl.Float64,
    "spend_sol": pl.Float64,
    "would_have_status": pl.String,
    "would_have_entry_time": TIME,
    "would_have_entry_price": pl.Float64,
    "would_have_exit_time": TIME,
    "would_have_exit_reason": pl.String,
    "would_have_pnl_percent": pl.Float64,
    "would_have_pnl_sol": pl.Float64,
    "would_have_seconds_to_peak": pl.Float64,
    "note": pl.String,
}


async def decisions(parts: Parts, me: Session, asked: DecisionsAsked) -> Frames:
    """Write decisions, newest first; needs the engine for the wallet's wishes."""
    yield frame([], DECISIONS)
    views = await parts.live.settled()
    joined, default = views.wallet(me.wallet_id).created_at, views.default_profile.key()
    after: tuple[int, int, int] | None = None
    while page := await list_decisions(
        parts.database,
        me.wallet_id,
        joined,
        default,
        mint=asked.token_address,
        signal=asked.signal_id,
        after=after,
        limit=PAGE,
    ):
        yield await asyncio.to_thread(frame, [_decision(line) for line in page], DECISIONS)
        after = (page[-1].at, page[-1].evaluation_id, page[-1].id)


def _decision(line: DecisionLine) -> tuple[Any, ...]:
    shared = line.id == 0 and line.strategy is not None
    return (
        line.at,
        line.evaluation_id,
        line.id if line.id and line.verdict == "taken" else None,
        line.mint,
        line.symbol,
        line.signal_id,
        line.strategy,
        "skipped" if shared else line.verdict,
        None if shared else line.reason,
        line.value,
        line.limit_value,
        line.numbers,
        line.limits,
        line.seen,
    )


async def events(parts: Parts, me: Session, asked: EventsAsked) -> Frames:
    """Write events in the order that was asked for; what an event says besides is JSON."""
    yield _events([])
    first, last = asked.within
    wanted = EventFilter(
        kinds=asked.kind,
        mint=asked.token_address,
        since=None if asked.since is None else first,
        until=None if asked.until is None else last,
        text=asked.q,
    )
    after, before = asked.after, LARGEST
    while True:
        if asked.order == "asc":
            page = await events_after(parts.database, me.wallet_id, after, PAGE, wanted=wanted)
        else:
            page = await events_before(
                parts.database, me.wallet_id, before, PAGE, after=after, wanted=wanted
            )
        if not page:
            return
        written = await facts.written(page, parts.decimals)
        yield await asyncio.to_thread(_events, written)
        if asked.order == "asc":
            after = page[-1].seq
        else:
            before = page[-1].seq


def _events(written: list[facts.Written]) -> pl.DataFrame:
    rows = [
        (one["seq"], one["at"], one["kind"], one["trade_id"], encode(one["data"]).decode())
        for one in written
    ]
    made = pl.DataFrame(rows, schema=EVENTS, orient="row")
    return made.with_columns(
        pl.col("at").str.to_datetime("%Y-%m-%dT%H:%M:%S%.3fZ", time_unit="ms", time_zone="UTC")
    )


async def marks(parts: Parts, me: Session, asked: EquityAsked) -> Frames:
    """Write marks of the wallet's worth, oldest first."""
    first, last = asked.within
    yield frame([], EQUITY)
    every = await equity.marks(parts.database, me.wallet_id, EVER, last)
    deposits = await deposits_of(parts.database, me.wallet_id)
    points = await asyncio.to_thread(equity.points, every, deposits)
    width = RESOLUTIONS[asked.resolution]
    yield await asyncio.to_thread(_marks, points, first, width)


def _marks(points: list[equity.Point], first: int, width: int) -> pl.DataFrame:
    thinned = equity.last_of_each(points, width)
    shown = [point for point in thinned if point.mark.timestamp >= first]
    rows = [
        (point.mark.timestamp, *(one[name] for name in list(EQUITY)[1:]))
        for point, one in zip(shown, equity.written(shown), strict=True)
    ]
    return frame(rows, EQUITY)


async def skipped(parts: Parts, me: Session, asked: Ranged) -> Frames:
    """Write what was not bought, newest first, and what it would have made."""
    yield frame([], SKIPPED)
    found = await skips.skipped(parts, me, asked.within, limit=SKIPS_PAGE)
    yield await asyncio.to_thread(frame, [_skip(one) for one in found.items], SKIPPED)
    while found.after is not None:
        found = await skips.skipped(parts, me, asked.within, after=found.after, limit=SKIPS_PAGE)
        yield await asyncio.to_thread(frame, [_skip(one) for one in found.items], SKIPPED)


def _skip(one: Skip) -> tuple[Any, ...]:
    seen = one.outcome
    return (
        one.place[0],
        one.mint,
        one.symbol,
        one.signal_id,
        one.source,
        one.strategy,
        one.stage,
        one.filter,
        one.value,
        one.limit,
        sol(one.spend),
        seen.status,
        seen.entry_at,
        seen.entry_price,
        seen.exit_at,
        seen.exit_reason,
        percent(seen.share),
        sol_or_none(seen.pnl),
        seconds(seen.peak_after),
        seen.note,
    )
