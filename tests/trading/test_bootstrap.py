"""Intervals are repeatable, hold what they should, and use the figure's own definition."""

import numpy as np
import polars as pl
import pytest

from app.trading import bootstrap
from app.trading.bootstrap import (
    BY_DAY,
    MIN_DAYS,
    MIN_TRADES,
    TAIL,
    Days,
    difference,
    intervals,
    paired_difference,
)
from app.trading.measures import RATIOS

PNL = np.array([-20, 50, 30, -25, 0, 80, -40, -15, 60, 10])
RETURNS = np.random.default_rng(3).normal(0.001, 0.02, 60)


def test_the_same_seed_draws_the_same_intervals() -> None:
    first = intervals(PNL, RETURNS, 1)
    assert intervals(PNL, RETURNS, 1) == first
    assert intervals(PNL, RETURNS, 2) != first
    assert first.keys() == RATIOS.keys() | BY_DAY.keys()


def test_nine_trades_are_too_few() -> None:
    assert intervals(PNL[: MIN_TRADES - 1], RETURNS, 1) == {}
    assert intervals(np.empty(0, np.int64), RETURNS, 1) == {}


@pytest.mark.parametrize("days", [0, 1])
def test_without_days_only_trades_have_intervals(days: int) -> None:
    assert intervals(PNL, RETURNS[:days], 1).keys() == RATIOS.keys()


def test_figures_that_mostly_do_not_exist_have_no_interval() -> None:
    winners = intervals(np.arange(1, 21), np.full(30, 0.01), 1)
    assert winners.keys() == {"win_rate", "expectancy_lamports", "sqn", "max_drawdown", "cagr"}
    assert winners["win_rate"] == (1.0, 1.0)
    one_loss = np.array([-5, *range(1, 20)])
    assert "profit_factor" not in intervals(one_loss, RETURNS, 1)


def test_a_resample_of_the_same_trades_has_the_same_figures() -> None:
    figures = bootstrap._of_trades(np.array([PNL, PNL[::-1], np.full(10, 7)]))
    whole = pl.DataFrame({"pnl_sol": PNL}).select(**RATIOS).row(0, named=True)
    for name, values in figures.items():
        assert values[:2] == pytest.approx([whole[name]] * 2)
    assert np.isnan(figures["profit_factor"][2])
    assert np.isnan(figures["sqn"][2])


def test_long_histories_have_the_figures_of_short_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    resamples = np.array([PNL, PNL[::-1], np.full(10, 7)])
    together = bootstrap._of_trades(resamples)
    monkeypatch.setattr(bootstrap, "LONG", len(PNL))
    alone = bootstrap._of_trades(resamples)
    for name, values in together.items():
        assert alone[name] == pytest.approx(values, nan_ok=True)


def test_days_figures_of_resamples_are_those_of_each_alone() -> None:
    rows = np.random.default_rng(5).integers(len(RETURNS), size=(20, len(RETURNS)))
    for figure in BY_DAY.values():
        together = figure(RETURNS[rows])
        alone = [float(figure(RETURNS[row])) for row in rows]
        assert together == pytest.approx(alone, rel=1e-9)


@pytest.mark.parametrize(
    ("size", "resamples", "steps"), [(10, 2_000, 1), (3_000, 333, 1), (40_000, 200, 8)]
)
def test_long_histories_are_drawn_in_steps(size: int, resamples: int, steps: int) -> None:
    drawn = list(bootstrap._draws(np.random.default_rng(1), size))
    assert len(drawn) == steps
    assert sum(len(rows) for rows in drawn) == resamples
    assert all(rows.shape[1] == size and rows.size <= bootstrap.DRAWS for rows in drawn)
    assert all(rows.min() >= 0 and rows.max() == size - 1 for rows in drawn)


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(11)
    held = 0
    for seed in range(100):
        pnl = rng.normal(5_000, 20_000, 60).astype(np.int64)
        low, high = intervals(pnl, np.empty(0), seed)["expectancy_lamports"]
        held += low <= 5_000 <= high
    assert 88 <= held <= 99


def days(total: list[float], parts: list[int] | None = None) -> Days:
    return Days(np.array(total, np.float64), np.array(parts or [1] * len(total)))


def test_a_difference_is_that_of_the_means() -> None:
    """By hand: 12 in 4 parts is 3, 10 in 5 parts is 2."""
    one, other = days([6, 0, 6], [1, 0, 3]), days([5, 5, 0], [1, 4, 0])
    assert difference(one, other) == 1.0
    assert np.isnan(difference(days([0, 0, 0], [0, 0, 0]), other))


def test_days_are_drawn_in_pairs() -> None:
    """By hand: days 0, 0, 2 give 18/5 less 10/2, day 1 alone gives nothing to divide by."""
    one, other = days([6, 0, 6], [1, 0, 3]), days([5, 5, 0], [1, 4, 0])
    drawn = bootstrap._differences(one, other, np.array([[0, 0, 2], [1, 1, 1], [2, 1, 0]]))
    assert drawn[0] == pytest.approx(18 / 5 - 10 / 2)
    assert np.isnan(drawn[1])
    assert drawn[2] == pytest.approx(1.0)


def test_what_moves_both_is_no_difference() -> None:
    market = np.random.default_rng(1).normal(0, 0.5, 10)
    one, other = days((market + 0.01).tolist()), days(market.tolist())
    assert paired_difference(one, other, 1) == pytest.approx((0.01, 0.01))
    assert paired_difference(other, one, 1) == pytest.approx((-0.01, -0.01))


def test_one_day_in_ten_makes_the_interval_of_a_binomial() -> None:
    """By hand: the day is drawn 0 times in 35 % of the resamples, 3 or fewer times in 98.7 %, 2 or
    fewer in 93.0 %; so 2.5 % off each end leaves 0 to 3 tenths, and less off leaves more.
    """
    one, other = days([1.0] + [0.0] * 9), days([0.0] * 10)
    assert paired_difference(one, other, 3) == (0.0, 0.3)
    assert paired_difference(one, other, 3) == paired_difference(one, other, 3)
    wider = paired_difference(one, other, 3, TAIL / 20)
    assert wider is not None
    assert wider[0] == 0.0
    assert 0.4 <= wider[1] <= 0.6


def test_few_days_and_days_without_parts_have_no_interval() -> None:
    nine = days([1.0] * (MIN_DAYS - 1))
    assert paired_difference(nine, nine, 1) is None
    ten = days([1.0] * MIN_DAYS)
    once = days([1.0] + [0.0] * 9, [1] + [0] * 9)
    assert paired_difference(ten, once, 1) is None
    with pytest.raises(ValueError, match="10 with 9"):
        paired_difference(ten, nine, 1)
