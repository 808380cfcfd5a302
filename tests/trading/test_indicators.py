"""Moving figures equal a plain loop over each row's window, bit for bit."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import talib
from hypothesis import given
from hypothesis import strategies as st

from app.trading.amounts import Floats
from app.trading.indicators import atr, before, highest, lowest, momentum, sma, true_range
from tests.candles import walk

NAN = math.nan

prices = st.lists(
    st.floats(min_value=1e-12, max_value=1e12, allow_nan=False), min_size=0, max_size=60
).map(lambda values: np.array(values, np.float64))
windows = st.integers(1, 20)

Moving = Callable[[Floats, int], Floats]


def plain_mean(values: list[float]) -> float:
    total = values[0]
    for value in values[1:]:
        total += value
    return total / len(values)


def plainly(values: Floats, n: int, first: int, figure: Callable[[int], float]) -> Floats:
    return np.array([figure(t) if t >= first else NAN for t in range(len(values))], np.float64)


def plain_true_ranges(high: Floats, low: Floats, close: Floats) -> list[float]:
    ranges = [NAN]
    for t in range(1, len(close)):
        gaps = abs(high[t] - close[t - 1]), abs(low[t] - close[t - 1])
        ranges.append(float(max(high[t] - low[t], *gaps)))
    return ranges


def same_bits(left: Floats, right: Floats) -> bool:
    return left.dtype == right.dtype == np.float64 and left.tobytes() == right.tobytes()


@pytest.mark.parametrize(
    ("figure", "n", "expected"),
    [
        (sma, 1, [4, 2, 6, 8, 8]),
        (sma, 2, [NAN, 3, 4, 7, 8]),
        (sma, 5, [NAN, NAN, NAN, NAN, 5.6]),
        (sma, 6, [NAN] * 5),
        (highest, 1, [NAN, 4, 2, 6, 8]),
        (highest, 3, [NAN, NAN, NAN, 6, 8]),
        (highest, 5, [NAN] * 5),
        (lowest, 2, [NAN, NAN, 2, 2, 6]),
        (before, 1, [NAN, 4, 2, 6, 8]),
        (before, 4, [NAN, NAN, NAN, NAN, 4]),
        (before, 9, [NAN] * 5),
        (momentum, 1, [NAN, -0.5, 2, 1 / 3, 0]),
        (momentum, 5, [NAN] * 5),
    ],
)
def test_examples(figure: Moving, n: int, expected: list[float]) -> None:
    values = np.array([4.0, 2.0, 6.0, 8.0, 8.0])
    np.testing.assert_allclose(figure(values, n), expected, rtol=1e-15)
    assert values.tolist() == [4.0, 2.0, 6.0, 8.0, 8.0]


def test_true_range_holds_the_gap_since_the_close_before() -> None:
    high, low = np.array([5.0, 9.0, 3.0, 4.0]), np.array([4.0, 8.0, 2.0, 1.0])
    close = np.array([5.0, 8.0, 3.0, 2.0])
    np.testing.assert_array_equal(true_range(high, low, close), [NAN, 4, 6, 3])
    np.testing.assert_array_equal(atr(high, low, close, 2), [NAN, NAN, 5, 4.5])
    assert np.isnan(atr(high, low, close, 4)).all()


@given(prices, windows)
def test_means_equal_a_plain_loop(values: Floats, n: int) -> None:
    as_list = values.tolist()
    expected = plainly(values, n, n - 1, lambda t: plain_mean(as_list[t - n + 1 : t + 1]))
    assert same_bits(sma(values, n), expected)


@given(prices, windows)
def test_extremes_equal_a_plain_loop(values: Floats, n: int) -> None:
    as_list = values.tolist()
    above = plainly(values, n, n, lambda t: max(as_list[t - n : t]))
    below = plainly(values, n, n, lambda t: min(as_list[t - n : t]))
    assert same_bits(highest(values, n), above)
    assert same_bits(lowest(values, n), below)


@given(prices, windows)
def test_momentum_equals_a_plain_loop(values: Floats, n: int) -> None:
    as_list = values.tolist()
    expected = plainly(values, n, n, lambda t: as_list[t] / as_list[t - n] - 1)
    assert same_bits(momentum(values, n), expected)


@given(st.integers(0, 2**32), st.integers(0, 60), windows)
def test_average_true_range_equals_a_plain_loop(seed: int, rows: int, n: int) -> None:
    candles = walk(seed, rows)
    high, low, close = (candles.get_column(name).to_numpy() for name in ("high", "low", "close"))
    ranges = plain_true_ranges(high, low, close)
    expected = plainly(close, n, n, lambda t: plain_mean(ranges[t - n + 1 : t + 1]))
    assert same_bits(atr(high, low, close, n), expected)


@pytest.mark.parametrize("figure", [sma, highest, lowest, before, momentum])
@given(values=prices, n=windows, cut=st.integers(0, 60), stride=st.sampled_from([1, 3]))
def test_where_history_starts_changes_no_bit(
    figure: Moving, values: Floats, n: int, cut: int, stride: int
) -> None:
    whole = figure(values, n)
    scattered = np.repeat(values, stride)[::stride]
    part = figure(scattered[cut:], n)
    assert same_bits(part[n:], whole[cut:][n:])


@pytest.mark.parametrize("figure", [sma, highest, lowest, momentum])
def test_a_gap_is_felt_inside_its_window_only(figure: Moving) -> None:
    values = np.arange(1.0, 21.0)
    broken = values.copy()
    broken[8] = NAN
    whole, holed = figure(values, 3), figure(broken, 3)
    assert np.isnan(holed[8:12]).any()
    assert same_bits(holed[:8], whole[:8])
    assert same_bits(holed[12:], whole[12:])


@pytest.mark.parametrize("figure", [sma, highest, lowest, before, momentum])
@pytest.mark.parametrize("rows", [0, 1])
def test_too_little_history_is_not_an_error(figure: Moving, rows: int) -> None:
    assert np.isnan(figure(np.ones(rows), 2)).all()


def test_overflow_is_infinite_without_a_warning() -> None:
    huge = np.array([1e308, 1e308, 1e308])
    assert sma(huge, 2).tolist()[1:] == [math.inf, math.inf]
    assert momentum(np.array([5e-324, 1e308]), 1)[1] == math.inf


def test_an_independent_library_agrees() -> None:
    candles = walk(7, 5_000)
    high, low, close = (candles.get_column(name).to_numpy() for name in ("high", "low", "close"))
    np.testing.assert_allclose(sma(close, 30), talib.SMA(close, 30), rtol=1e-11)
    np.testing.assert_array_equal(highest(close, 20)[20:], talib.MAX(close, 20)[19:-1])
    np.testing.assert_array_equal(lowest(close, 20)[20:], talib.MIN(close, 20)[19:-1])
    np.testing.assert_array_equal(true_range(high, low, close), talib.TRANGE(high, low, close))
    np.testing.assert_allclose(momentum(close, 5), talib.ROCP(close, 5), rtol=1e-9, atol=1e-15)
