"""Public market data: tokens, candles, and the index that a chart shows when nothing is traded."""

from typing import Annotated, Any, Literal

from fastapi import Path, Query
from starlette.responses import Response

from app.api import charts, cursors
from app.api.deps import (
    DEFAULT_PAGE,
    Cursor,
    From,
    Limit,
    Parts,
    Platform,
    To,
    span,
    views_if_any,
)
from app.api.errors import invalid, not_found
from app.api.nouns import Noun
from app.api.shapes.market import CandlesOut, MarketTokenOut
from app.api.wire import LARGEST_PAGE, PageOut, encoded, iso, iso_or_none
from app.engine.views import Views
from app.store.candles import newest_candles
from app.store.tokens import all_tokens, find_mint
from app.trading.ledger import TokenRow
from app.trading.market import TIMEFRAMES, Candle

PUBLIC = True
router = Noun()
MOST_READ = 50_000
Timeframe = Literal["1s", "1m", "5m", "15m", "1h", "4h", "1d"]


class MarketTokensOut(PageOut[MarketTokenOut]):
    """Tokens, those whose prices come in first."""


@router.get("/tokens", response_model=MarketTokensOut)
async def list_market_tokens(
    parts: Platform, limit: Limit = DEFAULT_PAGE, cursor: Cursor = None
) -> Response:
    """List the tokens that the platform knows, those whose prices come in first."""
    skip = (cursors.read(cursor, tuple[int]) or (0,))[0]
    if skip < 0:
        raise cursors.refused()
    rows = await all_tokens(parts.database)
    views = await views_if_any(parts)
    live = {token.mint for token in views.live_tokens()} if views else set()
    rows.sort(key=lambda row: (row.mint not in live, -row.first_seen, row.id))
    shown = [_token(row, views, live=row.mint in live) for row in rows[skip : skip + limit]]
    more = cursors.write((skip + limit,)) if skip + limit < len(rows) else None
    return encoded({"items": shown, "next_cursor": more})


def _token(row: TokenRow, views: Views | None, *, live: bool) -> dict[str, Any]:
    known = views.token(row.mint) if views else None
    mark = views.price(known.id) if views and known else None
    return {
        "address": row.mint,
        "symbol": row.symbol,
        "decimals": row.decimals,
        "first_seen": iso(row.first_seen),
        "live": live,
        "price": mark[0] if mark else None,
        "price_at": iso_or_none(mark[1] if mark else None),
    }


@router.get("/candles/{token}", response_model=CandlesOut)
async def get_candles(
    parts: Platform,
    *,
    token: Annotated[str, Path(max_length=64, description="The token's address.")],
    timeframe: Timeframe | None = None,
    since: From = None,
    until: To = None,
    limit: Annotated[int, Query(ge=1, le=10 * LARGEST_PAGE, description="The newest so many.")] = (
        LARGEST_PAGE
    ),
) -> Response:
    """Show a token's candles, oldest first; the platform's own timeframe unless another is asked.

    A coarser timeframe is joined from the platform's own when it is not stored itself. The market
    index, which nobody trades, is shown as `/api/market/index` shows it.
    """
    row = await find_mint(parts.database, token)
    if row is None and token == parts.live.feed.index:
        return await get_market_index(parts)
    if row is None:
        raise not_found()
    within = span(since, until)
    chosen = timeframe or parts.settings.timeframe
    candles = await _candles(parts, row.id, chosen, within=within, limit=limit)
    if until is None and candles:
        candles = _with_newest(parts, token, candles, chosen)[-limit:]
    shown, volumes = charts.series(candles)
    return encoded(
        {
            "token": charts.token(token, row.symbol),
            "timeframe": chosen,
            "candles": shown,
            "volumes": volumes,
        }
    )


async def _candles(
    parts: Parts, token: int, timeframe: str, *, within: tuple[int, int], limit: int
) -> list[Candle]:
    since, until = within
    own = parts.settings.timeframe
    stored = await newest_candles(
        parts.database, token, timeframe, since=since, until=until, limit=limit
    )
    width, finer = TIMEFRAMES[timeframe], TIMEFRAMES[own]
    if stored or timeframe == own:
        return stored
    if width < finer:
        raise invalid("/timeframe", f"candles here are {own} long", "query")
    many = min(limit * (width // finer), MOST_READ)
    fine = await newest_candles(parts.database, token, own, since=since, until=until, limit=many)
    return charts.coarser(fine, width)


def _with_newest(parts: Parts, mint: str, candles: list[Candle], timeframe: str) -> list[Candle]:
    """Add what is newer than the record: the candle that is still forming."""
    feed = parts.live.feed.of(mint)
    forming = feed.forming if feed else None
    if feed is None or forming is None or forming.time < candles[-1].time:
        return candles
    if feed.candles and feed.candles[-1].time >= forming.time:
        return candles
    return charts.coarser([*candles, forming], TIMEFRAMES[timeframe])


@router.get("/index", response_model=CandlesOut)
async def get_market_index(parts: Platform) -> Response:
    """Show the market index: what a chart shows when nothing is traded."""
    feed = parts.live.feed
    recent = feed.of(feed.index)
    candles = list(recent.candles) if recent else []
    if recent and recent.forming and (not candles or recent.forming.time > candles[-1].time):
        candles.append(recent.forming)
    row = await find_mint(parts.database, feed.index)
    shown, volumes = charts.series(candles)
    return encoded(
        {
            "token": charts.token(feed.index, row.symbol if row else None),
            "timeframe": parts.settings.timeframe,
            "candles": shown,
            "volumes": volumes,
        }
    )
