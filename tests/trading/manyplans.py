"""Exit plans to try rules with: those at the edges of what a plan may say, and random ones."""

import random

from app.trading.plans import MAX_TIERS, ExitPlan

EDGES = (
    ExitPlan(),
    ExitPlan(take_profit=(), trailing_stop=None, stop_loss=0.999),
    ExitPlan(take_profit=(), trailing_stop=0.001, trailing_after_tier=0),
    ExitPlan(take_profit=((1e-9, 1.0),), stop_loss=1e-6),
    ExitPlan(take_profit=((0.01, 1e-9), (0.02, 1e-9), (0.03, 0.5)), breakeven_after_tier=2),
    ExitPlan(
        take_profit=tuple((0.002 * place, 1 / MAX_TIERS) for place in range(1, MAX_TIERS + 1)),
        breakeven_after_tier=MAX_TIERS,
        trailing_after_tier=MAX_TIERS,
    ),
    ExitPlan(breakeven_after_tier=0, trailing_after_tier=None),
    ExitPlan(breakeven_after_tier=None, trailing_after_tier=2, trailing_stop=0.9),
    ExitPlan(max_holding_candles=1),
    ExitPlan(max_holding_candles=7, trailing_after_tier=0, trailing_stop=0.02),
)


def random_plans(many: int, seed: int = 20_240_316) -> list[ExitPlan]:
    """Make plans, the same ones for a seed."""
    chance = random.Random(seed)
    return [_plan(chance) for _ in range(many)]


def _plan(chance: random.Random) -> ExitPlan:
    gains = sorted({round(chance.uniform(0.002, 0.8), 4) for _ in range(chance.randrange(5))})
    weights = [chance.uniform(0.05, 1) for _ in range(len(gains) + chance.randrange(2))]
    tiers = tuple(
        (gain, weight / sum(weights)) for gain, weight in zip(gains, weights, strict=False)
    )
    return ExitPlan(
        stop_loss=chance.choice([0.01, 0.05, 0.15, 0.4]),
        take_profit=tiers,
        trailing_stop=chance.choice([None, 0.01, 0.05, 0.2, 0.5]),
        breakeven_after_tier=chance.choice([None, 0, 1, 2]),
        trailing_after_tier=chance.choice([None, 0, 1, 2, 3]),
        max_holding_candles=chance.choice([None, None, 20, 300]),
    )
