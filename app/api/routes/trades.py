"""Trades: the list, and one with its fills, its exit state and its why."""

from typing import Annotated

from msgspec import json
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.api import cursors, tradelines, whatifs, why
from app.api.bodies import PlansJson
from app.api.deps import (
    AT_MOST,
    DEFAULT_PAGE,
    GO_ON,
    Own,
    Parts,
    Platform,
    RowId,
    WalletPath,
    session_of,
    views_if_any,
)
from app.api.deps import (
    parts as parts_of,
)
from app.api.errors import not_found
from app.api.nouns import Noun, described, query
from app.api.sessions import Session
from app.api.shapes.trades import TradeDetailOut, TradeOut
from app.api.shapes.what_if import WhatIfIn, WhatIfOut
from app.api.tradequeries import TradesWanted
from app.api.wire import LARGEST_PAGE, PageOut, encoded, page
from app.store.decisions import find_decision
from app.store.exit_states import find_exit_state
from app.store.plan_changes import plan_changes_of
from app.store.replays import find_replay
from app.store.signals import find_signal
from app.store.trade_lists import count_trades, list_marks
from app.store.trades import TradeLine, fills_of, find_trade
from app.store.types import LARGEST

router = Noun(route_class=PlansJson)


class TradesOut(PageOut[TradeOut]):
    """Trades of a wallet."""

    total: Annotated[
        int | None, Field(description="In all pages, where it was asked for.", examples=[42])
    ]


class TradesQuery(TradesWanted):
    """Which trades, in which order, and which part of them."""

    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE, description=AT_MOST)] = DEFAULT_PAGE
    cursor: Annotated[str | None, Field(max_length=512, description=GO_ON)] = None
    skip: Annotated[
        int,
        Field(ge=0, le=LARGEST, description="Leave out so many before the first that is shown."),
    ] = 0
    total: Annotated[
        bool, Field(description="Say too how many trades there are in all pages together.")
    ] = False


@router.get("/{wallet}", response_model=TradesOut, openapi_extra=described(TradesQuery))
async def list_wallet_trades(request: Request, wallet: WalletPath) -> Response:
    """List trades; `from` and `to` bound their entry, or with `times` their exit.

    A list goes on with `cursor`, which stays right while trades come and go, or at any place with
    `skip`, for those who jump.
    """
    del wallet
    asked, me = query(TradesQuery, request), session_of(request)
    after = cursors.read(asked.cursor, tuple[int | float, int])
    if after is not None and asked.sort != "pnl_percent" and not isinstance(after[0], int):
        raise cursors.refused()
    parts, wanted = parts_of(request), asked.wanted()
    total = await count_trades(parts.database, me.wallet_id, wanted) if asked.total else None
    found = await list_marks(
        parts.database, me.wallet_id, wanted, after=after, skip=asked.skip, limit=asked.limit
    )
    last = found[-1] if len(found) == asked.limit else None
    place = None if last is None else cursors.write((last.place, last.id))
    texts = await parts.trade_texts.of(parts.database, found, asked.sort)
    return page(texts, place, total=total)


@router.get("/{wallet}/{trade_id}", response_model=TradeDetailOut)
async def get_trade(parts: Platform, me: Own, trade_id: RowId) -> Response:
    """Show one trade with its fills, its exit state and why it was opened."""
    line = await find_trade(parts.database, me.wallet_id, trade_id)
    if line is None:
        raise not_found()
    fills = await fills_of(parts.database, trade_id)
    return encoded(
        {
            **tradelines.trade(line),
            "exit_plan": json.decode(line.exit_plan),
            "plan_changes": [
                tradelines.plan_change(row)
                for row in await plan_changes_of(parts.database, line.id)
            ],
            "exit_state": await _exit_state(parts, me, line),
            "fills": [tradelines.fill(row, line.decimals) for row in fills],
            "why": await _why(parts, me, line, fills[0].sol if fills else None),
            "replay": await _replay(parts, line),
        }
    )


@router.post("/{wallet}/{trade_id}/what-if", response_model=WhatIfOut)
async def lead_trade(parts: Platform, me: Own, trade_id: RowId, body: WhatIfIn) -> Response:
    """Show what other exit plans would have made of a trade.

    The prices are those that the platform saw from its entry on. With the trade's own plan the
    sales are the recorded ones, bit for bit, changes of the plan included; under any other what
    was sold by hand is left out.
    """
    return await whatifs.of_trade(parts, me.wallet_id, trade_id, body)


async def _exit_state(parts: Parts, me: Session, line: TradeLine) -> dict[str, object] | None:
    """Show the machine as it stands now, where an engine runs here, else as it was written."""
    if line.status == "active":
        views = await views_if_any(parts)
        held = views.positions(me.wallet_id) if views is not None else []
        for view in held:
            if view.trade == line.id:
                return tradelines.exit_state(view)
    kept = await find_exit_state(parts.database, me.wallet_id, line.id)
    return None if kept is None else tradelines.exit_state_kept(line, kept)


async def _replay(parts: Parts, line: TradeLine) -> dict[str, object]:
    """Show what came of running the trade again."""
    if line.status == "active":
        return tradelines.replay(None, "it is open")
    kept = await find_replay(parts.database, line.id)
    return tradelines.replay(kept, "it was not looked at yet" if kept is None else kept.reason)


async def _why(
    parts: Parts, me: Session, line: TradeLine, spent: int | None
) -> list[dict[str, object]]:
    decision = await find_decision(parts.database, me.wallet_id, line.id)
    if decision is None:
        return []
    number = decision.signal_id
    signal = None if number is None else await find_signal(parts.database, number)
    return why.chain(decision, signal, why.thresholds(parts.settings), spent)
