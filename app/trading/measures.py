"""Figures of trades as Polars expressions: one definition for a history, a group or a resample.

They stand over the columns of a trade (`entry_time` and `exit_time` in Unix ms, `sol_invested` and
`pnl_sol` in lamports; exit and P&L are null while it is open; `mfe`, `mae` and `time_to_peak` are
null where no prices are known), in the order in which trades ended.
A figure that does not exist is null.
"""

import polars as pl

_PNL = pl.col("pnl_sol")
_WIN, _LOSS = _PNL > 0, _PNL < 0
_TRADES, _WINS, _LOSSES = _PNL.count(), _WIN.sum(), _LOSS.sum()
_GROSS_WIN, _GROSS_LOSS = _PNL.filter(_WIN).sum(), -_PNL.filter(_LOSS).sum()
_HELD = pl.col("exit_time") - pl.col("entry_time")
_VOLUME = pl.col("sol_invested").sum()
_SEEN = pl.col("mfe")
_RUNS = _PNL.sign().rle().struct


def _ratio(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    return pl.when(whole > 0).then(part / whole)


def _longest(sign: int) -> pl.Expr:
    lengths = _RUNS.field("len").filter(_RUNS.field("value") == sign)
    return lengths.max().fill_null(0)


_WIN_RATE = _ratio(_WINS, _TRADES)
_AVERAGE_WIN, _AVERAGE_LOSS = _ratio(_GROSS_WIN, _WINS), _ratio(_GROSS_LOSS, _LOSSES)

RATIOS: dict[str, pl.Expr] = {
    "win_rate": _WIN_RATE,
    "profit_factor": _ratio(_GROSS_WIN, _GROSS_LOSS),
    "expectancy_lamports": _ratio(_PNL.sum(), _TRADES),
    "expectancy_ratio": (1 + _AVERAGE_WIN.fill_null(0) / _AVERAGE_LOSS) * _WIN_RATE - 1,
    "sqn": pl.when(_PNL.max() > _PNL.min()).then(_TRADES.sqrt() * _PNL.mean() / _PNL.std(ddof=1)),
}
"""What can be resampled: figures of the P&L alone, in any order."""

MEASURES: dict[str, pl.Expr] = {
    **RATIOS,
    "trades": _TRADES,
    "open_trades": _PNL.null_count(),
    "wins": _WINS,
    "losses": _LOSSES,
    "draws": (_PNL == 0).sum(),
    "net_pnl_lamports": _PNL.sum(),
    "gross_win_lamports": _GROSS_WIN,
    "gross_loss_lamports": _GROSS_LOSS,
    "average_win_lamports": _AVERAGE_WIN,
    "average_loss_lamports": _AVERAGE_LOSS,
    "best_lamports": _PNL.max(),
    "worst_lamports": _PNL.min(),
    "volume_lamports": _VOLUME,
    "average_size_lamports": _ratio(_VOLUME, pl.len()),
    "longest_wins": _longest(1),
    "longest_losses": _longest(-1),
    "median_holding_ms": _HELD.median(),
    "mean_holding_ms": _HELD.mean(),
    "median_holding_wins_ms": _HELD.filter(_WIN).median(),
    "mean_holding_wins_ms": _HELD.filter(_WIN).mean(),
    "median_holding_losses_ms": _HELD.filter(_LOSS).median(),
    "mean_holding_losses_ms": _HELD.filter(_LOSS).mean(),
    "excursions": _SEEN.count(),
    "average_mfe": _SEEN.mean(),
    "average_mae": pl.col("mae").mean(),
    "median_mfe": _SEEN.median(),
    "median_mae": pl.col("mae").median(),
    "median_time_to_peak_ms": pl.col("time_to_peak").median(),
}
