"""Who trades on the recorded candles: each one's settings as the platform takes them, and once more
as the reading does.
"""

from dataclasses import dataclass

from app.trading.plans import Entry, ExitPlan, Limits, Profile, Sizing
from tests.recorded.entries import Breakout, Crossover
from tests.recorded.reading import Plan, Wishes

EAGER = (
    Entry(strategy="sma_crossover", custom_params={"fast": 3, "slow": 8}),
    Entry(strategy="breakout"),
)


@dataclass(frozen=True)
class Person:
    """A wallet with its settings, twice; without a profile it has the platform's defaults."""

    address: str
    lamports: int
    profile: Profile | None
    wishes: Wishes


DEFAULT = Person("EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v", 15_000_000_000, None, Wishes())

TRAILING_FROM_THE_START = Person(
    "Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB",
    12_345_678_901,
    Profile(
        exit=ExitPlan(
            stop_loss=0.04,
            take_profit=((0.02, 0.5), (0.05, 0.25)),
            trailing_stop=0.03,
            trailing_after_tier=0,
        ),
        sizing=Sizing(risk_per_trade=0.05),
        limits=Limits(max_exposure=0.12),
    ),
    Wishes(
        plan=Plan(0.04, ((0.02, 0.5), (0.05, 0.25)), 0.03, trailing_after_tier=0),
        risk_per_trade=0.05,
        exposure=0.12,
    ),
)

TWO_TRADES_A_TOKEN = Person(
    "JUPyiwrYJFskUPiHa7hkeR8VUtAeFoSYbKedZNsDvCN",
    10_000_000_007,
    Profile(
        entries=EAGER,
        exit=ExitPlan(
            stop_loss=0.008,
            take_profit=((0.01, 0.4), (0.02, 0.6)),
            trailing_stop=0.01,
            max_holding_candles=36,
        ),
        sizing=Sizing(risk_per_trade=0.1),
        limits=Limits(
            max_token_exposure=0.25,
            max_open_per_token=2,
            max_open_positions=4,
            max_daily_loss=0.004,
            loss_cooldown_minutes=45,
            stop_guard_count=2,
            stop_guard_minutes=120,
        ),
    ),
    Wishes(
        strategies=(Crossover(3, 8), Breakout()),
        plan=Plan(0.008, ((0.01, 0.4), (0.02, 0.6)), 0.01, max_holding_candles=36),
        risk_per_trade=0.1,
        token_exposure=0.25,
        open_per_token=2,
        open_positions=4,
        daily_loss=0.004,
        cooldown_minutes=45,
        guard_stops=2,
        guard_minutes=120,
    ),
)

IN_A_HURRY = Person(
    "mSoLzYCxHdYgdzU16g5QSh3i5K3z3KZK7ytfqcJm7So",
    19_999_999_999,
    Profile(
        entries=EAGER,
        exit=ExitPlan(
            stop_loss=0.02,
            take_profit=((0.015, 1.0),),
            trailing_stop=None,
            max_holding_candles=24,
        ),
        limits=Limits(max_drawdown=0.002),
    ),
    Wishes(
        strategies=(Crossover(3, 8), Breakout()),
        plan=Plan(0.02, ((0.015, 1.0),), None, max_holding_candles=24),
        drawdown=0.002,
    ),
)

PEOPLE = (DEFAULT, TRAILING_FROM_THE_START, TWO_TRADES_A_TOKEN, IN_A_HURRY)
