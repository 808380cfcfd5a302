"""What can be a price or a candle."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.trading.market import TIMEFRAMES, Candle, is_candle, is_price

NONSENSE = st.sampled_from([math.nan, math.inf, -math.inf, 0.0, -0.0, -1e-300, -5.0])


@given(st.one_of(st.floats(), NONSENSE))
def test_a_price_is_finite_and_positive(value: float) -> None:
    assert is_price(value) == (math.isfinite(value) and value > 0)


@pytest.mark.parametrize(
    ("candle", "can_be"),
    [
        (Candle(0, 1.0, 2.0, 0.5, 1.5, 10.0), True),
        (Candle(0, 1.0, 1.0, 1.0, 1.0, 0.0), True),
        (Candle(0, 1.0, 0.9, 0.5, 0.8, 1.0), False),
        (Candle(0, 1.0, 2.0, 1.1, 1.5, 1.0), False),
        (Candle(0, 1.0, 2.0, 0.5, 2.1, 1.0), False),
        (Candle(0, 1.0, 2.0, 0.5, 1.5, -1.0), False),
        (Candle(0, 1.0, 2.0, 0.5, 1.5, math.nan), False),
        (Candle(0, 1.0, 2.0, 0.5, 1.5, math.inf), False),
        (Candle(0, 0.0, 2.0, 0.0, 1.5, 1.0), False),
        (Candle(0, 1.0, math.inf, 0.5, 1.5, 1.0), False),
    ],
)
def test_a_candle_encloses_its_prices(candle: Candle, *, can_be: bool) -> None:
    assert is_candle(candle) == can_be


def test_timeframes_are_milliseconds() -> None:
    assert TIMEFRAMES["1s"] == 1_000
    assert TIMEFRAMES["1d"] == 86_400_000
    assert all(shorter < longer for shorter, longer in pairwise(TIMEFRAMES.values()))
