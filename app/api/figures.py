"""Statistics as the wire has them: lamports become SOL, milliseconds seconds."""

from typing import Any

from app.api.wire import iso_or_none, percent, seconds, sol_or_none
from app.trading.definitions import Definition, missing
from app.trading.statistics import Group, Statistics, TradeStatistics

Written = dict[str, Any]
LAMPORTS, MS = "_lamports", "_ms"
PERCENT = {
    *("total_return", "max_drawdown", "cagr"),
    *("average_mfe", "average_mae", "median_mfe", "median_mae"),
}
"""Fractions that the wire has in percent, and says so in their names."""

UNITS = {"lamports": "SOL", "ms": "seconds", "fraction": "fraction", "time": "ISO 8601"}
MORE = set(Statistics.__struct_fields__) - set(TradeStatistics.__struct_fields__)


def measures(figures: TradeStatistics) -> Written:
    """Write the figures of trades, and why those that are null do not exist."""
    written = {
        shown(field): value_of(field, getattr(figures, field))
        for field in TradeStatistics.__struct_fields__
    }
    written["nulls"] = {shown(field): why for field, why in missing(figures).items()}
    return written


def shown(field: str) -> str:
    """Name a figure as the wire does."""
    if field.endswith(LAMPORTS):
        return f"{field.removesuffix(LAMPORTS)}_sol"
    if field.endswith(MS):
        return f"{field.removesuffix(MS)}_seconds"
    return f"{field}_percent" if field in PERCENT else field


def value_of(field: str, value: Any) -> Any:
    """Write a figure in the wire's unit."""
    if field.endswith(LAMPORTS):
        return sol_or_none(value)
    if field.endswith(MS):
        return seconds(value)
    return percent(value) if field in PERCENT else value


def definition(one: Definition) -> Written:
    """Write what a figure means, under its name and in its unit on the wire."""
    unit = "percent" if one.name in PERCENT else UNITS.get(one.unit, one.unit)
    return {
        "name": shown(one.name),
        "title": one.title,
        "unit": unit,
        "topic": one.topic,
        "definition": one.text,
    }


def overall(figures: Statistics) -> Written:
    """Write the figures of a whole history."""
    times = ("drawdown_start", "drawdown_trough", "drawdown_recovery")
    more = {shown(field): value_of(field, getattr(figures, field)) for field in MORE}
    return {
        **measures(figures),
        **more,
        **{field: iso_or_none(getattr(figures, field)) for field in times},
        "intervals": {
            shown(field): {"low": value_of(field, low), "high": value_of(field, high)}
            for field, (low, high) in figures.intervals.items()
        },
    }


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
