"""What passes the screening: a score above the threshold and enough who say so."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.trading.signals import ScreeningFailure, Sentiment, screen

LOW, FEW, NONE = (
    ScreeningFailure.SENTIMENT_LOW,
    ScreeningFailure.MENTIONS_LOW,
    ScreeningFailure.SENTIMENT_NO_DATA,
)


@pytest.mark.parametrize(
    ("score", "mentions", "failure"),
    [
        (60.1, 1, None),
        (100.0, 1, None),
        (60.0, 1, LOW),
        (0.0, 100, LOW),
        (math.nan, 100, LOW),
        (80.0, 0, FEW),
        (60.0, 0, LOW),
        (None, 100, NONE),
        (None, 0, NONE),
    ],
)
def test_unknown_is_not_neutral_and_the_threshold_must_be_passed(
    score: float | None, mentions: int, failure: ScreeningFailure | None
) -> None:
    said = Sentiment(score=score, mentions=mentions)
    assert screen(said, threshold=60.0, min_mentions=1) == failure


@given(st.floats(0, 100), st.integers(0, 50), st.floats(0, 100), st.integers(0, 50))
def test_more_of_both_never_fails_what_passed(
    score: float, mentions: int, threshold: float, least: int
) -> None:
    failure = screen(
        Sentiment(score=score, mentions=mentions), threshold=threshold, min_mentions=least
    )
    assert (failure is None) == (score > threshold and mentions >= least)
