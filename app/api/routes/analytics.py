"""Figures of a wallet's trades and equity; `definitions` says what each one means."""

import asyncio
from typing import Annotated, Any

import polars as pl
from fastapi import Query
from pydantic import AfterValidator

from app.api import boards, cursors, equity, figures, skips, zones
from app.api.deps import (
    DEFAULT_PAGE,
    Cursor,
    From,
    Limit,
    Own,
    Parts,
    Platform,
    To,
    span,
    views_if_any,
)
from app.api.nouns import Noun
from app.api.sessions import Session
from app.api.shapes.analytics import (
    CalendarOut,
    DefinitionsOut,
    ExcursionOut,
    GroupsOut,
    OverallOut,
    TokenGroupsOut,
)
from app.api.shapes.scorecards import SourceGroupsOut
from app.api.shapes.skipped import SkipOut, SkippedSummaryOut
from app.api.sourcelines import wallet_board
from app.api.tradeframes import Range, excursions_of, trades_of
from app.api.wire import PageOut, iso, percent
from app.research.excursions import Excursion
from app.research.savings import savings
from app.research.sources import MOST
from app.store.deposits import deposits_of
from app.store.outcomes import Outcome, newest_outcomes
from app.store.types import LARGEST
from app.trading.deposits import DepositRow
from app.trading.glossary import EVERY
from app.trading.ledger import SnapshotRow
from app.trading.scorecards import scorecards
from app.trading.statistics import Group, Statistics, group, summarise

router = Noun()
SEED = 1
UNSEEN = "no prices are recorded from while it was open"


Zone = Annotated[
    str,
    AfterValidator(zones.known),
    Query(max_length=zones.LONGEST, description=zones.ABOUT, examples=["Europe/Berlin"]),
]


class SkippedOut(PageOut[SkipOut]):
    """Signals that were not bought, newest first."""


class ExcursionsOut(PageOut[ExcursionOut]):
    """Closed trades, the newest exit first."""


@router.get("/definitions", response_model=DefinitionsOut)
async def get_definitions() -> dict[str, object]:
    """Say what every figure means, in which unit, and how it is computed."""
    return {"items": [figures.definition(one) for one in EVERY]}


@router.get("/overall/{wallet}", response_model=OverallOut)
async def get_overall_analytics(
    parts: Platform, me: Own, since: From = None, until: To = None
) -> dict[str, object]:
    """Show every figure of a wallet: trades that ended in the range, and equity over it."""
    within = span(since, until)
    trades = await trades_of(parts, me, within)
    rows = await equity.marks(parts.database, me.wallet_id, *within)
    rows += await _mark_now(parts, me, rows, within[1])
    deposits = await deposits_of(parts.database, me.wallet_id)
    return figures.overall(await asyncio.to_thread(_summarise, trades, rows, deposits))


def _summarise(
    trades: pl.DataFrame, rows: list[SnapshotRow], deposits: list[DepositRow]
) -> Statistics:
    return summarise(trades, equity.columns(rows, deposits), SEED)


async def _mark_now(
    parts: Parts, me: Session, rows: list[SnapshotRow], until: int
) -> list[SnapshotRow]:
    """Mark what the wallet is worth this moment, when the range reaches it."""
    now = parts.clock.now()
    if until < LARGEST and until <= now:
        return []
    views = await views_if_any(parts)
    if views is None or (rows and rows[-1].timestamp >= now):
        return []
    view = views.wallet(me.wallet_id)
    mark = SnapshotRow(
        me.wallet_id, "now", now, view.sol_balance, view.total_value, view.overall_pnl
    )
    return [mark]


@router.get("/per-token/{wallet}", response_model=TokenGroupsOut)
async def get_analytics_per_token(
    parts: Platform, me: Own, since: From = None, until: To = None
) -> dict[str, object]:
    """Show the figures of each token."""
    trades = await trades_of(parts, me, span(since, until))
    symbols = dict(trades.select("token", "symbol").unique().iter_rows())
    found = figures.groups(await asyncio.to_thread(group, trades, "token"))
    items = [{**one, "symbol": symbols[str(one["key"])]} for one in found]
    return {"items": sorted(items, key=lambda one: (str(one["symbol"]), str(one["key"])))}


async def _grouped(
    parts: Parts, me: Session, within: Range, by: str, zone: str = zones.UTC
) -> dict[str, object]:
    trades = await trades_of(parts, me, within)
    return {"items": figures.groups(await asyncio.to_thread(group, trades, by, zone))}


@router.get("/per-source/{wallet}", response_model=SourceGroupsOut)
async def get_analytics_per_source(
    parts: Platform, me: Own, since: From = None, until: To = None
) -> dict[str, object]:
    """Show the figures of each source of trades, and how good each source of signals is.

    `items` tell trades on signals from those on symbols that settings name. `scorecards` show for
    the signals of the range how far each source got with this wallet, and what it came to.
    """
    within = span(since, until)
    signals = await wallet_board(parts, me, within)
    cards = await asyncio.to_thread(scorecards, signals)
    return {
        **await _grouped(parts, me, within, "source"),
        "scorecards": [boards.written(card) for card in cards],
        "complete": len(signals) < MOST,
    }


@router.get("/per-strategy/{wallet}", response_model=GroupsOut)
async def get_analytics_per_strategy(
    parts: Platform, me: Own, since: From = None, until: To = None
) -> dict[str, object]:
    """Show the figures of each strategy."""
    return await _grouped(parts, me, span(since, until), "strategy")


