"""Where a position stands once a plan takes over: its stop and phase, and nothing else."""

import random
from typing import Any

import pytest

from app.trading import exits
from app.trading.exits import BREAKEVEN, INITIAL, TRAILING, State
from app.trading.moving import stand_under
from app.trading.plans import ExitPlan
from tests.trading.manyplans import EDGES, random_plans


@pytest.mark.parametrize(
    ("plan", "state", "stop", "phase"),
    [
        (ExitPlan(), {}, 0.85, INITIAL),
        (ExitPlan(), {"tiers": 1, "highest": 1.2}, 1.0, BREAKEVEN),
        (ExitPlan(), {"tiers": 1, "highest": 1.5}, 1.5 * 0.8, TRAILING),
        (ExitPlan(breakeven_after_tier=0), {"tiers": 1, "highest": 1.2}, 1.2 * 0.8, TRAILING),
        (ExitPlan(breakeven_after_tier=None), {"tiers": 1, "highest": 1.06}, 0.85, INITIAL),
        (ExitPlan(breakeven_after_tier=2), {"tiers": 1, "highest": 1.06}, 0.85, INITIAL),
        (ExitPlan(trailing_after_tier=2), {"tiers": 1, "highest": 9.0}, 1.0, BREAKEVEN),
        (ExitPlan(trailing_after_tier=None), {"tiers": 2, "highest": 9.0}, 1.0, BREAKEVEN),
        (ExitPlan(trailing_stop=None), {"tiers": 2, "highest": 9.0}, 1.0, BREAKEVEN),
        (ExitPlan(trailing_after_tier=0), {"highest": 1.1}, 1.1 * 0.8, TRAILING),
        (ExitPlan(stop_loss=1e-300), {"tiers": 1, "highest": 1.0}, 1.0, INITIAL),
    ],
)
def test_the_stop_is_what_the_plan_says_by_now(
    plan: ExitPlan, state: dict[str, Any], stop: float, phase: int
) -> None:
    before = State(1.0, 100, 60, 0.123, 1.0, 0, INITIAL, exits.NEVER_MS)._replace(**state)
    assert stand_under(plan, before) == before._replace(stop=stop, phase=phase)


@pytest.mark.parametrize("plan", [*EDGES, *random_plans(50, 3)])
def test_a_plan_that_was_there_all_along_says_what_the_machine_did(plan: ExitPlan) -> None:
    """A price that takes a tier moves no trailing stop, the next one does; then both agree."""
    chance, laid_out = random.Random(repr(plan)), exits.plans([plan])
    for _ in range(60):
        state = exits.start(laid_out, 0, 1.0, 1_000_000, exits.NEVER_MS)
        for _ in range(60):
            price = float(state.highest) * chance.uniform(0.93, 1.06)
            state, left = exits.step(laid_out, 0, state, price, 0)
            if state.left == 0:
                break
            if left.reason != exits.TOOK_PROFIT:
                assert stand_under(plan, state) == state
