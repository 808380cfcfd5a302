"""A run before and after it is summed up: trades and marks of equity become figures."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from app.research.loading import PER_CANDLE, Loaded
from app.research.results import Backtest, RunTrade
from app.trading.amounts import Floats, Ints
from app.trading.books import DAY_MS
from app.trading.returns import Marks
from app.trading.statistics import SEEN_SCHEMA, TRADE_SCHEMA, summarise

MOST_MARKS = 4_000
"""Points of an equity curve that a result keeps."""

SEED = 1

FRAME_SCHEMA = {
    **TRADE_SCHEMA,
    "token": pl.Int64,
    "strategy": pl.String,
    "exit_reason": pl.String,
}


class Outcome(NamedTuple):
    """A run before it is summed up: its trades, and marks of equity (Unix ms, lamports)."""

    trades: list[RunTrade]
    mark_times: Ints
    marks: Ints
    refusals: dict[str, int]
    driver: str

    def finish(self, tokens: Sequence[Loaded], price_path: str, seconds: float) -> Backtest:
        """Sum it up."""
        trades = frame_of(self.trades).hstack(excursions_of(self.trades, tokens, price_path))
        kept = thinned(self.mark_times)
        return Backtest(
            tokens=[one.run for one in tokens],
            trades=self.trades,
            equity_time=self.mark_times[kept].tolist(),
            equity=self.marks[kept].tolist(),
            statistics=summarise(trades, Marks(self.mark_times, self.marks), SEED),
            refusals=self.refusals,
            driver=self.driver,
            candles=sum(one.run.candles for one in tokens),
            seconds=seconds,
        )


def excursions_of(
    trades: Sequence[RunTrade], tokens: Sequence[Loaded], price_path: str
) -> pl.DataFrame:
    """Measure how far each closed trade went and when its peak was, on the prices it saw."""
    found: list[tuple[float | None, float | None, int | None]] = [(None, None, None)] * len(trades)
    for number, token in enumerate(tokens):
        prices, times = token.path(PER_CANDLE[price_path])
        for place, trade in enumerate(trades):
            if trade.token == number and trade.exit_time is not None:
                first = np.searchsorted(times, trade.entry_time, side="right")
                last = np.searchsorted(times, trade.exit_time, side="right")
                found[place] = _excursion(trade, prices[first:last], times[first:last])
    return pl.DataFrame(found, schema=SEEN_SCHEMA, orient="row")


def _excursion(trade: RunTrade, prices: Floats, times: Ints) -> tuple[float, float, int]:
    peak = int(np.argmax(prices))
    best, worst = float(prices[peak]), float(prices.min())
    mfe, mae = best / trade.entry_price - 1.0, worst / trade.entry_price - 1.0
    waited = int(times[peak]) - trade.entry_time if mfe > 0 else 0
    return max(mfe, 0.0), min(mae, 0.0), waited


def frame_of(trades: Sequence[RunTrade]) -> pl.DataFrame:
    """Lay trades out as statistics want them; strategies and reasons can be grouped by."""
    rows = [
        (
            one.entry_time,
            one.exit_time,
            one.cost,
            one.pnl,
            one.token,
            one.strategy,
            one.exit_reason,
        )
        for one in trades
    ]
    return pl.DataFrame(rows, schema=FRAME_SCHEMA, orient="row")


def ends_of_days(times: Ints) -> Ints:
    """Find the places of each day's last moment, in UTC; times (Unix ms) rise, one at least."""
    return np.append(np.flatnonzero(np.diff(times // DAY_MS)), len(times) - 1)


def thinned(times: Ints) -> Ints:
    """Choose the marks that a curve keeps: the ends of days, the first, the last, some between."""
    if len(times) <= MOST_MARKS:
        return np.arange(len(times))
    even = np.linspace(0, len(times) - 1, MOST_MARKS).astype(np.int64)
    return np.unique(np.concatenate((ends_of_days(times), even)))
