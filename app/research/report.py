"""A backtest as one HTML file to share: figures with their definitions, curves, trades, settings,
code version and data hash. It needs no network and no script.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import numpy as np

from app.research.drawings import curve
from app.research.report_about import About, about_part, period, tokens_part
from app.research.report_parts import (
    DEFINITIONS,
    NOTHING,
    cards,
    figure,
    moment,
    number,
    page,
    percent,
    signed,
    sol,
    table,
    text,
)
from app.research.results import Backtest, RunTrade
from app.trading.amounts import LAMPORTS_PER_SOL
from app.trading.definitions import missing
from app.trading.statistics import Statistics

MOST_TRADES = 2_000
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def backtest_report(about: About, result: Backtest) -> str:
    """Write a backtest as a page."""
    figures = result.statistics
    tokens = ", ".join(token.symbol for token in result.tokens)
    title = text(about.name or f"Backtest of {tokens}")
    falls = drawdowns(result.equity)
    body = [
        f"<h1>{title}</h1>",
        f"<p class=soft>{text(tokens)}, {period(result.tokens)}</p>",
        _most_important(figures, result),
        "<h2>Equity</h2>",
        curve(
            result.equity_time,
            [value / LAMPORTS_PER_SOL for value in result.equity],
            "Equity in SOL over time",
        ),
        "<h2>Drawdown</h2>",
        curve(result.equity_time, [100 * fall for fall in falls], "Drawdown in percent", 140),
        *_calendar(result.trades),
        *_statistics(figures),
        *_trades(result),
        *tokens_part(result.tokens),
        *about_part(about, result.refusals),
    ]
    return page(title, body)


def drawdowns(equity: Sequence[int]) -> list[float]:
    """Measure how far each value is below the highest before it, as fractions not above 0."""
    values = np.asarray(equity, np.float64)
    peaks = np.maximum.accumulate(values)
    falls: list[float] = np.divide(values - peaks, peaks, where=peaks > 0, out=0 * values).tolist()
    return falls


def _most_important(figures: Statistics, result: Backtest) -> str:
    start, end = (result.equity[0], result.equity[-1]) if result.equity else (None, None)
    return cards(
        (
            ("Start", sol(start)),
            ("End", sol(end)),
            ("Net P&L", signed(figures.net_pnl_lamports)),
            ("Return", percent(figures.total_return)),
            ("Max drawdown", percent(figures.max_drawdown)),
            ("Trades", f"{figures.trades:,}"),
            ("Win rate", percent(figures.win_rate)),
            ("Profit factor", number(figures.profit_factor)),
        )
    )


def _calendar(trades: Sequence[RunTrade]) -> list[str]:
    """Write what months and days came to, by when trades ended."""
    months: defaultdict[tuple[int, int], int] = defaultdict(int)
    days: defaultdict[str, list[int]] = defaultdict(list)
    for trade in trades:
        if trade.exit_time is not None and trade.pnl is not None:
            ended = datetime.fromtimestamp(trade.exit_time / 1000, UTC)
            months[ended.year, ended.month] += trade.pnl
            days[f"{ended:%Y-%m-%d}"].append(trade.pnl)
    if not months:
        return []
    years = sorted({year for year, _ in months})
    rows = [
        [
            str(year),
            *(signed(months.get((year, month))) for month in range(1, 13)),
            signed(sum(pnl for (one, _), pnl in months.items() if one == year)),
        ]
        for year in years
    ]
    daily = [(day, f"{len(pnl):,}", signed(sum(pnl))) for day, pnl in sorted(days.items())]
    return [
        "<h2>P&amp;L by month</h2>",
        table(["Year", *(f"#{name}" for name in MONTHS), "#Year’s"], rows),
        f"<details><summary>P&amp;L by day ({len(daily)})</summary>",
        table(["Day (UTC)", "#Trades ended", "#Net P&L"], daily),
        "</details>",
    ]


def _statistics(figures: Statistics) -> list[str]:
    why = missing(figures)
    rows = []
    for one in DEFINITIONS:
        value = getattr(figures, one.name)
        if isinstance(value, Mapping):
            shown = "below each figure" if value else NOTHING
        else:
            shown = figure(one.unit, value)
        ends = figures.intervals.get(one.name)
        if ends is not None:
            shown += (
                f"<br><span class=soft>{' to '.join(figure(one.unit, end) for end in ends)}</span>"
            )
        words = text(one.text)
        if value is None:
            words += f" <span class=soft>Not here: {text(why.get(one.name, 'unknown'))}.</span>"
        rows.append((text(one.title), shown, words))
    return ["<h2>Statistics</h2>", table(["Figure", "#Value", "Definition"], rows)]


def _trades(result: Backtest) -> list[str]:
    shown = result.trades[-MOST_TRADES:]
    rows = [
        (
            text(result.tokens[one.token].symbol),
            text(one.strategy),
            moment(one.entry_time),
            number(one.entry_price, 9),
            sol(one.cost),
            moment(one.exit_time),
            NOTHING if one.exit_price is None else number(one.exit_price, 9),
            text(one.exit_reason or "open"),
            signed(one.pnl),
            NOTHING if one.pnl is None else percent(one.pnl / one.cost),
        )
        for one in shown
    ]
    heads = ["Token", "Strategy", "Entry (UTC)", "#Price", "#Invested"]
    heads += ["Exit (UTC)", "#Price", "Reason", "#Net P&L", "#Return"]
    left_out = len(result.trades) - len(shown)
    caption = (
        f"The last {MOST_TRADES:,}; {left_out:,} before them are left out." if left_out else ""
    )
    return [f"<h2>Trades ({len(result.trades):,})</h2>", table(heads, rows, caption)]
