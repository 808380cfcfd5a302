"""Whether a recorded position can be led: one that cannot must not stop the others.

Nothing that the platform wrote is unsound; a row that somebody changed, or that a disk damaged, may
be.
"""

import math

from pydantic import ValidationError

from app.trading.amounts import MAX_AMOUNT
from app.trading.exits import PHASES, State
from app.trading.market import is_price
from app.trading.plans import MAX_TIERS, ExitPlan


def fault_of(plan: str, state: State, mark: float, cost: int) -> str | None:
    """Say why a position cannot be led; None when it can.

    `plan` is its exit plan as JSON, `mark` its last price (0: none), `cost` what it cost in
    lamports.
    """
    try:
        ExitPlan.model_validate_json(plan)
    except ValidationError:
        return "its exit plan cannot be read"
    if not (is_price(state.entry) and is_price(state.highest)):
        return "its entry or its highest price is not a price"
    if not all(math.isfinite(one) and one >= 0 for one in (state.stop, mark)):
        return "its stop or its mark is not a number of SOL"
    if not 0 < state.left <= state.initial < MAX_AMOUNT:
        return "what is left of it is not a part of what was bought"
    if cost <= 0:
        return "it cost nothing"
    if not (0 <= state.tiers <= MAX_TIERS and 0 <= state.phase < len(PHASES)):
        return "its phase or its targets do not exist"
    return None
