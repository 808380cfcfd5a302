"""Trades: the list, and one with its fills, its exit state and its why."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from msgspec import json
from starlette.responses import Response

from app.api import cursors, tradelines, why
from app.api.deps import (
    DEFAULT_PAGE,
    Cursor,
    From,
    Limit,
    Own,
    Parts,
    Platform,
    RowId,
    To,
    to_ms,
    views_if_any,
)
from app.api.errors import not_found
from app.api.sessions import Session
from app.api.shapes.trades import TradeDetailOut, TradeOut, TradeStatus
from app.api.wire import PageOut, encoded
from app.store.decisions import find_decision
from app.store.exit_states import find_exit_state
from app.store.signals import find_signal
from app.store.trades import (
    TradeFilter,
    TradeLine,
    TradeSort,
    fills_of,
    find_trade,
    list_trades,
    sort_value,
)

router = APIRouter()
Name = Annotated[str | None, Query(max_length=64)]


class TradesOut(PageOut[TradeOut]):
    """Trades of a wallet."""


@router.get("/{wallet}", response_model=TradesOut)
async def list_wallet_trades(
    parts: Platform,
    me: Own,
    *,
    status: TradeStatus | None = None,
    token_address: Name = None,
    strategy: Name = None,
    since: From = None,
    until: To = None,
    sort: TradeSort = "entry_time",
    order: Literal["asc", "desc"] = "desc",
    limit: Limit = DEFAULT_PAGE,
    cursor: Cursor = None,
) -> Response:
    """List trades; `from` and `to` bound their entry."""
    wanted = TradeFilter(
        status=status,
        mint=token_address,
        strategy=strategy,
        since=None if since is None else to_ms(since),
        until=None if until is None else to_ms(until),
        sort=sort,
        descending=order == "desc",
    )
    after = cursors.read(cursor, tuple[int | float, int])
    if after is not None and sort != "pnl_percent" and not isinstance(after[0], int):
        raise cursors.refused()
    found = await list_trades(parts.database, me.wallet_id, wanted, after=after, limit=limit)
    last = found[-1] if len(found) == limit else None
    place = None if last is None else cursors.write((sort_value(last, sort), last.id))
    return encoded({"items": list(map(tradelines.trade, found)), "next_cursor": place})


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
            "exit_state": await _exit_state(parts, me, line),
            "fills": [tradelines.fill(row, line.decimals) for row in fills],
            "why": await _why(parts, me, line, fills[0].sol if fills else None),
        }
    )


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


async def _why(
    parts: Parts, me: Session, line: TradeLine, spent: int | None
) -> list[dict[str, object]]:
    decision = await find_decision(parts.database, me.wallet_id, line.id)
    if decision is None:
        return []
    number = decision.signal_id
    signal = None if number is None else await find_signal(parts.database, number)
    return why.chain(decision, signal, why.thresholds(parts.settings), spent)
