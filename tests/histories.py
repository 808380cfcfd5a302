"""Made-up trades and equity for tests."""

import numpy as np
import polars as pl

from app.trading.returns import Marks
from app.trading.statistics import TRADE_SCHEMA

DAY = 86_400_000
HOUR = 3_600_000
FIRST = 20_000 * DAY

VECTOR = {1: -20, 2: 50, 4: 30, 5: -25, 7: 0, 8: 80, 10: -40, 12: -15, 15: 60, 18: 10}
"""P&L by day of the history that the definitions were worked out on by hand: it starts at 1000."""


def trades(*rows: tuple[int, int | None, int, int | None]) -> pl.DataFrame:
    """Lay trades out: entry time, exit time, lamports invested, P&L."""
    return pl.DataFrame(rows, schema=TRADE_SCHEMA, orient="row")


def lost_and_won(*pnl: int) -> pl.DataFrame:
    """Make trades of an hour each, one a day, in order."""
    return trades(*(((day * DAY), day * DAY + HOUR, 100, won) for day, won in enumerate(pnl)))


def by_day(*values: int, deposited: tuple[int, ...] | None = None) -> Marks:
    """Mark equity once a day, at its very end, after a start at the end of the day before."""
    paid = None if deposited is None else np.array(deposited, np.int64)
    times = FIRST - 1 + np.arange(len(values), dtype=np.int64) * DAY
    return Marks(times, np.array(values, np.int64), paid)


NOTHING = trades()
NO_MARKS = Marks(np.empty(0, np.int64), np.empty(0, np.int64))
