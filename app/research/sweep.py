"""Many parameter sets over the same history, and an honest word about the best of them.

The end of the history chooses nothing: every combination is played on it apart, and its figures
stand beside those of the sample that chose. A walk forward does that again and again.
"""

import importlib
import math
import time
from collections.abc import Sequence
from functools import partial
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np

from app.research.loading import Loaded, Sources, load
from app.research.luck import luck
from app.research.passes import Played, Span
from app.research.playing import Playing
from app.research.requests import SweepRequest
from app.research.results import Fold, Score, Sweep, SweepRow, Tell, Unfit
from app.research.scores import daily_returns, objective, scores
from app.research.space import Combination, Space
from app.strategies import load as load_strategies
from app.trading.amounts import Floats

FIRST_TRIES = 20
SEARCHING = 0.5
"""Share of the progress that optuna's search takes."""

AT_ONCE = 1_000
"""Combinations that are held in memory with all their trades."""

FEWEST_CANDLES = 10
"""A span that is shorter says nothing."""


def _after(tell: Tell, share: float) -> None:
    tell(SEARCHING + (1 - SEARCHING) * share)


class Cut(NamedTuple):
    """How a history is cut: the sample that chooses, the one that does not, and the folds."""

    inside: Span
    outside: Span | None
    folds: list[tuple[Span, Span]]


def run_sweep(request: SweepRequest, sources: Sources, tell: Tell) -> Sweep:
    """Run a sweep. Raises Unfit for a request that cannot be run, or Cancelled out of `tell`."""
    tell(0.0)
    space = Space(request, load_strategies())
    chosen, impossible = _chosen(request, space, tell)
    lookback = max(one.strategy.lookback for one in chosen)
    tokens = load(request, sources, lookback)
    began = time.perf_counter()
    cut = cut_up(request, tokens)
    if request.search.method == "optuna":
        # Loaded only here: optuna takes half a second that no other sweep needs.
        studies = importlib.import_module("app.research.studies")
        work = studies.Work(request, space, tokens, cut.inside)
        chosen, impossible = studies.search(work, sources, lambda share: tell(share * SEARCHING))
        tell = partial(_after, tell)
    made = _made(request, tokens, chosen, cut, tell)
    tell(1.0)
    return Sweep(
        tokens=[one.run for one in tokens],
        objective=request.objective,
        varied=list(space.values),
        rows=made.rows,
        combinations=len(chosen),
        impossible=impossible,
        split=_time_of(tokens, cut.outside.first) if cut.outside else None,
        folds=made.folds,
        luck=luck(made.returns, made.rows[0].number, request.search.seed),
        candles=sum(one.run.candles for one in tokens),
        seconds=time.perf_counter() - began,
    )


def _chosen(request: SweepRequest, space: Space, tell: Tell) -> tuple[list[Combination], int]:
    """Choose the combinations; of optuna's space only some, to see that it is possible at all."""
    if request.search.method == "grid":
        return space.possible(space.grid(), tell)
    if request.search.method == "random":
        return space.possible(space.draws(request.search.samples, request.search.seed), tell)
    first = chain([space.largest()], space.draws(FIRST_TRIES, request.search.seed))
    return space.possible(first, tell)


def cut_up(request: SweepRequest, tokens: Sequence[Loaded]) -> Cut:
    """Cut the history. Raises Unfit when a part would be too short."""
    candles = max(one.run.candles for one in tokens)
    split = candles - int(candles * request.out_of_sample)
    inside, outside = Span(0, split), Span(split, candles) if split < candles else None
    folds = []
    if request.walk_forward:
        edges = np.linspace(0, split, request.walk_forward + 2).astype(np.int64).tolist()
        folds = [(Span(0, before), Span(before, after)) for before, after in pairwise(edges[1:])]
    spans = [inside, *([outside] if outside else []), *(span for pair in folds for span in pair)]
    shortest = min(span.last - span.first for span in spans)
    if shortest < FEWEST_CANDLES:
        detail = f"a part would have {shortest} candles, the least is {FEWEST_CANDLES}"
        raise Unfit(("walk_forward",) if folds else ("out_of_sample",), detail)
    return Cut(inside, outside, folds)


class Made(NamedTuple):
    """The rows, best first, with the folds, and the returns of the sample by combination."""

    rows: list[SweepRow]
    folds: list[Fold]
    returns: Floats


def _made(
    request: SweepRequest,
    tokens: Sequence[Loaded],
    chosen: Sequence[Combination],
    cut: Cut,
    tell: Tell,
) -> Made:
    shown = [cut.inside, *([cut.outside] if cut.outside else [])]
    kept: dict[Span, list[Score]] = {span: [] for span in shown}
    values: dict[Span, list[Floats]] = {span: [] for pair in cut.folds for span in pair}
    returns = []
    spans = list(dict.fromkeys([*shown, *values]))
    parts = _Parts(-(-len(chosen) // AT_ONCE) * len(spans), tell)
    for first in range(0, len(chosen), AT_ONCE):
        playing = Playing(request, tokens, chosen[first : first + AT_ONCE], parts.part)
        for span in spans:
            played = parts.play(playing, span)
            found = scores(played)
            if span in kept:
                kept[span] += found
            if span in values:
                values[span].append(objective(found, request.objective))
            if span == cut.inside:
                returns.append(daily_returns(played).astype(np.float32))
    folds = [_fold(tokens, values, *pair) for pair in cut.folds]
    inside = kept[cut.inside]
    outside = kept[cut.outside] if cut.outside else [None] * len(chosen)
    rows = [
        SweepRow(
            number=number,
            params=chosen[number].params,
            inside=inside[number],
            outside=outside[number],
        )
        for number in best_first(objective(inside, request.objective))
    ]
    return Made(rows, folds, np.concatenate(returns))


def best_first(values: Floats) -> list[int]:
    """Order combinations by the objective; those without a value come last."""
    known = np.where(np.isnan(values), -np.inf, values)
    return [int(number) for number in np.argsort(-known, kind="stable")]


def _fold(
    tokens: Sequence[Loaded], values: dict[Span, list[Floats]], before: Span, after: Span
) -> Fold:
    inside, outside = np.concatenate(values[before]), np.concatenate(values[after])
    chosen = best_first(inside)[0]
    return Fold(
        since=_time_of(tokens, after.first),
        until=_time_of(tokens, after.last),
        chosen=chosen,
        inside=_known(inside[chosen]),
        outside=_known(outside[chosen]),
    )


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _time_of(tokens: Sequence[Loaded], place: int) -> int:
    """Return when a candle of the longest token opens; after the last, when that closes."""
    longest = max(tokens, key=lambda one: one.run.candles)
    times = longest.frame.get_column("time")
    last = int(times[-1]) + longest.width
    return int(times[longest.warm + place]) if longest.warm + place < len(times) else last


class _Parts:
    """Plays spans one after the other, and tells how far all of them are."""

    def __init__(self, spans: int, tell: Tell) -> None:
        self._spans = spans
        self._done = 0
        self._tell = tell

    def part(self, share: float) -> None:
        """Hear how far the present span is."""
        self._tell(min((self._done + share) / self._spans, 1.0))

    def play(self, playing: Playing, span: Span) -> Played:
        """Play the next span."""
        self.part(0.0)
        played = playing.play(span)
        self._done += 1
        return played
