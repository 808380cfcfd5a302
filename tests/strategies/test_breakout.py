"""The breakout is the rule as written, read a second time in plain Python."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.strategies.breakout import Breakout
from tests.candles import closes, flat, frame, walk

QUICK = Breakout(window=2, momentum=1, atr=1, max_atr=10)


def reading(candles: pl.DataFrame, rule: Breakout) -> list[bool]:
    """Read the rule literally, each row from its own window."""
    high, low, close = (candles[name].to_list() for name in ("high", "low", "close"))

    def true_range(t: int) -> float:
        before = close[t - 1]
        return float(max(high[t] - low[t], abs(high[t] - before), abs(low[t] - before)))

    def spread(t: int) -> float:
        total = true_range(t - rule.atr + 1)
        for day in range(t - rule.atr + 2, t + 1):
            total += true_range(day)
        return float(total / rule.atr / close[t])

    return [
        t >= max(rule.window, rule.momentum, rule.atr)
        and close[t] > max(high[t - rule.window : t])
        and close[t] / close[t - rule.momentum] - 1 > rule.min_momentum
        and spread(t) <= rule.max_atr
        for t in range(candles.height)
    ]


@given(
    seed=st.integers(0, 2**32),
    rows=st.integers(0, 80),
    grid=st.sampled_from([0, 4]),
    rule=st.builds(
        Breakout,
        window=st.integers(2, 12),
        momentum=st.integers(1, 12),
        min_momentum=st.sampled_from([-1.0, 0.0, 0.01]),
        atr=st.integers(1, 12),
        max_atr=st.sampled_from([0.01, 0.05, 1.0]),
    ),
)
def test_it_is_the_rule_as_written(seed: int, rows: int, grid: int, rule: Breakout) -> None:
    candles = walk(seed, rows, grid=grid)
    assert rule.evaluate(candles).confirmed.tolist() == reading(candles, rule)


def test_it_is_the_rule_as_written_with_its_defaults() -> None:
    candles = walk(1, 5_000)
    confirmed = Breakout().evaluate(candles).confirmed
    assert confirmed.sum() > 50
    assert confirmed.tolist() == reading(candles, Breakout())


@pytest.mark.parametrize(("last", "confirmed"), [(3.0, False), (np.nextafter(3.0, 4.0), True)])
def test_the_high_must_be_passed(last: float, confirmed: bool) -> None:
    high = np.array([2.0, 3.0, 2.0, last])
    close = np.array([2.0, 2.0, 2.0, last])
    assert QUICK.confirm(frame(close, high=high)).confirmed is confirmed


@pytest.mark.parametrize(("least", "confirmed"), [(0.5, False), (0.499, True)])
def test_momentum_must_be_above_its_limit(least: float, confirmed: bool) -> None:
    rule = QUICK.model_copy(update={"min_momentum": least})
    verdict = rule.confirm(closes(1, 2, 2, 3))
    assert verdict.confirmed is confirmed
    assert verdict.numbers == {"close": 3, "highest": 2, "momentum": 0.5, "atr": 1 / 3}


@pytest.mark.parametrize(("most", "confirmed"), [(0.25, True), (0.2499, False)])
def test_the_true_range_may_meet_its_limit(most: float, confirmed: bool) -> None:
    rule = QUICK.model_copy(update={"max_atr": most})
    verdict = rule.confirm(closes(3, 3, 3, 4))
    assert verdict.confirmed is confirmed
    if not confirmed:
        assert verdict.reason == "not met: atr <= 0.2499"


@pytest.mark.parametrize(
    ("rule", "lookback"),
    [
        (Breakout(), 21),
        (Breakout(window=5, momentum=30), 31),
        (Breakout(window=5, atr=50), 51),
    ],
)
def test_it_needs_its_longest_window(rule: Breakout, lookback: int) -> None:
    assert rule.lookback == lookback
    candles = closes(*range(1, lookback + 1))
    relaxed = rule.model_copy(update={"max_atr": 100.0})
    assert relaxed.confirm(candles).confirmed
    assert relaxed.confirm(candles.tail(lookback - 1)).reason == (
        f"needs {lookback} candles, has {lookback - 1}"
    )


@given(st.floats(1e-12, 1e6))
def test_a_constant_price_never_breaks_out(price: float) -> None:
    assert not Breakout().evaluate(flat(price, 100)).confirmed.any()


def test_a_steady_rise_breaks_out_always_and_a_fall_never() -> None:
    rise = 1.01 ** np.arange(60)
    assert Breakout().evaluate(frame(rise)).confirmed[20:].all()
    assert not Breakout().evaluate(frame(1 / rise)).confirmed.any()


@pytest.mark.parametrize(
    "values", [{"window": 1}, {"atr": 0}, {"max_atr": 0}, {"momentum": 501}, {"min_momentum": -2}]
)
def test_parameters_have_ranges(values: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Breakout.model_validate(values)


def test_its_line_is_the_price_to_pass() -> None:
    rule = Breakout(window=3, momentum=1, atr=1, max_atr=10)
    (line,) = rule.lines
    values = rule.evaluate(closes(1, 5, 2, 3, 4)).numbers[line]
    assert rule.lines == {"highest": "High of 3"}
    assert np.array_equal(values, [np.nan, np.nan, np.nan, 5, 5], equal_nan=True)
