"""A wallet's strategies as lines on a token's chart."""

from typing import Annotated

from fastapi import Path, Query
from starlette.responses import Response

from app.api import charts, lines
from app.api.bars import Asked
from app.api.deps import From, Own, Platform, To, span
from app.api.errors import not_found
from app.api.nouns import Noun
from app.api.shapes.market import LinesOut, Timeframe
from app.api.wire import LARGEST_PAGE, encoded
from app.store.tokens import find_mint
from app.store.trades import find_trade
from app.store.types import LARGEST
from app.trading.ids import TokenId
from app.trading.market import Token

router = Noun()


@router.get("/{wallet}/{token}", response_model=LinesOut)
async def get_lines(
    parts: Platform,
    me: Own,
    *,
    token: Annotated[str, Path(max_length=64, description="The token's address.")],
    trade: Annotated[
        int | None,
        Query(
            ge=1,
            le=LARGEST,
            description="Only the strategy that opened this trade, with its parameters of then; "
            "without it all that the wallet wishes for the token now.",
        ),
    ] = None,
    timeframe: Timeframe | None = None,
    since: From = None,
    until: To = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="The newest so many.")] = (
        LARGEST_PAGE
    ),
) -> Response:
    """Show what a wallet's strategies see of a token, as lines over its candles.

    Strategies see closed candles of the platform's own timeframe. In wider ones a point is the
    value that was true when the candle closed.
    """
    row = await find_mint(parts.database, token)
    opened = None if trade is None else await find_trade(parts.database, me.wallet_id, trade)
    if row is None or (trade is not None and (opened is None or opened.token_id != row.id)):
        raise not_found()
    known = Token(TokenId(row.id), row.mint, row.symbol, row.decimals)
    drawn = await (
        lines.wished(parts, me.wallet_id, known)
        if opened is None
        else lines.of_trade(parts, me.wallet_id, known, opened)
    )
    asked = Asked(timeframe or parts.settings.timeframe, *span(since, until), limit)
    return encoded(
        {
            "token": charts.token(row.mint, row.symbol),
            "timeframe": asked.timeframe,
            "lines": await lines.lines_of(parts, known, drawn, asked),
        }
    )
