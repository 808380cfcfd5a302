"""Scorecards by hand: stages, results, intervals and calibration."""

import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.trading.scorecards import (
    NO_RESULT,
    NO_SCORE,
    NO_SIGNAL,
    SIGNAL_SCHEMA,
    calibrate,
    scorecards,
    wilson,
)

STAGES = {"new": 0, "judged": 1, "screened": 2, "confirmed": 3, "bought": 4}


def signal(
    source: str,
    stage: str,
    score: float | None = None,
    made: tuple[float, int] | None = None,
    would: tuple[float, int] | None = None,
) -> tuple[object, ...]:
    reached = tuple(STAGES[stage] >= number for number in (1, 2, 3, 4))
    return (source, *reached, score, *(made or (None, None)), *(would or (None, None)))


def signals(*rows: tuple[object, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SIGNAL_SCHEMA, orient="row")


MANY = signals(
    signal("b", "bought", 80, made=(0.5, 1_000)),
    signal("b", "bought", 75, made=(-0.1, 3_000)),
    signal("b", "bought", 90),
    signal("b", "confirmed", 70, would=(0.2, 500)),
    signal("b", "screened", 65, would=(0.0, 700)),
    signal("a", "judged", 20, would=(-0.3, 0)),
    signal("a", "new"),
)


def test_stages_and_results_by_hand() -> None:
    every, first, second = scorecards(MANY)
    assert [card.source for card in (every, first, second)] == [None, "a", "b"]
    assert (every.signals, every.judged, every.screened) == (7, 6, 5)
    assert (every.confirmed, every.bought) == (4, 3)
    assert (every.screened_rate, every.confirmed_rate, every.bought_rate) == (5 / 6, 4 / 5, 3 / 4)
    assert (every.made.results, every.made.wins, every.made.losses) == (2, 1, 1)
    assert every.made.win_rate == 0.5
    assert every.made.average_pnl == pytest.approx(0.2)
    assert every.made.median_time_to_peak_ms == 2_000
    left = every.not_bought
    assert (left.results, left.wins, left.losses, left.draws) == (3, 1, 1, 1)
    assert left.average_pnl == pytest.approx(-0.1 / 3)
    assert left.median_time_to_peak_ms == 500
    assert (first.bought_rate, first.nulls["bought_rate"]) == (None, "no confirmed signal yet")
    assert first.nulls["made.win_rate"] == NO_RESULT
    assert second.screened_rate == 1


def test_nothing_says_why() -> None:
    (card,) = scorecards(signals())
    assert card.nulls["screened_rate"] == NO_SIGNAL
    assert card.nulls["calibration.brier"] == NO_SCORE
    assert card.screened_rate is card.confirmed_rate is card.bought_rate is None


def test_calibration_by_hand() -> None:
    (card, *_) = scorecards(MANY)
    found = card.calibration
    assert found.signals == 5
    assert [(one.low, one.high, one.signals, one.wins, one.mean_score) for one in found.bins] == [
        (20, 30, 1, 0, 20),
        (60, 70, 1, 0, 65),
        (70, 80, 2, 1, 72.5),
        (80, 90, 1, 1, 80),
    ]
    squares = (0.2**2, 0.65**2, 0.75**2, 0.3**2, 0.2**2)
    assert found.brier == pytest.approx(sum(squares) / 5)
    assert found.brier_of_base_rate == pytest.approx(0.4 * 0.6)


def test_the_highest_score_is_in_the_last_bin() -> None:
    edge = pl.DataFrame({"score": [100.0, 99.0, 0.0], "share": [0.1, -0.1, 0.1]})
    first, last = calibrate(edge).bins
    assert (first.low, first.high, last.low, last.high) == (0, 10, 90, 100)
    assert (last.signals, last.wins) == (2, 1)


@pytest.mark.parametrize(
    ("wins", "many", "low", "high"),
    [(0, 1, 0.0, 0.793450), (5, 10, 0.236593, 0.763407), (10, 10, 0.722467, 1.0)],
)
def test_the_interval_of_wilson(wins: int, many: int, low: float, high: float) -> None:
    assert wilson(wins, many) == pytest.approx((low, high), abs=1e-6)


@given(st.integers(1, 10**6).flatmap(lambda many: st.tuples(st.integers(0, many), st.just(many))))
def test_the_interval_is_where_the_share_is_as_likely_as_the_tail(case: tuple[int, int]) -> None:
    wins, many = case
    for end in wilson(wins, many):
        assert 0 <= end <= 1
        if 0 < wins < many:
            distance = abs(wins / many - end) / math.sqrt(end * (1 - end) / many)
            assert distance == pytest.approx(1.959964, rel=1e-4)
