"""What a history was worth: every figure once, for a wallet, a backtest or a group of trades.

Figures of trades are Polars expressions, so that the same definition serves the whole and every
group; figures of equity stand in `returns`. Amounts are exact lamports, ratios are float64 taken at
the end. A figure that does not exist is None, never 0, NaN or infinity.
"""

import math
from collections.abc import Callable

import msgspec
import numpy as np
import polars as pl

from app.trading import returns as equity
from app.trading.amounts import Floats, Ints
from app.trading.bootstrap import intervals
from app.trading.measures import MEASURES
from app.trading.returns import Drawdown, Marks

TRADE_SCHEMA = {
    "entry_time": pl.Int64,
    "exit_time": pl.Int64,
    "sol_invested": pl.Int64,
    "pnl_sol": pl.Int64,
}
"""What a frame of trades must hold, in Unix ms and lamports; any other column may be grouped by.

Exit time and P&L are null while a trade is open.
"""

SEEN_SCHEMA = {"mfe": pl.Float64, "mae": pl.Float64, "time_to_peak": pl.Int64}
"""What it may hold besides: best and worst unrealised return, and ms from the entry to the peak."""

_ENDED = pl.from_epoch("exit_time", "ms").dt.replace_time_zone("UTC")
CALENDAR: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "day": lambda ended: ended.dt.date().cast(pl.String),
    "hour": lambda ended: ended.dt.hour(),
    "weekday": lambda ended: ended.dt.weekday(),
}
"""Groupings by when a trade ended: an ISO date, 0 to 23, and 1 (Monday) to 7."""


class TradeStatistics(msgspec.Struct, frozen=True, kw_only=True):
    """Figures of trades. `trades` counts finished ones; volume and average size hold open ones too.

    A loss is shown as a positive amount in `gross_loss` and `average_loss`, holding is in ms.
    `excursions` counts the finished trades whose prices while open are known.
    """

    trades: int
    open_trades: int
    wins: int
    losses: int
    draws: int
    win_rate: float | None
    net_pnl_lamports: int
    gross_win_lamports: int
    gross_loss_lamports: int
    profit_factor: float | None
    expectancy_lamports: float | None
    expectancy_ratio: float | None
    average_win_lamports: float | None
    average_loss_lamports: float | None
    best_lamports: int | None
    worst_lamports: int | None
    sqn: float | None
    volume_lamports: int
    average_size_lamports: float | None
    longest_wins: int
    longest_losses: int
    median_holding_ms: float | None
    mean_holding_ms: float | None
    median_holding_wins_ms: float | None
    mean_holding_wins_ms: float | None
    median_holding_losses_ms: float | None
    mean_holding_losses_ms: float | None
    excursions: int
    average_mfe: float | None
    average_mae: float | None
    median_mfe: float | None
    median_mae: float | None
    median_time_to_peak_ms: float | None


class Group(TradeStatistics, frozen=True, kw_only=True):
    """Figures of the trades that share a key; the key is None where the trades have none."""

    key: str | int | None


class Statistics(TradeStatistics, frozen=True, kw_only=True):
    """Figures of a whole history: its trades and its equity.

    `intervals` holds a bootstrap 95 % interval by figure, from 10 trades on. Annualised figures
    (Sharpe, Sortino, CAGR, Calmar) mean little unless `annualised_reliable`: 30 days or more.
    """

    days: int
    total_return: float | None
    exposure: float | None
    max_drawdown: float | None
    drawdown_start: int | None
    drawdown_trough: int | None
    drawdown_recovery: int | None
    sharpe: float | None
    sortino: float | None
    cagr: float | None
    calmar: float | None
    annualised_reliable: bool
    intervals: dict[str, tuple[float, float]]


