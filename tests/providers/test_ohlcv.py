import math
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.providers.ohlcv import is_worthless, page, read_rows, refused_row
from app.trading.market import is_candle
from tests.providers.clocks import NOW
from tests.providers.gecko_bodies import MINUTE, OPEN_NOW

NUMBERS = st.floats() | st.integers(-10, 10) | st.sampled_from(["1", "NaN", "", None, True])


@given(st.lists(st.tuples(st.integers(-5, 5), *[NUMBERS] * 5), max_size=20))
def test_a_page_is_always_sorted_single_and_real(rows: list[Any]) -> None:
    counts: Counter[str] = Counter()
    listed = [[OPEN_NOW + 60 * minutes, *rest] for minutes, *rest in rows]
    made = page(read_rows(listed, MINUTE, counts), MINUTE, NOW, counts)
    times = [one.time for one in made.closed]
    assert times == sorted(set(times))
    assert all(is_candle(one) and one.time + MINUTE <= NOW for one in made.closed)
    assert made.forming is None or (made.forming.time <= NOW < made.forming.time + MINUTE)
    kept = len(made.closed) + (made.forming is not None)
    assert kept + counts["refused"] + counts["duplicates"] == len(rows)


@pytest.mark.parametrize(
    "bad", [[OPEN_NOW, "NaN", 1, 1, 1, 1], [OPEN_NOW, 1, 1, 1, math.inf, 1], "x" * 900, [], None]
)
def test_one_refused_row_is_shown_cut_short(bad: object) -> None:
    good = [OPEN_NOW - 60, 1, 1, 1, 1, 1]
    assert refused_row([good], MINUTE) is None
    assert refused_row([good, bad, [7]], MINUTE) == repr(bad)[:80]


@pytest.mark.parametrize(
    ("rows", "worthless"),
    [
        ([], False),
        ([[60, 1, 1, 0, 0, 1]], True),
        ([[60, 1, 1, 0, "0.0", 1], "x"], True),
        ([[60, 1, 1, 0, 0, 1], [120, 1, 1, 1, 1, 1]], False),
        ([[120, 1, 1, 1, 0, 1], [60, 1, 1, 1, 1, 1]], True),
        ([[120, 1, 1, 1, "NaN", 1]], False),
        ([["NaN", 1, 1, 1, 0, 1]], False),
        ([[60, 1, 1]], False),
    ],
)
def test_a_token_is_worthless_when_its_newest_row_says_zero(
    rows: list[object], *, worthless: bool
) -> None:
    assert is_worthless(rows) == worthless
