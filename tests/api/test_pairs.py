"""A wallet beside its shadow over weeks, of which older marks are kept by the hour and the day."""

import polars as pl
import pytest

from app.api.pairs import History, side_of
from app.trading.comparison import Span, compare
from app.trading.ledger import SnapshotRow
from app.trading.statistics import TRADE_SCHEMA

DAY = 86_400_000
HOUR = 3_600_000
NOON = 20_000 * DAY + 12 * HOUR
SPAN = Span(NOON, NOON + 11 * DAY)
SOL = 1_000_000_000
NO_TRADES = pl.DataFrame(schema=TRADE_SCHEMA)


def mark(resolution: str, at: int, value: int) -> SnapshotRow:
    return SnapshotRow(1, resolution, at, value, value, value - SOL)


@pytest.mark.parametrize(
    ("row", "counts"),
    [
        (mark("1m", NOON - 1, 5), False),
        (mark("1m", NOON, 5), True),
        (mark("1h", NOON - HOUR - 1, 5), False),
        (mark("1h", NOON - HOUR // 2, 5), True),
        (mark("1d", NOON - 12 * HOUR, 5), True),
        (mark("1d", NOON - 36 * HOUR - 1, 5), False),
    ],
)
def test_a_mark_counts_from_when_it_was_made(row: SnapshotRow, counts: bool) -> None:
    side = side_of(History(NO_TRADES, [row]), SOL, SOL, SPAN)
    assert side.marks.value.tolist() == ([5] if counts else [])


def test_weeks_of_daily_marks_tell_who_leads() -> None:
    """A day's mark bears its midnight: that of the first day is from after both began."""
    ahead = [mark("1d", (20_000 + day) * DAY, round(SOL * 1.01 ** (day + 1))) for day in range(11)]
    level = [mark("1d", (20_000 + day) * DAY, SOL) for day in range(11)]
    shadow = side_of(History(NO_TRADES, ahead), SOL, round(SOL * 1.01**12), SPAN)
    wallet = side_of(History(NO_TRADES, level), SOL, SOL, SPAN)
    found = compare(shadow, wallet, SPAN, 1, rivals=20)
    assert (found.days, found.verdict) == (12, "better")
    assert found.daily_return is not None
    assert found.daily_return.low == pytest.approx(0.01, abs=1e-6)
    assert found.mine.total_return == pytest.approx(1.01**12 - 1, abs=1e-6)
    assert compare(wallet, shadow, SPAN, 1).verdict == "worse"
