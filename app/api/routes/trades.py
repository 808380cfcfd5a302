"""Trades: the list, and one with its fills, its exit state and its why."""

from typing import Annotated, Literal

from msgspec import json
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from app.api import cursors, tradelines, whatifs, why
from app.api.bodies import PlansJson
from app.api.deps import (
    AT_MOST,
    DEFAULT_PAGE,
    EXCLUSIVE,
    GO_ON,
    INCLUSIVE,
    Own,
    Parts,
    Platform,
    RowId,
    WalletPath,
    session_of,
    to_ms,
    views_if_any,
)
from app.api.deps import (
    parts as parts_of,
)
from app.api.errors import not_found
from app.api.nouns import Noun, described, query
from app.api.sessions import Session
from app.api.shapes.trades import TradeDetailOut, TradeOut, TradeStatus
from app.api.shapes.what_if import WhatIfIn, WhatIfOut
from app.api.wire import LARGEST_PAGE, PageOut, encoded, page
from app.store.decisions import find_decision
from app.store.exit_states import find_exit_state
from app.store.replays import find_replay
from app.store.signals import find_signal
from app.store.trades import (
    TradeFilter,
    TradeLine,
    TradeSort,
    fills_of,
    find_trade,
    list_marks,
)

router = Noun(route_class=PlansJson)


class TradesOut(PageOut[TradeOut]):
    """Trades of a wallet."""


class TradesQuery(BaseModel):
    """Which trades, in which order."""

    model_config = ConfigDict(frozen=True)

    status: TradeStatus | None = None
    token_address: Annotated[str | None, Field(max_length=64)] = None
    strategy: Annotated[str | None, Field(max_length=64)] = None
    since: Annotated[AwareDatetime | None, Field(alias="from", description=INCLUSIVE)] = None
    until: Annotated[AwareDatetime | None, Field(alias="to", description=EXCLUSIVE)] = None
    sort: TradeSort = "entry_time"
    order: Literal["asc", "desc"] = "desc"
    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE, description=AT_MOST)] = DEFAULT_PAGE
    cursor: Annotated[str | None, Field(max_length=512, description=GO_ON)] = None

    def wanted(self) -> TradeFilter:
        """Ask the record for them."""
        return TradeFilter(
            status=self.status,
            mint=self.token_address,
            strategy=self.strategy,
            since=None if self.since is None else to_ms(self.since),
            until=None if self.until is None else to_ms(self.until),
            sort=self.sort,
            descending=self.order == "desc",
        )


@router.get("/{wallet}", response_model=TradesOut, openapi_extra=described(TradesQuery))
async def list_wallet_trades(request: Request, wallet: WalletPath) -> Response:
    """List trades; `from` and `to` bound their entry."""
    del wallet
    asked, me = query(TradesQuery, request), session_of(request)
    after = cursors.read(asked.cursor, tuple[int | float, int])
    if after is not None and asked.sort != "pnl_percent" and not isinstance(after[0], int):
        raise cursors.refused()
    parts = parts_of(request)
    found = await list_marks(
        parts.database, me.wallet_id, asked.wanted(), after=after, limit=asked.limit
    )
    last = found[-1] if len(found) == asked.limit else None
    place = None if last is None else cursors.write((last.place, last.id))
    return page(await parts.trade_texts.of(parts.database, found, asked.sort), place)


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
            "replay": await _replay(parts, line),
        }
    )


@router.post("/{wallet}/{trade_id}/what-if", response_model=WhatIfOut)
async def lead_trade(parts: Platform, me: Own, trade_id: RowId, body: WhatIfIn) -> Response:
    """Show what other exit plans would have made of a trade.

    The prices are those that the platform saw from its entry on. With the trade's own plan the
    sales are the recorded ones, bit for bit; under any other what was sold by hand is left out.
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
