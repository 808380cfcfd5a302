"""Open positions, and selling them by hand."""

from typing import Annotated

from fastapi import Path
from starlette.requests import Request
from starlette.responses import Response

from app.api import tradelines
from app.api.deps import Own, Parts, Platform
from app.api.errors import refusal
from app.api.nouns import Noun
from app.api.once import Key, digest_of, once
from app.api.sessions import Session
from app.api.shapes.trades import ClosedOut, CloseIn, PositionsOut
from app.api.wire import encode, encoded
from app.store.trades import fills_of
from app.trading.exits import MANUAL
from app.trading.inputs import ClosePosition, Refused

router = Noun()
TokenPath = Annotated[str, Path(max_length=64, description="The token's address.")]


@router.get("/{wallet}", response_model=PositionsOut)
async def list_positions(parts: Platform, me: Own) -> Response:
    """List open positions.

    Each has its mark price and how old it is, unrealised profit, the stop and the next tier.
    """
    views = await parts.live.settled()
    now = parts.clock.now()
    shown = [tradelines.position(view, now) for view in views.positions(me.wallet_id)]
    return encoded({"items": shown})


@router.post("/{wallet}/{token}/close", response_model=ClosedOut)
async def close_position(
    request: Request,
    parts: Platform,
    me: Own,
    *,
    token: TokenPath,
    body: CloseIn | None = None,
    idempotency_key: Key = None,
) -> Response:
    """Sell a portion of what is held of a token, at the last known price."""
    wish = body or CloseIn()

    async def sell() -> bytes:
        return await _sell(parts, me, token, wish)

    digest = digest_of(request, wish.model_dump_json())
    return await once(parts, me.wallet_id, idempotency_key, digest, sell)


async def _sell(parts: Parts, me: Session, mint: str, wish: CloseIn) -> bytes:
    answer = await parts.live.submit(
        ClosePosition(
            at=parts.clock.now(),
            wallet=me.wallet_id,
            mint=mint,
            portion=wish.portion,
            strategy=wish.strategy,
        )
    )
    if isinstance(answer, Refused):
        raise refusal(answer)
    known = (await parts.live.settled()).token(mint)
    places = known.decimals if known else 0
    sold = []
    for trade in answer if isinstance(answer, list) else []:
        fills = [row for row in await fills_of(parts.database, trade) if row.reason == MANUAL]
        sold.append({"trade_id": trade, "fill": tradelines.fill(fills[-1], places)})
    symbol = known.symbol if known else None
    return encode(
        {"token": {"address": mint, "symbol": symbol}, "portion": wish.portion, "sold": sold}
    )