def summarise(trades: pl.DataFrame, marks: Marks, seed: int | None = None) -> Statistics:
    """Work out every figure of a history; `trades` as in TRADE_SCHEMA, `marks` oldest first.

    With a seed it draws the bootstrap intervals, the same ones for the same seed.
    """
    days = equity.daily(marks)
    fall = equity.deepest_drawdown(days.time, days.growth) or Drawdown(math.nan, None, None, None)
    row = _in_order(trades).select(**MEASURES).row(0, named=True)
    finished = trades.get_column("pnl_sol").drop_nulls().to_numpy()
    figures = {
        **row,
        "days": len(days.returns),
        "total_return": _known(days.growth[-1] - 1.0) if len(days.growth) else None,
        "exposure": exposure(trades, marks),
        "max_drawdown": _known(fall.fraction),
        "drawdown_start": fall.start,
        "drawdown_trough": fall.trough,
        "drawdown_recovery": fall.recovery,
        "sharpe": _known(equity.sharpe(days.returns)),
        "sortino": _known(equity.sortino(days.returns)),
        "cagr": _known(equity.cagr(days.returns)),
        "calmar": _known(equity.calmar(days.returns)),
        "annualised_reliable": len(days.returns) >= equity.RELIABLE_DAYS,
        "intervals": {} if seed is None else intervals(finished, days.returns, seed),
    }
    return msgspec.convert(figures, Statistics)


def group(trades: pl.DataFrame, by: str, zone: str = "UTC") -> list[Group]:
    """Work out the figures of trades (TRADE_SCHEMA) by a column, or by `day`, `hour`, `weekday`.

    `zone` is whose calendar it is, by its IANA name. By the calendar and by `exit_reason` only
    finished trades count. Groups come in order of their key, that of trades without a key last.
    Raises ValueError for a column that is not there.
    """
    if by not in CALENDAR and by not in trades.columns:
        names = set(trades.columns) - TRADE_SCHEMA.keys() - SEEN_SCHEMA.keys()
        known = ", ".join([*CALENDAR, *sorted(names)])
        message = f"cannot group by {by!r}, only by {known}"
        raise ValueError(message)
    ended = by in CALENDAR or by == "exit_reason"
    rows = trades.filter(pl.col("exit_time").is_not_null()) if ended else trades
    ending = CALENDAR.get(by)
    key = pl.col(by) if ending is None else ending(_ENDED.dt.convert_time_zone(zone))
    groups = (
        _in_order(rows)
        .group_by(key.alias("key"), maintain_order=True)
        .agg(**MEASURES)
        .sort("key", nulls_last=True)
    )
    return [msgspec.convert(row, Group) for row in groups.iter_rows(named=True)]


def exposure(trades: pl.DataFrame, marks: Marks) -> float | None:
    """Measure the share of the time between first and last mark with at least one open trade."""
    if len(marks.time) == 0 or marks.time[-1] == marks.time[0]:
        return None
    start, end = marks.time[0], marks.time[-1]
    rows = trades.select("entry_time", pl.col("exit_time").fill_null(end)).sort("entry_time")
    entered = np.clip(rows.get_column("entry_time").to_numpy(), start, end)
    left = np.clip(rows.get_column("exit_time").to_numpy(), start, end)
    covered = np.maximum.accumulate(np.concatenate(([start], left)))
    alone = np.maximum(left - np.maximum(entered, covered[:-1]), 0)
    return float(alone.sum() / (end - start))


def excursions(
    entry: Floats, first: Ints, last: Ints, highs: Floats, lows: Floats
) -> tuple[Floats, Floats]:
    """Measure the best and worst unrealised return (MFE, MAE) of trades in one token.

    `entry` holds their prices, `first` and `last` the rows of `highs` and `lows` that each was open
    for, `last` excluded. The entry counts too: MFE is never below 0, MAE never above.
    """
    edges = np.column_stack((first, last)).ravel()
    seen = last > first
    best = np.maximum.reduceat(np.append(highs, 0.0), edges)[::2]
    worst = np.minimum.reduceat(np.append(lows, 0.0), edges)[::2]
    mfe = np.where(seen, np.maximum(best, entry), entry) / entry - 1.0
    mae = np.where(seen, np.minimum(worst, entry), entry) / entry - 1.0
    return mfe, mae


def _in_order(trades: pl.DataFrame) -> pl.DataFrame:
    unseen = [name for name in SEEN_SCHEMA if name not in trades.columns]
    return trades.with_columns(pl.lit(None, SEEN_SCHEMA[name]).alias(name) for name in unseen).sort(
        "exit_time", "entry_time", nulls_last=True, maintain_order=True
    )


def _known(value: float | Floats) -> float | None:
    figure = float(value)
    return figure if math.isfinite(figure) else None