@router.get("/per-exit-reason/{wallet}", response_model=GroupsOut)
async def get_analytics_per_exit_reason(
    parts: Platform, me: Own, since: From = None, until: To = None
) -> dict[str, object]:
    """Show the figures of each reason to leave."""
    return await _grouped(parts, me, span(since, until), "exit_reason")


@router.get("/per-hour/{wallet}", response_model=GroupsOut)
async def get_analytics_per_hour(
    parts: Platform, me: Own, *, since: From = None, until: To = None, zone: Zone = zones.UTC
) -> dict[str, object]:
    """Show the figures of each hour of the day, 0 to 23, in which trades ended."""
    return await _grouped(parts, me, span(since, until), "hour", zone)


@router.get("/per-weekday/{wallet}", response_model=GroupsOut)
async def get_analytics_per_weekday(
    parts: Platform, me: Own, *, since: From = None, until: To = None, zone: Zone = zones.UTC
) -> dict[str, object]:
    """Show the figures of each day of the week, 1 (Monday) to 7, on which trades ended."""
    return await _grouped(parts, me, span(since, until), "weekday", zone)


@router.get("/per-day/{wallet}", response_model=GroupsOut)
async def get_analytics_per_day(
    parts: Platform, me: Own, *, since: From = None, until: To = None, zone: Zone = zones.UTC
) -> dict[str, object]:
    """Show the figures of each calendar day on which trades ended."""
    return await _grouped(parts, me, span(since, until), "day", zone)


@router.get("/calendar/{wallet}", response_model=CalendarOut)
async def get_analytics_calendar(
    parts: Platform, me: Own, *, since: From = None, until: To = None, zone: Zone = zones.UTC
) -> dict[str, object]:
    """Show profit by day, by hour of the day and by day of the week, in UTC or another zone."""
    trades = await trades_of(parts, me, span(since, until), opened=False)

    def by(what: str) -> list[Group]:
        return group(trades, what, zone)

    return {
        "days": figures.days(await asyncio.to_thread(by, "day")),
        "hours": figures.groups(await asyncio.to_thread(by, "hour")),
        "weekdays": figures.groups(await asyncio.to_thread(by, "weekday")),
    }


@router.get("/skipped/{wallet}", response_model=SkippedOut)
async def get_analytics_skipped(
    parts: Platform,
    me: Own,
    *,
    since: From = None,
    until: To = None,
    limit: Limit = DEFAULT_PAGE,
    cursor: Cursor = None,
) -> dict[str, object]:
    """List signals that were not bought, newest first, with what each would have made.

    A page looks at `limit` decisions and leaves out those that skipped nothing, so it may be
    shorter and still go on.
    """
    after = cursors.read(cursor, tuple[int, int, int])
    found = await skips.skipped(parts, me, span(since, until), after=after, limit=limit)
    return {
        "items": [skips.written(one) for one in found.items],
        "next_cursor": None if found.after is None else cursors.write(found.after),
    }


@router.get("/skipped/{wallet}/summary", response_model=SkippedSummaryOut)
async def get_analytics_skipped_summary(
    parts: Platform, me: Own, since: From = None, until: To = None
) -> dict[str, object]:
    """Show what each filter saved or cost: the trades that it prevented, as if they were made.

    Counts the newest 5,000 decisions of the range.
    """
    found = await skips.skipped(parts, me, span(since, until))
    added = await asyncio.to_thread(savings, found.items)
    total, *filters = [skips.saved(one) for one in added]
    return {"total": total, "filters": filters, "complete": found.after is None}


@router.get("/excursions/{wallet}", response_model=ExcursionsOut)
async def get_analytics_excursions(
    parts: Platform,
    me: Own,
    *,
    since: From = None,
    until: To = None,
    limit: Limit = DEFAULT_PAGE,
    cursor: Cursor = None,
) -> dict[str, object]:
    """List closed trades with their best and worst unrealised return and the time to the peak.

    Newest exit first; measured on the prices that the platform saw.
    """
    first, last = span(since, until)
    after = cursors.read(cursor, tuple[int, int])
    rows = await newest_outcomes(
        parts.database, me.wallet_id, since=first, until=last, after=after, limit=limit
    )
    found = await excursions_of(parts, rows)
    end = rows[-1] if len(rows) == limit else None
    return {
        "items": [_excursion(one, found.get(one.id)) for one in rows],
        "next_cursor": None if end is None else cursors.write((end.exit_time, end.id)),
    }


def _excursion(trade: Outcome, seen: Excursion | None) -> dict[str, Any]:
    return {
        "trade_id": trade.id,
        "token": {"address": trade.mint, "symbol": trade.symbol},
        "strategy": trade.strategy,
        "entry_time": iso(trade.entry_time),
        "exit_time": iso(trade.exit_time or trade.entry_time),
        "exit_reason": trade.exit_reason,
        "pnl_percent": trade.pnl_percent,
        "mfe_percent": None if seen is None else percent(seen.mfe),
        "mae_percent": None if seen is None else percent(seen.mae),
        "time_to_peak_seconds": None if seen is None else seen.time_to_peak / 1000,
        "prices": 0 if seen is None else seen.prices,
        "note": UNSEEN if seen is None else None,
    }
