"""Figures of a wallet's trades and equity; definitions stand in METRICS."""

import asyncio

from app.api import equity, figures
from app.api.deps import From, Own, Parts, Platform, To, span, views_if_any
from app.api.nouns import Noun
from app.api.sessions import Session
from app.api.shapes.analytics import CalendarOut, GroupsOut, OverallOut, TokenGroupsOut
from app.store.trades import TradeFilter, TradeLine, closed_trades, list_trades, sort_value
from app.store.types import LARGEST
from app.trading.ledger import SnapshotRow
from app.trading.statistics import Statistics, group, summarise

router = Noun()
SEED = 1
PAGE = 500
Range = tuple[int, int]


async def closed(parts: Parts, me: Session, within: Range) -> list[TradeLine]:
    """Load the trades that ended in a range."""
    since, until = within
    found: list[TradeLine] = []
    async for page in closed_trades(parts.database, me.wallet_id, since=max(since, 0), until=until):
        found += page
    return found


async def opened(parts: Parts, me: Session, within: Range) -> list[TradeLine]:
    """Load the trades that are open and were entered in a range."""
    since, until = within
    wanted = TradeFilter(status="active", since=since, until=until)
    found: list[TradeLine] = []
    while True:
        last = found[-1] if found else None
        after = None if last is None else (sort_value(last, wanted.sort), last.id)
        page = await list_trades(parts.database, me.wallet_id, wanted, after=after, limit=PAGE)
        found += page
        if len(page) < PAGE:
            return found


@router.get("/overall/{wallet}", response_model=OverallOut)
async def get_overall_analytics(
    parts: Platform, me: Own, since: From = None, until: To = None
) -> dict[str, object]:
    """Show every figure of a wallet: trades that ended in the range, and equity over it."""
    within = span(since, until)
    lines = await closed(parts, me, within) + await opened(parts, me, within)
    rows = await equity.marks(parts.database, me.wallet_id, *within)
    rows += await _mark_now(parts, me, rows, within[1])
    found = await asyncio.to_thread(_summarise, lines, rows)
    return figures.overall(found)


def _summarise(lines: list[TradeLine], rows: list[SnapshotRow]) -> Statistics:
    return summarise(figures.frame(lines), equity.columns(rows), SEED)


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
    within = span(since, until)
    lines = await closed(parts, me, within) + await opened(parts, me, within)
    symbols = {line.mint: line.symbol for line in lines}
    found = figures.groups(await asyncio.to_thread(group, figures.frame(lines), "token"))
    items = [{**one, "symbol": symbols[str(one["key"])]} for one in found]
    return {"items": sorted(items, key=lambda one: (str(one["symbol"]), str(one["key"])))}


async def _grouped(parts: Parts, me: Session, within: Range, by: str) -> dict[str, object]:
    lines = await closed(parts, me, within) + await opened(parts, me, within)
    found = await asyncio.to_thread(group, figures.frame(lines), by)
    return {"items": figures.groups(found)}


@router.get("/per-source/{wallet}", response_model=GroupsOut)
async def get_analytics_per_source(
    parts: Platform, me: Own, since: From = None, until: To = None
) -> dict[str, object]:
    """Show the figures of each source: trades on signals, and on symbols that settings name."""
    return await _grouped(parts, me, span(since, until), "source")


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


@router.get("/calendar/{wallet}", response_model=CalendarOut)
async def get_analytics_calendar(
    parts: Platform, me: Own, since: From = None, until: To = None
) -> dict[str, object]:
    """Show profit by day, by hour of the day and by day of the week, in UTC."""
    trades = figures.frame(await closed(parts, me, span(since, until)))
    return {
        "days": figures.days(await asyncio.to_thread(group, trades, "day")),
        "hours": figures.groups(await asyncio.to_thread(group, trades, "hour")),
        "weekdays": figures.groups(await asyncio.to_thread(group, trades, "weekday")),
    }
