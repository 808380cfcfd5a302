"""Two wallets side by side: level at the start, paired by day, and no verdict before its time."""

from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest

from app.trading.bootstrap import MIN_DAYS, MIN_TRADES
from app.trading.comparison import Side, Span, compare
from app.trading.returns import DAY_MS, Marks
from app.trading.statistics import TRADE_SCHEMA

DAY = 20_000
NOON = DAY * DAY_MS + DAY_MS // 2
SOL = 1_000_000_000
Trade = tuple[int, int | None, int, int | None]


def span(days: int) -> Span:
    """From noon to noon, so that one day more is touched."""
    return Span(NOON, NOON + (days - 1) * DAY_MS)


def side(
    values: Sequence[int], trades: Sequence[Trade] = (), start: int = SOL, at: int = DAY_MS - 1
) -> Side:
    """Mark a wallet once a day, the last value now."""
    times = [(DAY + number) * DAY_MS + at for number in range(len(values) - 1)]
    marks = Marks(np.array(times, np.int64), np.array(values[:-1], np.int64))
    frame = pl.DataFrame(list(trades), schema=TRADE_SCHEMA, orient="row")
    return Side(start, values[-1], frame, marks)


def grown(days: int, rate: float, start: int = SOL) -> list[int]:
    return [round(start * (1 + rate) ** (number + 1)) for number in range(days)]


def wins(days: int, pnl: int, first: int = NOON) -> list[Trade]:
    """One trade a day, entered and left within minutes."""
    return [(first + day * DAY_MS + 1, first + day * DAY_MS + 60_000, SOL // 10, pnl)
            for day in range(days)]  # fmt: skip


def test_a_steady_lead_is_better_and_the_other_way_worse() -> None:
    mine = side(grown(12, 0.02), wins(11, 500))
    theirs = side(grown(12, 0.01), wins(11, 200))
    found = compare(mine, theirs, span(12), 1)
    assert found.days == 12
    assert found.daily_return is not None
    assert found.daily_return.value == pytest.approx(0.01, abs=1e-6)
    assert found.daily_return.low > 0.009
    assert found.trade_pnl is not None
    assert (found.trade_pnl.value, found.trade_pnl.low, found.trade_pnl.high) == (300, 300, 300)
    assert found.verdict == "better"
    assert compare(theirs, mine, span(12), 1).verdict == "worse"
    assert (found.mine.trades, found.theirs.trades) == (11, 11)
    assert found.mine.total_return == pytest.approx(1.02**12 - 1, abs=1e-6)


def test_the_same_wallet_cannot_be_told_apart() -> None:
    one = side(grown(30, 0.01), wins(20, 5))
    found = compare(one, one, span(30), 1)
    assert found.daily_return is not None
    assert (found.daily_return.low, found.daily_return.high) == (0.0, 0.0)
    assert found.verdict == "cannot tell yet"


@pytest.mark.parametrize("days", [1, MIN_DAYS - 1])
def test_few_days_say_nothing(days: int) -> None:
    mine, theirs = side(grown(days, 0.05)), side(grown(days, 0.01))
    found = compare(mine, theirs, span(days), 1)
    assert (found.days, found.daily_return, found.trade_pnl) == (days, None, None)
    assert found.verdict == "cannot tell yet"


def test_few_trades_say_nothing_about_trades() -> None:
    mine, theirs = (
        side(grown(12, 0.02), wins(MIN_TRADES - 1, 9)),
        side(grown(12, 0.01), wins(11, 9)),
    )
    found = compare(mine, theirs, span(12), 1)
    assert found.trade_pnl is None
    assert found.daily_return is not None


def test_trades_from_before_do_not_count_and_open_ones_are_not_finished() -> None:
    before: Trade = (NOON - 1, NOON + 5, SOL, 77)
    still: Trade = (NOON + 5, None, SOL, None)
    found = compare(side([SOL], [before, still]), side([SOL]), span(1), 1)
    assert (found.mine.trades, found.mine.open_trades, found.mine.net_pnl_lamports) == (0, 1, 0)


def test_each_begins_with_what_it_was_worth() -> None:
    """The first day is half a day: what was marked in its first half is another's time."""
    late = Side(2 * SOL, 3 * SOL, pl.DataFrame(schema=TRADE_SCHEMA), Marks(*_empty()))
    found = compare(late, side([SOL, SOL]), span(2), 1)
    assert found.mine.total_return == pytest.approx(0.5)
    assert found.theirs.total_return == pytest.approx(0.0)


def _empty() -> tuple[np.ndarray, np.ndarray]:
    return np.empty(0, np.int64), np.empty(0, np.int64)


def test_a_coarse_mark_from_the_first_day_counts_for_its_end() -> None:
    """A day's mark bears the time at which the day begins, which is before both began."""
    found = compare(side([SOL * 2, SOL], at=0), side([SOL, SOL], at=0), span(2), 1)
    assert found.days == 2
    assert found.mine.max_drawdown == pytest.approx(0.5)


def test_amounts_are_scaled_to_the_others_start() -> None:
    mine = side(grown(12, 0.01, 10 * SOL), wins(11, 5_000), start=10 * SOL)
    theirs = side(grown(12, 0.01), wins(11, 200))
    found = compare(mine, theirs, span(12), 1)
    assert found.trade_pnl is not None
    assert found.trade_pnl.value == 300


def test_among_many_rivals_a_lead_must_be_clearer() -> None:
    """Of ten days two are bad: in one resample of 156 they outweigh the others, more than a
    twentieth of the 2.5 % that a single rival is allowed.
    """
    gains = [0.01] * 8 + [-0.008] * 2
    values = [
        round(SOL * float(np.prod([1 + gain for gain in gains[: day + 1]]))) for day in range(10)
    ]
    mine, theirs = side(values), side([SOL] * 10)
    assert compare(mine, theirs, span(10), 1).verdict == "better"
    assert compare(mine, theirs, span(10), 1, rivals=20).verdict == "cannot tell yet"
