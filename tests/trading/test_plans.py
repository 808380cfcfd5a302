"""What a wallet may wish, and the key that equal wishes share."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.trading.plans import Entry, ExitPlan, Limits, Profile, Sizing
from tests.properties.plans import plans
from tests.trading.books import exit_plan
from tests.trading.exit_model import Wanted


def test_the_defaults_are_the_designs() -> None:
    plan, sizing, limits = ExitPlan(), Sizing(), Limits()
    assert (plan.stop_loss, plan.take_profit) == (0.15, ((0.30, 0.33), (0.75, 0.33)))
    assert (plan.trailing_stop, plan.breakeven_after_tier, plan.trailing_after_tier) == (0.2, 1, 1)
    assert plan.max_holding_candles is None
    assert (sizing.risk_per_trade, sizing.min_spend_sol) == (0.02, 0.01)
    assert (limits.max_open_positions, limits.max_open_per_token) == (10, 1)
    assert (limits.max_token_exposure, limits.max_exposure) == (0.10, 0.50)
    assert (limits.max_daily_loss, limits.max_drawdown) == (0.10, 0.30)
    assert (limits.loss_cooldown_minutes, limits.stop_guard_count) == (30, 4)
    assert limits.stop_guard_minutes == 60
    assert [entry.strategy for entry in Profile().entries] == ["sma_crossover", "breakout"]


@pytest.mark.parametrize(
    "tiers",
    [
        ((0.5, 0.5), (0.3, 0.5)),
        ((0.3, 0.5), (0.3, 0.5)),
        ((0.0, 0.5),),
        ((-0.1, 0.5),),
        ((math.inf, 0.5),),
        ((math.nan, 0.5),),
        ((0.1, 0.0),),
        ((0.1, -0.1),),
        ((0.1, 1.1),),
        ((0.1, 0.6), (0.2, 0.5)),
        ((0.1, math.nan),),
        tuple((0.1 * tier, 0.1) for tier in range(1, 10)),
    ],
)
def test_tiers_rise_and_sell_no_more_than_there_is(tiers: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(ValidationError):
        ExitPlan(take_profit=tiers)


@pytest.mark.parametrize(
    "wrong",
    [
        {"stop_loss": 0},
        {"stop_loss": 1},
        {"stop_loss": math.nan},
        {"trailing_stop": 0},
        {"trailing_stop": 1.5},
        {"breakeven_after_tier": -1},
        {"trailing_after_tier": 9},
        {"max_holding_candles": 0},
        {"stop": 0.1},
    ],
)
def test_a_plan_stays_within_reason(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ExitPlan.model_validate(wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"sizing": {"risk_per_trade": 0}},
        {"sizing": {"risk_per_trade": 1.01}},
        {"sizing": {"min_spend_sol": math.inf}},
        {"limits": {"max_open_positions": 0}},
        {"limits": {"max_exposure": -0.1}},
        {"limits": {"stop_guard_count": 1001}},
        {"entries": [{"strategy": "a"}, {"strategy": "a"}]},
        {"entries": [{"strategy": ""}]},
        {"side": "SHORT"},
        {"leverage": 3},
    ],
)
def test_a_profile_stays_within_reason(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Profile.model_validate(wrong)


@given(plans())
def test_any_plan_that_is_allowed_survives_the_record(wanted: Wanted) -> None:
    plan = exit_plan(wanted)
    assert ExitPlan.model_validate_json(plan.model_dump_json()) == plan
    profile = Profile(exit=plan)
    again = Profile.model_validate_json(profile.canonical())
    assert (again, again.key()) == (profile, profile.key())


@given(st.permutations([("fast", 3), ("slow", 9), ("min_volume", 1.5)]))
def test_equal_wishes_have_equal_keys_however_they_are_written(
    given_: list[tuple[str, float]],
) -> None:
    entry = Entry(strategy="sma_crossover", custom_params=dict(given_))
    profile = Profile(entries=(entry,))
    usual = Entry(strategy="sma_crossover", custom_params={"fast": 3, "min_volume": 1.5, "slow": 9})
    assert profile.key() == Profile(entries=(usual,)).key()


def test_keys_tell_wishes_apart_and_fit_the_record() -> None:
    wishes = [
        Profile(),
        Profile(entries=tuple(reversed(Profile().entries))),
        Profile(exit=ExitPlan(stop_loss=0.16)),
        Profile(sizing=Sizing(reserve_sol=1)),
        Profile(limits=Limits(max_open_positions=9)),
        Profile(limits=None),
    ]
    keys = {profile.key() for profile in wishes}
    assert len(keys) == len(wishes)
    assert all(0 <= key < 2**63 for key in keys)
    assert Profile().key() == Profile.model_validate_json("{}").key()
