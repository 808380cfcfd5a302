"""A few figures of a result, for lists: raw, under the names of the statistics."""

from typing import Any

from app.research.results import Backtest, Score, Sweep
from app.trading.statistics import Statistics

SHOWN = ("trades", "win_rate", "profit_factor", "total_return", "max_drawdown", "sharpe")


def figures_of(figures: Statistics | Score) -> dict[str, Any]:
    """Pick the figures that a list shows."""
    net = figures.net_pnl if isinstance(figures, Score) else figures.net_pnl_lamports
    return {"net_pnl_lamports": net, **{name: getattr(figures, name) for name in SHOWN}}


def summary_of(result: Backtest | Sweep) -> dict[str, Any]:
    """Sum a result up; a sweep by its best combination, out of the sample where there is one."""
    summed: dict[str, Any] = {
        "tokens": [token.symbol for token in result.tokens],
        "candles": result.candles,
    }
    if isinstance(result, Backtest):
        return {**summed, "figures": figures_of(result.statistics)}
    best = result.rows[0] if result.rows else None
    return {
        **summed,
        "combinations": result.combinations,
        "best": None if best is None else best.params,
        "figures": None if best is None else figures_of(best.outside or best.inside),
    }
