"""Open positions: selling them by hand, and changing the exit plan of one."""

from typing import Annotated

from fastapi import Body, Path
from starlette.requests import Request
from starlette.responses import Response

from app.api import tradelines
from app.api.deps import Own, Parts, Platform
from app.api.errors import refusal
from app.api.nouns import Noun
from app.api.once import Key, digest_of, once
from app.api.preview import replanned
from app.api.sessions import Session
from app.api.shapes.trades import (
    ClosedOut,
    CloseIn,
    PlanIn,
    PlanPreviewOut,
    PositionOut,
    PositionsOut,
)
from app.api.wire import encode, encoded
from app.engine.views import PositionView
from app.store.trades import fills_of
from app.trading.exits import MANUAL, WRITTEN_OFF
from app.trading.inputs import ChangePlan, ClosePosition, Refused
from app.trading.moving import refusal_of

router = Noun()
TokenPath = Annotated[str, Path(max_length=64, description="The token's address.")]
TradePath = Annotated[int, Path(ge=1, le=2**53, description="The open trade's number.")]
EXAMPLE = {"exit": {"stop_loss": 0.08, "take_profit": [[0.4, 0.5]], "trailing_stop": 0.15}}
PlanBody = Annotated[PlanIn, Body(examples=[EXAMPLE])]
BY_HAND = (MANUAL, WRITTEN_OFF)
NOT_OPEN = Refused(slug="no-position", detail="this wallet has no such open trade")


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
    """Sell a portion of what is held of a token, at the last known price.

    Of a token without any price all can be written off, for nothing.
    """
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
        fills = [row for row in await fills_of(parts.database, trade) if row.reason in BY_HAND]
        sold.append({"trade_id": trade, "fill": tradelines.fill(fills[-1], places)})
    symbol = known.symbol if known else None
    return encode(
        {"token": {"address": mint, "symbol": symbol}, "portion": wish.portion, "sold": sold}
    )


@router.put("/{wallet}/{trade_id}/plan", response_model=PositionOut)
async def change_plan(
    request: Request,
    parts: Platform,
    me: Own,
    *,
    trade_id: TradePath,
    body: PlanBody,
    idempotency_key: Key = None,
) -> Response:
    """Let an open trade go on by another exit plan.

    Its stop becomes what the plan says by its entry, highest price and targets taken; it may fall.
    Nothing is sold by that: the next price is judged by the new plan. The longest holding time and
    the targets that were taken must stay.
    """

    async def change() -> bytes:
        return await _change(parts, me, trade_id, body)

    digest = digest_of(request, body.model_dump_json())
    return await once(parts, me.wallet_id, idempotency_key, digest, change)


@router.post("/{wallet}/{trade_id}/plan/preview", response_model=PlanPreviewOut)
async def preview_plan(
    parts: Platform, me: Own, trade_id: TradePath, body: PlanBody
) -> dict[str, object]:
    """Show how an open trade would stand under another exit plan; nothing is changed."""
    view = await _open(parts, me, trade_id)
    refused = refusal_of(view.plan, body.exit, sum(one.taken for one in view.tiers))
    if refused is not None:
        raise refusal(refused)
    return replanned(view, body.exit)


async def _change(parts: Parts, me: Session, trade: int, body: PlanIn) -> bytes:
    now = parts.clock.now()
    answer = await parts.live.submit(
        ChangePlan(at=now, wallet=me.wallet_id, trade=trade, plan=body.exit)
    )
    if isinstance(answer, Refused):
        raise refusal(answer)
    return encode(tradelines.position(await _open(parts, me, trade), now))


async def _open(parts: Parts, me: Session, trade: int) -> PositionView:
    """Find an open trade. Raises a 404 problem without it."""
    views = await parts.live.settled()
    found = [view for view in views.positions(me.wallet_id) if view.trade == trade]
    if not found:
        raise refusal(NOT_OPEN)
    return found[0]
