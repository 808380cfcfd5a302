"""How an open position would stand under another exit plan."""

from typing import Any

from app.engine.views import PositionView
from app.trading.exits import NEVER_MS, PHASES, State
from app.trading.moving import stand_under
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
    return _moved(view, stop_under(view, plan))


def replanned(view: PositionView, plan: ExitPlan) -> dict[str, Any]:
    """Write what it would do to a position to go on by another plan: tiers taken stay taken."""
    stop = stand_under(plan, _state(view)).stop
    found, taken = _moved(view, stop), sum(one.taken for one in view.tiers)
    levels = [view.entry_price * (1.0 + gain) for gain, _ in plan.take_profit[taken:]]
    due = 0 if found["effect"] == "closes" else sum(view.price >= level for level in levels)
    return {**found, "targets_due": due, "detail": _words(found["effect"], due)}


WORDS = {
    "none": "The stop stays where it is.",
    "moves": "The stop moves. Nothing is sold by that.",
    "closes": "The price is at or below the new stop: the next price sells all that is left, "
    "unless it is above the stop.",
}


def _words(effect: str, due: int) -> str:
    if due == 0:
        return WORDS[effect]
    targets = "A target is" if due == 1 else f"{due} targets are"
    return f"{WORDS[effect]} {targets} at or below the price: the next price takes what it reaches."


def _state(view: PositionView) -> State:
    return State(
        view.entry_price,
        view.initial_units,
        view.units,
        view.stop,
        view.highest,
        sum(one.taken for one in view.tiers),
        PHASES.index(view.phase),
        NEVER_MS if view.deadline is None else view.deadline,
    )


def _moved(view: PositionView, stop: float) -> dict[str, Any]:
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
