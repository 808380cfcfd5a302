"""What every figure means, once: for the page that shows it, for the docs and for who checks it.

A figure's name is its field in `statistics`, its unit that of the field; the figures of signals
stand in `glossary`. A figure that does not exist is None, and `missing` says why in words a trader
understands.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

from app.trading.statistics import Statistics, TradeStatistics

Unit = Literal[
    "count",
    "lamports",
    "SOL",
    "fraction",
    "percent",
    "ratio",
    "ms",
    "seconds",
    "time",
    "days",
    "flag",
]
Topic = Literal["trades", "equity", "excursions", "skipped", "scorecards"]


class Definition(NamedTuple):
    """A figure: its field, what people call it, its unit, and how it is computed."""

    name: str
    title: str
    unit: Unit
    topic: Topic
    text: str


def define(topic: Topic, *rows: tuple[str, str, Unit, str]) -> tuple[Definition, ...]:
    """Make definitions of one topic: field, title, unit and text."""
    return tuple(Definition(name, title, unit, topic, text) for name, title, unit, text in rows)


TRADES = define(
    "trades",
    ("trades", "Trades", "count", "Finished trades: every unit was sold."),
    ("open_trades", "Open trades", "count", "Trades that still hold something."),
    ("wins", "Wins", "count", "Finished trades with a net P&L above 0."),
    ("losses", "Losses", "count", "Finished trades with a net P&L below 0."),
    ("draws", "Draws", "count", "Finished trades with a net P&L of exactly 0."),
    ("win_rate", "Win rate", "fraction", "Wins ÷ finished trades; draws count as trades."),
    (
        "net_pnl_lamports",
        "Net P&L",
        "lamports",
        "Σ (SOL returned − SOL invested) of finished trades, all fees inside.",
    ),
    ("gross_win_lamports", "Gross win", "lamports", "Σ net P&L of winning trades."),
    ("gross_loss_lamports", "Gross loss", "lamports", "|Σ net P&L| of losing trades."),
    ("profit_factor", "Profit factor", "ratio", "Gross win ÷ gross loss."),
    ("expectancy_lamports", "Expectancy", "lamports", "Mean net P&L of a finished trade."),
    (
        "expectancy_ratio",
        "Expectancy ratio",
        "ratio",
        "(1 + average win ÷ average loss) · win rate − 1.",
    ),
    ("average_win_lamports", "Average win", "lamports", "Gross win ÷ wins."),
    ("average_loss_lamports", "Average loss", "lamports", "Gross loss ÷ losses."),
    ("best_lamports", "Best trade", "lamports", "Highest net P&L of a finished trade."),
    ("worst_lamports", "Worst trade", "lamports", "Lowest net P&L of a finished trade."),
    (
        "sqn",
        "SQN",
        "ratio",
        "√n · mean(P&L) ÷ standard deviation(P&L, ddof 1), n = finished trades.",
    ),
    ("volume_lamports", "Volume", "lamports", "Σ SOL invested, open trades included."),
    ("average_size_lamports", "Average size", "lamports", "Volume ÷ trades, open ones included."),
    (
        "longest_wins",
        "Longest winning streak",
        "count",
        "Most wins in a row, in the order of exits; a draw ends a streak.",
    ),
    (
        "longest_losses",
        "Longest losing streak",
        "count",
        "Most losses in a row, in the order of exits; a draw ends a streak.",
    ),
    ("median_holding_ms", "Median holding time", "ms", "Median of exit − entry."),
    ("mean_holding_ms", "Mean holding time", "ms", "Mean of exit − entry."),
    ("median_holding_wins_ms", "Median holding time of wins", "ms", "The same, of wins."),
    ("mean_holding_wins_ms", "Mean holding time of wins", "ms", "The same, of wins."),
    ("median_holding_losses_ms", "Median holding time of losses", "ms", "The same, of losses."),
    ("mean_holding_losses_ms", "Mean holding time of losses", "ms", "The same, of losses."),
)

EXCURSIONS = define(
    "excursions",
    (
        "excursions",
        "Trades with excursions",
        "count",
        "Finished trades whose prices while open are recorded; of a long history the newest 500.",
    ),
    (
        "average_mfe",
        "Average MFE",
        "fraction",
        "Mean of the best unrealised return (highest price ÷ entry − 1) while a trade was open.",
    ),
    (
        "average_mae",
        "Average MAE",
        "fraction",
        "Mean of the worst unrealised return (lowest price ÷ entry − 1) while a trade was open.",
    ),
    ("median_mfe", "Median MFE", "fraction", "Median of the best unrealised return."),
    ("median_mae", "Median MAE", "fraction", "Median of the worst unrealised return."),
    (
        "median_time_to_peak_ms",
        "Median time to peak",
        "ms",
        "Median of the time from the entry to the first highest price while a trade was open.",
    ),
)

EQUITY = define(
    "equity",
    ("days", "Days", "days", "UTC days of history, the first one included."),
    (
        "total_return",
        "Total return",
        "fraction",
        "Growth of equity over the range − 1, time-weighted across deposits and withdrawals.",
    ),
    ("exposure", "Exposure", "fraction", "Share of the time with at least one open position."),
    (
        "max_drawdown",
        "Max drawdown",
        "fraction",
        "Largest (peak − value) ÷ peak of equity at days' ends, from the true start.",
    ),
    ("drawdown_start", "Drawdown start", "time", "When the peak was last held."),
    ("drawdown_trough", "Drawdown trough", "time", "When the fall was deepest."),
    ("drawdown_recovery", "Drawdown recovery", "time", "When the peak was reached again."),
    (
        "sharpe",
        "Sharpe",
        "ratio",
        "mean(r) ÷ standard deviation(r, ddof 1) · √365, r = daily equity returns; risk-free 0.",
    ),
    (
        "sortino",
        "Sortino",
        "ratio",
        "mean(r) ÷ √(Σ min(r, 0)² ÷ N) · √365, r = daily equity returns, N = all days.",
    ),
    ("cagr", "CAGR", "fraction", "(end ÷ start) ^ (365 ÷ days) − 1."),
    ("calmar", "Calmar", "ratio", "CAGR ÷ max drawdown."),
    (
        "annualised_reliable",
        "Annualised figures are reliable",
        "flag",
        "30 days of history or more; before that Sharpe, Sortino, CAGR and Calmar say little.",
    ),
    (
        "intervals",
        "95 % intervals",
        "ratio",
        "Bootstrap: trades drawn from the trades, days from the days, each with replacement, "
        "2.5 % and 97.5 % quantiles of 2,000 resamples; from 10 finished trades on.",
    ),
)

Cases = tuple[tuple[Callable[[Any], bool], str], ...]


def _always(_: object) -> bool:
    return True


_NO_TRADE = (lambda figures: figures.trades == 0, "no finished trade yet")
_NONE_YET: Cases = ((_always, "no finished trade yet"),)
_NO_WIN: Cases = (_NO_TRADE, (_always, "no winning trade yet"))
_NO_LOSS: Cases = (_NO_TRADE, (_always, "no losing trade yet"))
_NOT_SEEN: Cases = (_NO_TRADE, (_always, "no prices are recorded from while a trade was open"))
_FEW_DAYS = (lambda figures: figures.days < 2, "two days of history are needed")  # noqa: PLR2004
_NO_MARKS = (lambda figures: figures.max_drawdown is None, "no value of the wallet is recorded yet")
_NO_FALL = (lambda figures: figures.max_drawdown == 0, "the value never fell at a day's end")
_NO_RATE = (_always, "growth is too large to be written as a yearly rate")

MISSING: Mapping[str, Cases] = {
    **dict.fromkeys(
        ("win_rate", "expectancy_lamports", "best_lamports", "worst_lamports"), _NONE_YET
    ),
    **dict.fromkeys(("median_holding_ms", "mean_holding_ms"), _NONE_YET),
    **dict.fromkeys(("profit_factor", "expectancy_ratio", "average_loss_lamports"), _NO_LOSS),
    **dict.fromkeys(("median_holding_losses_ms", "mean_holding_losses_ms"), _NO_LOSS),
    **dict.fromkeys(
        ("average_win_lamports", "median_holding_wins_ms", "mean_holding_wins_ms"), _NO_WIN
    ),
    "sqn": (
        (lambda figures: figures.trades < 2, "two finished trades are needed"),  # noqa: PLR2004
        (_always, "every trade came to the same"),
    ),
    "average_size_lamports": ((_always, "no trade yet"),),
    **dict.fromkeys((one.name for one in EXCURSIONS), _NOT_SEEN),
    "total_return": (_NO_MARKS, _NO_RATE),
    "exposure": ((_always, "two values of the wallet at different times are needed"),),
    "max_drawdown": ((_always, "no value of the wallet is recorded yet"),),
    "drawdown_start": (_NO_MARKS, _NO_FALL),
    "drawdown_trough": (_NO_MARKS, _NO_FALL),
    "drawdown_recovery": (_NO_MARKS, _NO_FALL, (_always, "the peak is not reached again yet")),
    "sharpe": (_FEW_DAYS, (_always, "all days returned the same")),
    "sortino": (_FEW_DAYS, (_always, "no losing day yet")),
    "cagr": (
        (lambda figures: figures.days == 0, "a day of history is needed"),
        _NO_RATE,
    ),
    "calmar": (
        (lambda figures: figures.days == 0, "a day of history is needed"),
        _NO_FALL,
        _NO_RATE,
    ),
}
"""Why a figure does not exist: the first case that holds."""


def missing(figures: TradeStatistics | Statistics) -> dict[str, str]:
    """Say why each figure that is None does not exist."""
    return {
        name: next(words for holds, words in MISSING[name] if holds(figures))
        for name in figures.__struct_fields__
        if name in MISSING and getattr(figures, name) is None
    }
