from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.providers.ohlcv import page, read_rows
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
