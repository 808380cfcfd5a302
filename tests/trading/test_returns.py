"""Returns are time-weighted, by UTC day, and equal a plain reading."""

import math
import statistics
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.trading.returns import Marks, calmar, growth
from app.trading.statistics import summarise
from tests.histories import DAY, FIRST, NOTHING, by_day


def test_the_opening_loss_counts() -> None:
    figures = summarise(NOTHING, by_day(1000, 970, 980, 1030))
    assert figures.max_drawdown == pytest.approx(0.03)
    assert figures.drawdown_start == FIRST - 1
    assert figures.drawdown_trough == FIRST - 1 + DAY
    assert figures.drawdown_recovery == FIRST - 1 + 3 * DAY


@pytest.mark.parametrize("trough", range(1, 1000, 37))
def test_a_peak_reached_again_is_recovered_from_whatever_the_rounding(trough: int) -> None:
    figures = summarise(NOTHING, by_day(1000, 1000, trough, 1000))
    assert figures.drawdown_start == FIRST - 1 + DAY
    assert figures.drawdown_recovery == FIRST - 1 + 3 * DAY


def test_a_fall_that_is_only_rounding_is_none() -> None:
    assert math.isnan(calmar(np.array([-2e-16, 0.1])))


def test_an_annual_rate_too_large_to_write_is_none() -> None:
    assert summarise(NOTHING, by_day(1, 1000)).cagr is None


def test_a_total_loss_is_a_total_loss() -> None:
    figures = summarise(NOTHING, by_day(100, 50, 0, 0))
    assert figures.max_drawdown == 1
    assert figures.cagr == figures.total_return == -1


@pytest.mark.parametrize(("days", "reliable"), [(29, False), (30, True)])
def test_annual_figures_are_reliable_from_thirty_days_on(days: int, reliable: bool) -> None:
    figures = summarise(NOTHING, by_day(*range(1000, 1001 + days)))
    assert figures.days == days
    assert figures.annualised_reliable is reliable
    assert figures.cagr is not None


# deposits, withdrawals and resets


@pytest.mark.parametrize(
    ("values", "deposited", "total"),
    [
        ((1000, 2000), (1000, 2000), 0),
        ((1000, 400), (1000, 400), 0),
        ((1000, 1100, 2100, 2310), (1000, 1000, 2000, 2000), 0.21),
        ((1000, 1100, 550, 605), (0, 0, -550, -550), 0.21),
        ((100, 110, 1_000), (100, 100, 990), 0.1),
        ((1000, 2200), (1000, 2000), 0.1),
        ((1000, 100), (1000, 0), 0.1),
        ((0, 1000, 1100), (0, 1000, 1000), 0.1),
        ((100, 0, 1000, 1100), (100, 0, 1000, 1000), 0.1),
    ],
)
def test_money_paid_in_or_out_is_not_profit(
    values: tuple[int, ...], deposited: tuple[int, ...], total: float
) -> None:
    figures = summarise(NOTHING, by_day(*values, deposited=deposited))
    assert figures.total_return == pytest.approx(total)
    assert figures.max_drawdown == pytest.approx(0, abs=1e-12)
    assert figures.calmar is None


def test_a_deposit_does_not_recover_a_drawdown() -> None:
    figures = summarise(NOTHING, by_day(1000, 800, 2800, 2800, deposited=(0, 0, 2000, 2000)))
    assert figures.max_drawdown == pytest.approx(0.2)
    assert figures.drawdown_recovery is None


@given(
    growth=st.lists(st.integers(50, 200), min_size=1, max_size=20),
    paid=st.lists(st.integers(0, 10**12), min_size=20, max_size=20),
)
def test_deposits_change_no_return_when_marked_at_once(growth: list[int], paid: list[int]) -> None:
    value, inside, times, values, deposited = 10**15, 0, [0], [10**15], [0]
    for day, (percent, more) in enumerate(zip(growth, paid, strict=False)):
        value = value * percent // 100
        for when, arriving in ((1, 0), (2, more)):
            value, inside = value + arriving, inside + arriving
            times.append((day + 1) * DAY + when)
            values.append(value)
            deposited.append(inside)
    marks = Marks(*(np.array(column, np.int64) for column in (times, values, deposited)))
    expected = math.prod(percent / 100 for percent in growth) - 1
    assert summarise(NOTHING, marks).total_return == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_growth_leaves_out_what_was_paid_in_and_a_part_keeps_what_was() -> None:
    marks = by_day(1000, 1100, 2100, 2310, deposited=(0, 0, 1000, 1000))
    assert growth(marks) == pytest.approx([1.0, 1.1, 1.1, 1.21])
    assert growth(marks.part(1, 4)) == pytest.approx([1.0, 1.0, 1.1])
    assert growth(by_day(1000, 900).part(1, 2)).tolist() == [1.0]
    assert len(growth(marks.part(0, 0))) == 0


# days


def test_days_end_with_their_last_mark_and_empty_days_stand_still() -> None:
    times = [FIRST + 5, FIRST + 6, FIRST + DAY - 1, FIRST + DAY, FIRST + 4 * DAY + 9]
    marks = Marks(np.array(times), np.array([100, 40, 110, 90, 121]))
    figures = summarise(NOTHING, marks)
    assert figures.days == 5
    assert figures.max_drawdown == pytest.approx(20 / 110)
    assert figures.drawdown_start == FIRST + DAY - 1
    assert figures.drawdown_trough == FIRST + DAY
    assert figures.drawdown_recovery == FIRST + 4 * DAY + 9
    returns = [0.1, 90 / 110 - 1, 0, 0, 121 / 90 - 1]
    assert figures.sharpe == pytest.approx(
        statistics.mean(returns) / statistics.stdev(returns) * math.sqrt(365)
    )


def test_a_start_alone_on_its_day_is_the_end_of_that_day() -> None:
    marks = Marks(np.array([FIRST + 5, FIRST + 3 * DAY]), np.array([100, 110]))
    assert summarise(NOTHING, marks).days == 3
    assert summarise(NOTHING, Marks(marks.time[:1], marks.value[:1])).days == 0


def near(value: float) -> object:
    return pytest.approx(value, rel=1e-6, abs=1e-9)


def plain_fall(values: list[int]) -> float:
    deepest, peak = 0.0, values[0]
    for value in values:
        peak = max(peak, value)
        deepest = max(deepest, (peak - value) / peak)
    return deepest


@given(st.lists(st.integers(10**6, 10**7), min_size=3, max_size=60))
def test_equity_figures_equal_a_plain_reading(values: list[int]) -> None:
    figures = summarise(NOTHING, by_day(*values))
    returns = [now / before - 1 for before, now in pairwise(values)]
    fall, mean, days = plain_fall(values), statistics.mean(returns), len(returns)
    spread = statistics.stdev(returns)
    downside = math.sqrt(sum(min(one, 0.0) ** 2 for one in returns) / days)
    cagr = (values[-1] / values[0]) ** (365 / days) - 1
    assert figures.max_drawdown == near(fall)
    assert figures.cagr == near(cagr)
    if spread > 1e-9:
        assert figures.sharpe == near(mean / spread * math.sqrt(365))
    if downside > 0:
        assert figures.sortino == near(mean / downside * math.sqrt(365))
        assert figures.calmar == near(cagr / fall)
    else:
        assert figures.sortino is figures.calmar is None
