"""How an open position would stand under another exit plan."""

from typing import Any

from app.engine.views import PositionView
from app.trading.plans import ExitPlan


def stop_under(view: PositionView, plan: ExitPlan) -> float:
    """Find the stop that a plan would have set by now, from the entry, the peak and tiers taken."""
    taken = sum(view.highest >= view.entry_price * (1.0 + gain) for gain, _ in plan.take_profit)
    stop = view.entry_price * (1.0 - plan.stop_loss)
    breakeven = plan.breakeven_after_tier
    if breakeven and taken >= breakeven:
        stop = max(stop, view.entry_price)
    trails = plan.trailing_stop is not None and plan.trailing_after_tier is not None
    if trails and taken >= (plan.trailing_after_tier or 0):
        stop = max(stop, view.highest * (1.0 - (plan.trailing_stop or 0.0)))
    return stop


def moved(view: PositionView, plan: ExitPlan) -> dict[str, Any]:
    """Write what a plan would do to a position."""
    stop = stop_under(view, plan)
    effect = "closes" if view.price <= stop else "none" if stop == view.stop else "moves"
    return {
        "trade_id": view.trade,
        "token": {"address": view.token.mint, "symbol": view.token.symbol},
        "strategy": view.strategy,
        "price": view.price,
        "stop_now": view.stop,
        "stop_then": stop,
        "effect": effect,
    }
