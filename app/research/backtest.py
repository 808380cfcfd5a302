"""What one wallet would have made of history.

One token with one strategy and no limits is led through in one compiled pass (`walked`); everything
else is the live engine fed with the past (`driven`). Both give the same fills, which a test holds
against each other and against the live platform.
"""

import time
from collections.abc import Sequence

import numpy as np

from app.research.asked import resolve_entries
from app.research.driven import closes_of, drive, limits_of, marked, recorded_trades
from app.research.loading import Loaded, Sources, load
from app.research.outcome import Outcome
from app.research.requests import BacktestRequest
from app.research.results import Backtest, Tell
from app.research.walked import walked, warm
from app.strategies import load as load_strategies
from app.trading.plans import Entry, Profile

ENGINE = "engine"


def run_backtest(request: BacktestRequest, sources: Sources, tell: Tell) -> Backtest:
    """Run a backtest. Raises Unfit for a request that cannot be run, or Cancelled out of `tell`."""
    tell(0.0)
    resolved = resolve_entries(request, load_strategies())
    lookback = max(strategy.lookback for _, strategy in resolved)
    tokens = load(request, sources, lookback)
    if can_walk(request, tokens):
        warm()
    began = time.perf_counter()
    outcome = walked(request, tokens[0], *resolved[0]) if can_walk(request, tokens) else None
    if outcome is None:
        outcome = driven(request, tokens, tell)
    seconds = time.perf_counter() - began
    tell(1.0)
    return outcome.finish(tokens, request.price_path, seconds)


def can_walk(request: BacktestRequest, tokens: Sequence[Loaded]) -> bool:
    """Tell whether one pass gives what the engine would: see `trading.walk`.

    A position that is held for a time may be sold by the clock inside a gap, which only the engine
    knows.
    """
    timed = request.exit.max_holding_candles is not None
    alone = len(tokens) == 1 and len(request.entries) == 1 and request.risk is None
    return alone and not (timed and tokens[0].run.gaps)


def driven(request: BacktestRequest, tokens: Sequence[Loaded], tell: Tell) -> Outcome:
    """Run the engine over history."""
    profile = Profile(
        entries=tuple(
            Entry(strategy=one.strategy, template=one.template, custom_params=one.params)
            for one in request.entries
        ),
        exit=request.exit,
        sizing=request.sizing,
        limits=limits_of(request),
    )
    run = drive(request, [profile], tokens, tell)
    start = min(one.run.first for one in tokens)
    times = np.concatenate(([start], np.union1d(closes_of(tokens), run.mark_times[1:])))
    return Outcome(
        recorded_trades(run),
        times,
        marked(run, times)[:, 0],
        run.refusals,
        ENGINE,
    )
