"""A result in a few lines for a terminal."""

from collections.abc import Iterator, Sequence

from app.research.report_parts import DEFINITIONS, NOTHING, figure, moment, number, percent
from app.research.results import Backtest, Score, Sweep, SweepRow, TokenRun
from app.trading.amounts import LAMPORTS_PER_SOL
from app.trading.definitions import missing

Row = tuple[str, str, str]


def headline(tokens: Sequence[TokenRun], candles: int, seconds: float) -> str:
    """Say what was computed, and how fast."""
    names = ", ".join(token.symbol for token in tokens)
    first, last = min(one.first for one in tokens), max(one.last for one in tokens)
    pace = f"{candles / seconds:,.0f} candles a second" if seconds > 0 else "at once"
    return (
        f"{names} {tokens[0].timeframe}, {moment(first)} to {moment(last)} UTC, "
        f"{candles:,} candles in {seconds:.2f} s ({pace})"
    )


def statistics(result: Backtest) -> Iterator[Row]:
    """Name each figure of a backtest, its value, and its interval or why there is none."""
    figures = result.statistics
    why = missing(figures)
    for one in DEFINITIONS:
        value = getattr(figures, one.name)
        if isinstance(value, dict):
            continue
        ends = figures.intervals.get(one.name)
        note = " to ".join(figure(one.unit, end) for end in ends) if ends else ""
        yield one.title, figure(one.unit, value), why.get(one.name, note)


def scores(result: Sweep, rows: Sequence[SweepRow]) -> Iterator[list[str]]:
    """Write combinations: number, what varies, then figures in and out of the sample."""
    for row in rows:
        values = [str(row.params.get(name, NOTHING)) for name in result.varied]
        yield [str(row.number), *values, *_score(row.inside), *_score(row.outside)]


def _score(score: Score | None) -> list[str]:
    if score is None:
        return [NOTHING] * 4
    net = number(score.net_pnl / LAMPORTS_PER_SOL, 4)
    return [net, number(score.sharpe), percent(score.max_drawdown), f"{score.trades:,}"]


def luck(result: Sweep) -> Iterator[Row]:
    """Say how likely the best combination is luck."""
    told = result.luck
    yield "Combinations tried", f"{told.combinations:,}", f"{result.impossible:,} were impossible"
    yield "Best Sharpe", number(told.best_sharpe), f"over {told.days:,} days in the sample"
    without = number(told.expected_best_sharpe)
    yield "Best without skill", without, "what the best of so many would show"
    yield "Deflated Sharpe", percent(told.deflated_sharpe), "chance that the true one is above 0"
    yield "Beaten by chance", percent(told.beaten_by_chance), "worlds without skill that did better"
