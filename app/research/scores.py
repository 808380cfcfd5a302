"""The figures of many combinations at once: trades by Polars, days along the rows of a matrix."""

from collections.abc import Sequence

import msgspec
import numpy as np
import polars as pl

from app.research.passes import Played
from app.research.results import Score
from app.trading import returns as equity
from app.trading.amounts import Floats
from app.trading.books import DAY_MS
from app.trading.measures import MEASURES

BY_TRADES = {
    "trades": MEASURES["trades"],
    "open_trades": MEASURES["open_trades"],
    "wins": MEASURES["wins"],
    "losses": MEASURES["losses"],
    "net_pnl": MEASURES["net_pnl_lamports"],
    "volume": MEASURES["volume_lamports"],
    "win_rate": MEASURES["win_rate"],
    "profit_factor": MEASURES["profit_factor"],
    "expectancy": MEASURES["expectancy_lamports"],
    "sqn": MEASURES["sqn"],
}
COUNTS = ("trades", "open_trades", "wins", "losses", "net_pnl", "volume")


def daily_returns(played: Played) -> Floats:
    """Turn equity at the ends of days into returns: a row a combination, a column a day.

    A day without candles stands still.
    """
    values = played.equity.astype(np.float64)
    days = played.times[1:] // DAY_MS
    returns = np.zeros((len(values), int(days[-1] - days[0]) + 1))
    returns[:, days - days[0]] = values[:, 1:] / values[:, :-1] - 1.0
    return returns


def scores(played: Played) -> list[Score]:
    """Work out the figures of every combination."""
    returns = daily_returns(played)
    by_day = {
        "total_return": played.equity[:, -1] / played.equity[:, 0] - 1.0,
        "max_drawdown": equity.max_drawdown(returns),
        "sharpe": equity.sharpe(returns),
        "sortino": equity.sortino(returns),
        "cagr": equity.cagr(returns),
        "calmar": equity.calmar(returns),
    }
    days = pl.DataFrame({"combination": np.arange(len(returns)), **by_day})
    rows = days.join(by_trades(played), on="combination", how="left", maintain_order="left")
    known = rows.with_columns(
        pl.col(COUNTS).fill_null(0), pl.col(pl.Float64).replace([np.nan, np.inf, -np.inf], None)
    )
    return msgspec.convert(known.drop("combination").to_dicts(), list[Score])


def by_trades(played: Played) -> pl.DataFrame:
    """Work out the figures of trades, a row for each combination that has any."""
    names = ("combination", "entry_time", "exit_time", "sol_invested", "pnl_sol")
    trades = pl.DataFrame(played.trades, schema=names, orient="row")
    closed = pl.col("exit_time") >= 0
    return (
        trades.with_columns(
            pl.when(closed).then(pl.col("exit_time")), pl.when(closed).then(pl.col("pnl_sol"))
        )
        .group_by("combination")
        .agg(**BY_TRADES)
    )


def objective(found: Sequence[Score], name: str) -> Floats:
    """Lay out one figure of many scores; NaN where it does not exist."""
    values = [getattr(one, name) for one in found]
    return np.array([np.nan if value is None else value for value in values], np.float64)
