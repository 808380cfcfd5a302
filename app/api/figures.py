"""Statistics as the wire has them: lamports become SOL, milliseconds seconds."""

from typing import Any

import polars as pl

from app.api.wire import iso_or_none, percent, seconds, sol_or_none
from app.store.trades import TradeLine
from app.trading.statistics import TRADE_SCHEMA, Group, Statistics, TradeStatistics

Written = dict[str, Any]
COLUMNS = {
    **TRADE_SCHEMA,
    "token": pl.String,
    "symbol": pl.String,
    "source": pl.String,
    "strategy": pl.String,
    "exit_reason": pl.String,
}
LAMPORTS, MS = "_lamports", "_ms"


def frame(lines: list[TradeLine]) -> pl.DataFrame:
    """Lay trades in columns."""
    rows = [
        (
            line.entry_time,
            line.exit_time,
            line.sol_invested,
            line.pnl_sol,
            line.mint,
            line.symbol,
            line.source,
            line.strategy,
            line.exit_reason,
        )
        for line in lines
    ]
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def measures(figures: TradeStatistics) -> Written:
    """Write the figures of trades."""
    return {
        name: value
        for field in TradeStatistics.__struct_fields__
        for name, value in [_renamed(field, getattr(figures, field))]
    }


def _renamed(field: str, value: Any) -> tuple[str, Any]:
    if field.endswith(LAMPORTS):
        return f"{field.removesuffix(LAMPORTS)}_sol", sol_or_none(value)
    if field.endswith(MS):
        return f"{field.removesuffix(MS)}_seconds", seconds(value)
    return field, value


def overall(figures: Statistics) -> Written:
    """Write the figures of a whole history."""
    return {
        **measures(figures),
        "days": figures.days,
        "total_return_percent": percent(figures.total_return),
        "exposure": figures.exposure,
        "max_drawdown_percent": percent(figures.max_drawdown),
        "drawdown_start": iso_or_none(figures.drawdown_start),
        "drawdown_trough": iso_or_none(figures.drawdown_trough),
        "drawdown_recovery": iso_or_none(figures.drawdown_recovery),
        "sharpe": figures.sharpe,
        "sortino": figures.sortino,
        "cagr_percent": percent(figures.cagr),
        "calmar": figures.calmar,
        "annualised_reliable": figures.annualised_reliable,
        "intervals": dict(_interval(name, *ends) for name, ends in figures.intervals.items()),
    }


PERCENT = {"total_return", "max_drawdown", "cagr"}


def _interval(name: str, low: float, high: float) -> tuple[str, Written]:
    """Write an interval under the name and in the unit of its figure."""
    if name in PERCENT:
        return f"{name}_percent", {"low": percent(low), "high": percent(high)}
    shown = _renamed(name, low)[0]
    return shown, {"low": _renamed(name, low)[1], "high": _renamed(name, high)[1]}


def groups(found: list[Group]) -> list[Written]:
    """Write figures by group."""
    return [{"key": None if one.key is None else str(one.key), **measures(one)} for one in found]


def days(found: list[Group]) -> list[Written]:
    """Write what each day came to."""
    return [
        {
            "day": str(one.key),
            "trades": one.trades,
            "wins": one.wins,
            "losses": one.losses,
            "net_pnl_sol": sol_or_none(one.net_pnl_lamports),
            "volume_sol": sol_or_none(one.volume_lamports),
        }
        for one in found
    ]
