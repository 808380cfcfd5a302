"""A sweep as one HTML file to share: its best combinations in and out of the sample, how likely the
best is luck, and a map of two parameters.
"""

import json
from collections.abc import Sequence

import numpy as np

from app.research.drawings import heat_map
from app.research.report_about import About, about_part, period, tokens_part
from app.research.report_parts import (
    NOTHING,
    cards,
    moment,
    number,
    page,
    percent,
    signed,
    table,
    text,
)
from app.research.results import Score, Sweep, SweepRow
from app.trading.amounts import LAMPORTS_PER_SOL, Floats

MOST_ROWS = 50
MOST_VALUES = 12
AXES = 2


def sweep_report(about: About, result: Sweep, rows: Sequence[SweepRow]) -> str:
    """Write a sweep as a page; `rows` are all of its combinations, best first."""
    tokens = ", ".join(token.symbol for token in result.tokens)
    title = text(about.name or f"Sweep over {tokens}")
    luck = result.luck
    chance = (
        ("Combinations tried", f"{luck.combinations:,}"),
        ("Best Sharpe", number(luck.best_sharpe)),
        ("Best of as many without skill", number(luck.expected_best_sharpe)),
        ("Deflated Sharpe", percent(luck.deflated_sharpe)),
        ("Beaten by chance", percent(luck.beaten_by_chance)),
    )
    body = [
        f"<h1>{title}</h1>",
        f"<p class=soft>{text(tokens)}, {period(result.tokens)}; best by "
        f"{text(result.objective)} in the sample that ends {moment(result.split)}</p>",
        cards(chance),
        "<p>Deflated Sharpe is the probability that the best combination’s true Sharpe is above "
        "zero after so many tries; beaten by chance is the share of worlds without any skill "
        "whose best is at least as good.</p>",
        *_best(result, rows),
        *_map(result, rows),
        *_folds(result),
        *tokens_part(result.tokens),
        *about_part(about, {}),
    ]
    return page(title, body)


def _best(result: Sweep, rows: Sequence[SweepRow]) -> list[str]:
    heads = ["#No.", *result.varied, "#In: P&L", "#Sharpe", "#Drawdown", "#Trades"]
    heads += ["#Out: P&L", "#Sharpe", "#Drawdown", "#Trades"]
    lines = [
        [
            str(row.number),
            *(text(row.params.get(name, NOTHING)) for name in result.varied),
            *_scores(row.inside),
            *_scores(row.outside),
        ]
        for row in rows[:MOST_ROWS]
    ]
    caption = "In: the sample that chose. Out: the end of the history, which chose nothing."
    return [f"<h2>Best {len(lines)} of {len(rows):,}</h2>", table(heads, lines, caption)]


def _scores(score: Score | None) -> list[str]:
    if score is None:
        return [NOTHING] * 4
    shown = [signed(score.net_pnl), number(score.sharpe), percent(score.max_drawdown)]
    return [*shown, f"{score.trades:,}"]


def _map(result: Sweep, rows: Sequence[SweepRow]) -> list[str]:
    if len(result.varied) < AXES or not rows:
        return []
    across, down = result.varied[:AXES]
    columns, lines = (Axis([row.params.get(name) for row in rows]) for name in (across, down))
    sums = np.zeros((len(lines.labels), len(columns.labels)))
    counts = np.zeros_like(sums)
    for row in rows:
        value = getattr(row.inside, result.objective)
        if value is not None:
            place = lines.place(row.params.get(down)), columns.place(row.params.get(across))
            sums[place] += value
            counts[place] += 1
    means: Floats = np.divide(sums, counts, where=counts > 0, out=np.full_like(sums, np.nan))
    means = means / _unit(result)
    return [
        "<h2>Heat map</h2>",
        f"<p class=soft>Mean {text(result.objective)} in the sample, whatever else varies.</p>",
        heat_map(columns.labels, lines.labels, means, (across, down)),
    ]


def _unit(result: Sweep) -> int:
    """Say by what the objective is divided to be read: amounts are lamports."""
    return LAMPORTS_PER_SOL if result.objective in {"net_pnl", "expectancy"} else 1


class Axis:
    """The values of a parameter along a side of a map; many numbers become a few spans."""

    def __init__(self, values: Sequence[object]) -> None:
        distinct = {json.dumps(value): value for value in values}
        plain = [one for one in distinct.values() if isinstance(one, int | float)]
        self._edges: Floats | None = None
        if len(plain) == len(distinct) > MOST_VALUES:
            self._edges = np.linspace(min(plain), max(plain), MOST_VALUES + 1)
            self.labels = [f"{one:.3g}+" for one in self._edges[:-1]]
            return
        ordered = sorted(plain) if len(plain) == len(distinct) else list(distinct.values())
        kept = ordered[:MOST_VALUES]
        self._places = {json.dumps(one): place for place, one in enumerate(kept)}
        self.labels = [*map(_label, kept)] + (["others"] if len(ordered) > len(kept) else [])

    def place(self, value: object) -> int:
        """Find where a value stands."""
        if self._edges is not None and isinstance(value, int | float):
            found = int(np.searchsorted(self._edges, value, side="right")) - 1
            return min(max(found, 0), MOST_VALUES - 1)
        return self._places.get(json.dumps(value), len(self.labels) - 1)


def _label(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else json.dumps(value)[:14]


def _folds(result: Sweep) -> list[str]:
    if not result.folds:
        return []
    unit = _unit(result)
    rows = [
        (moment(one.since), moment(one.until), str(one.chosen), *(number(x) for x in ends))
        for one in result.folds
        for ends in [[x if x is None else x / unit for x in (one.inside, one.outside)]]
    ]
    heads = ["From (UTC)", "To (UTC)", "#Chosen", "#Before", "#In the fold"]
    caption = f"Each fold is played with the best by {result.objective} of what came before it."
    return ["<h2>Walk forward</h2>", table(heads, rows, caption)]
