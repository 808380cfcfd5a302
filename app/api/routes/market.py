"""Public market data: tokens, candles, and the index that a chart shows when nothing is traded."""

from typing import Annotated, Any

from fastapi import Path, Query
from starlette.responses import Response

from app.api import charts, cursors
from app.api.bars import Asked, bars_of
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
from app.api.errors import not_found
from app.api.nouns import Noun
from app.api.shapes.market import MarketCandlesOut, MarketTokenOut, Timeframe
from app.api.wire import LARGEST_PAGE, PageOut, encoded, iso, iso_or_none
from app.engine.views import Views
from app.store.tokens import all_tokens, find_mint
from app.trading.ledger import TokenRow

PUBLIC = True
router = Noun()


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


@router.get("/candles/{token}", response_model=MarketCandlesOut)
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

    Other timeframes are joined from the platform's own, and go on with what is stored of them
    before that. A page may hold fewer than `limit`; go on with `to` until one is empty. The market
    index, which nobody trades, is shown as far as memory reaches.
    """
    row = await find_mint(parts.database, token)
    if row is None and token != parts.live.feed.index:
        raise not_found()
    asked = Asked(timeframe or parts.settings.timeframe, *span(since, until), limit)
    return await _candles(parts, token, row, asked)


@router.get("/index", response_model=MarketCandlesOut)
async def get_market_index(parts: Platform, timeframe: Timeframe | None = None) -> Response:
    """Show the market index: what a chart shows when nothing is traded."""
    index = parts.live.feed.index
    row = await find_mint(parts.database, index)
    return await _candles(parts, index, row, Asked(timeframe or parts.settings.timeframe))


async def _candles(parts: Parts, mint: str, row: TokenRow | None, asked: Asked) -> Response:
    candles, newest = await bars_of(parts, mint, None if row is None else row.id, asked)
    shown, volumes = charts.series(candles)
    told = None if newest is None else {"time": newest.time // 1000, "volume": newest.volume}
    return encoded(
        {
            "token": charts.token(mint, None if row is None else row.symbol),
            "timeframe": asked.timeframe,
            "timeframes": charts.offered(parts.settings.timeframe),
            "newest": told if asked.open else None,
            "candles": shown,
            "volumes": volumes,
        }
    )
