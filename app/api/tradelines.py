"""Trades, fills and positions as the wire has them."""

from typing import Any

import msgspec

from app.api.wire import iso, iso_or_none, sol, sol_or_none, tokens
from app.engine.views import PositionView, TierView
from app.store.trade_lists import TradeBrief
from app.store.trades import TradeLine
from app.trading.exits import NEVER_MS, PHASES
from app.trading.ledger import FillRow, PositionRow, ReplayRow
from app.trading.plan_changes import PlanChangeRow

Written = dict[str, Any]


def trade(line: TradeLine | TradeBrief) -> Written:
    """Write a trade."""
    return {
        "id": line.id,
        "token": {"address": line.mint, "symbol": line.symbol},
        "strategy": line.strategy,
        "source": line.source,
        "signal_id": line.signal_id,
        "status": line.status,
        "entry_time": iso(line.entry_time),
        "entry_price": line.entry_price,
        "quantity": tokens(line.quantity, line.decimals),
        "sol_invested": sol(line.sol_invested),
        "exit_time": iso_or_none(line.exit_time),
        "exit_price": line.exit_price,
        "sol_returned": sol(line.sol_returned),
        "pnl_sol": sol_or_none(line.pnl_sol),
        "pnl_percent": line.pnl_percent,
        "exit_reason": line.exit_reason,
        "stop_loss_price": line.stop_loss_price,
        "highest_price_seen": line.highest_price_seen,
        "initial_sentiment_score": line.initial_sentiment_score,
        "initial_mention_count": line.initial_mention_count,
    }


def fill(row: FillRow, decimals: int) -> Written:
    """Write a fill."""
    return {
        "id": row.id,
        "side": row.side,
        "time": iso(row.timestamp),
        "price": row.price,
        "token_amount": tokens(row.size, decimals),
        "sol_amount": sol(row.sol),
        "fee_sol": sol(row.fee),
        "reason": row.reason,
    }


def bot_trade(row: FillRow, decimals: int) -> Written:
    """Write a fill as a chart marks it."""
    return {
        "time": row.timestamp // 1000,
        "side": row.side,
        "price": row.price,
        "sol_amount": sol(row.sol),
        "token_amount": tokens(row.size, decimals),
        "reason": row.reason,
    }


def tier(view: TierView) -> Written:
    """Write a take-profit tier."""
    return {"price": view.price, "portion": view.portion, "taken": view.taken}


def position(view: PositionView, now: int) -> Written:
    """Write an open position with its mark."""
    places = view.token.decimals
    tiers = [tier(one) for one in view.tiers]
    return {
        "trade_id": view.trade,
        "token": {"address": view.token.mint, "symbol": view.token.symbol},
        "strategy": view.strategy,
        "side": view.side,
        "tokens": tokens(view.units, places),
        "initial_tokens": tokens(view.initial_units, places),
        "cost_basis": sol(view.cost_basis),
        "sol_returned": sol(view.returned),
        "entry_price": view.entry_price,
        "entry_time": iso(view.entry_time),
        "price": view.price,
        "price_age_seconds": max(now - view.price_at, 0) / 1000,
        "price_state": view.standing,
        "value": sol(view.value),
        "unrealised_pnl": sol(view.pnl),
        "unrealised_pnl_percent": 100.0 * view.pnl / view.cost_basis,
        "stop_loss_price": view.stop,
        "stop_distance_percent": _stop_distance(view),
        "next_tier": next((one for one in tiers if not one["taken"]), None),
        "tiers": tiers,
        "highest_price_seen": view.highest,
        "phase": view.phase,
        "deadline": iso_or_none(view.deadline),
    }


def _stop_distance(view: PositionView) -> float:
    """Tell how far the price may fall; what is worth nothing has fallen all the way."""
    return 100.0 * (view.price - view.stop) / view.price if view.price > 0 else -100.0


def plan_change(row: PlanChangeRow) -> Written:
    """Write a change of a trade's exit plan."""
    return {
        "at": iso(row.at),
        "plan_before": msgspec.json.decode(row.plan_before),
        "plan_after": msgspec.json.decode(row.plan_after),
        "stop_before": row.stop_before,
        "stop_after": row.stop_after,
    }


def strategy_state(view: PositionView) -> Written:
    """Write where the exit state machine of a position stands."""
    return {
        "trade_id": view.trade,
        "entry_price": view.entry_price,
        "stop_loss_price": view.stop,
        "take_profit_tiers": [tier(one) for one in view.tiers],
        "highest_price_seen": view.highest,
        "phase": view.phase,
    }


def replay(kept: ReplayRow | None, reason: str | None) -> Written:
    """Write what came of running a closed trade again; `reason` says why nothing did."""
    found: list[tuple[str, object, object]] = []
    if kept is not None and kept.differences is not None:
        found = msgspec.json.decode(kept.differences)
    return {
        "status": "unchecked" if kept is None else kept.status,
        "checked_at": iso_or_none(None if kept is None else kept.checked_at),
        "reason": reason,
        "differences": [
            {"field": field, "recorded": recorded, "replayed": replayed}
            for field, recorded, replayed in found
        ],
    }


def exit_state(view: PositionView) -> Written:
    """Write where the exit state machine of an open trade stands."""
    return {
        "phase": view.phase,
        "stop_loss_price": view.stop,
        "highest_price_seen": view.highest,
        "tokens_left": tokens(view.units, view.token.decimals),
        "tiers": [tier(one) for one in view.tiers],
        "deadline": iso_or_none(view.deadline),
    }


def exit_state_kept(line: TradeLine, kept: PositionRow) -> Written:
    """Write where the exit state machine of a trade stood when it was last written."""
    tiers: list[tuple[float, float]] = msgspec.json.decode(line.take_profit_tiers)
    return {
        "phase": PHASES[kept.phase],
        "stop_loss_price": kept.stop_loss,
        "highest_price_seen": kept.highest_price,
        "tokens_left": tokens(kept.tokens, line.decimals),
        "tiers": [
            {"price": price, "portion": portion, "taken": place < kept.tiers_taken}
            for place, (price, portion) in enumerate(tiers)
        ],
        "deadline": None if kept.deadline == NEVER_MS else iso(kept.deadline),
    }
