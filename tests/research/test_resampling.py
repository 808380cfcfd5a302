import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from app.store.history_candles import check, resample
from app.store.history_errors import UnknownTimeframeError
from app.trading.entry import CANDLE_SCHEMA
from app.trading.market import TIMEFRAMES, Candle
from tests.research.series import START, candles

MINUTE = TIMEFRAMES["1m"]
STEPS = [
    ("1s", "1m", "1h"),
    ("1m", "5m", "1h"),
    ("1m", "15m", "1d"),
    ("5m", "1h", "4h"),
    ("15m", "4h", "1d"),
]


def joined(frame: pl.DataFrame, width: int, known_until: int) -> list[Candle]:
    """Join candles one by one."""
    found: dict[int, list[Candle]] = {}
    for one in map(Candle._make, frame.rows()):
        found.setdefault(one.time // width * width, []).append(one)
    return [
        Candle(
            opened,
            of[0].open,
            max(one.high for one in of),
            min(one.low for one in of),
            of[-1].close,
            sum(one.volume for one in of),
        )
        for opened, of in found.items()
        if opened + width <= known_until
    ]


@given(
    steps=st.sampled_from(STEPS),
    rows=st.integers(0, 700),
    offset=st.integers(0, 100),
    kept=st.integers(1, 10),
    seed=st.integers(0, 1_000),
)
def test_two_steps_are_one(
    steps: tuple[str, str, str], rows: int, offset: int, kept: int, seed: int
) -> None:
    fine, middle, coarse = steps
    start = START + offset * TIMEFRAMES[fine]
    frame = candles(rows, fine, start=start, seed=seed).sample(fraction=kept / 10, seed=seed)
    frame = frame.sort("time")
    at_once = resample(frame, fine, coarse)
    end = frame["time"][-1] + TIMEFRAMES[fine] if frame.height else 0
    assert [Candle._make(row) for row in at_once.rows()] == joined(frame, TIMEFRAMES[coarse], end)
    check(at_once, coarse)
    halfway = resample(frame, fine, middle)
    # What a gap hides of the middle's last candle is not known to the second step.
    assert_frame_equal(resample(halfway, middle, coarse, known_until=end), at_once)


def test_an_incomplete_last_candle_is_left_out() -> None:
    frame = candles(14)
    assert resample(frame, "1m", "5m")["time"].to_list() == [START, START + 5 * MINUTE]
    assert resample(frame[:10], "1m", "5m").height == 2
    assert resample(frame[:9], "1m", "5m").height == 1
    assert resample(frame[:9], "1m", "5m", known_until=START + 10 * MINUTE).height == 2


def test_the_first_candle_may_begin_late() -> None:
    late = resample(candles(10)[3:], "1m", "5m")
    assert late["time"].to_list() == [START, START + 5 * MINUTE]
    assert late["open"][0] == candles(10)["open"][3]


def test_a_gap_stays_a_gap() -> None:
    frame = pl.concat([candles(5), candles(15)[10:]])
    assert resample(frame, "1m", "5m")["time"].to_list() == [START, START + 10 * MINUTE]


def test_nothing_stays_nothing() -> None:
    empty = pl.DataFrame(schema=CANDLE_SCHEMA)
    assert resample(empty, "1m", "1d").schema == empty.schema


@pytest.mark.parametrize(
    ("finer", "coarser"), [("5m", "1m"), ("1m", "2m"), ("2m", "1h"), ("1h", "")]
)
def test_only_coarser_ones_can_be_made(finer: str, coarser: str) -> None:
    with pytest.raises(UnknownTimeframeError):
        resample(candles(3), finer, coarser)
