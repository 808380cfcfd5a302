"""A sweep of 1,000 exit plans against a bare numba loop over plans on all cores.

Both lead a wallet by each plan with the same floors and fees, and give the same cash; ours also
writes down each trade and the equity at the end of each day. What counts is the fastest round of
each: whatever else the machine does only makes rounds slower.
"""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from app.research.loading import Loaded, Sources, load
from app.research.passes import Passes, Span
from app.research.space import Combination, Space
from app.research.sweep import run_sweep
from app.strategies import load as load_strategies
from benchmarks import bare_exits, fresh, past
from benchmarks.past import Seconds
from benchmarks.peers import work
from benchmarks.peers.work import Candles
from benchmarks.result import Result

PLANS = 1_000
ROUNDS = 9
SOME = 3
MOST_MEGABYTES = 500.0
LIMIT = "a bare numba loop over plans, on all cores"


class Pass(NamedTuple):
    """Seconds of a pass of ours, and of the bare loop."""

    ours: Seconds
    bare: Seconds


class Sweeps(NamedTuple):
    """One token of 100,000 candles, 50 of 10,000, the whole sweep, and a fresh process's peak."""

    one: Pass
    many: Pass
    whole: Seconds
    peak_mb: float


class Bare:
    """The bare loop over the plans of some combinations and one token."""

    def __init__(self, chosen: Sequence[Combination], candles: Candles) -> None:
        exits = [one.exit for one in chosen]
        self._plans = bare_exits.Plans(
            np.array([one.stop_loss for one in exits]),
            np.array([one.trailing_stop for one in exits]),
            np.array([[gain for gain, _ in one.take_profit] for one in exits]),
            np.array([[portion for _, portion in one.take_profit] for one in exits]),
        )
        self._close = np.ascontiguousarray(candles[:, work.CLOSE])
        found = np.zeros(len(candles), np.int64)
        many = bare_exits.crossings(self._close, work.FAST, work.SLOW, found)
        self._entries = found[:many].copy()
        self.cash, self.fills = np.zeros((2, len(exits)), np.int64)

    def run(self) -> bare_exits.Ints:
        """Lead all plans; returns how often each filled."""
        bare_exits.lead_all(self._plans, self._close, self._entries, self.cash, self.fills)
        return self.fills


def in_turns(sources: Sources, candles: Candles, rounds: int) -> Pass:
    """Measure passes over some tokens, and the bare loop over the same."""
    request = past.sweep_request(PLANS)
    space = Space(request, load_strategies())
    chosen, _ = space.possible(space.grid(), lambda _: None)
    lookback = chosen[0].strategy.lookback
    passes, bares, span = [], [], Span(0, candles.shape[1])
    for token, rows in enumerate(candles):
        loaded: Loaded = load(past.request(token), sources, lookback)[0]
        passes.append(Passes(request, loaded, chosen))
        bares.append(Bare(chosen, rows))
    for ours, bare in zip(passes, bares, strict=True):
        bare.run()
        agree(ours.play(span).trades, bare)
    turns = [
        (
            past.clocked(lambda: [one.play(span) for one in passes]),
            past.clocked(lambda: [one.run() for one in bares]),
        )
        for _ in range(rounds)
    ]
    return Pass(*(min(column) for column in zip(*turns, strict=True)))


def agree(trades: bare_exits.Ints, bare: Bare) -> None:
    """Hold the P&L of every plan against the bare loop's cash; open trades count what they sold."""
    gained = np.zeros(PLANS, np.int64)
    np.add.at(gained, trades[:, 0], trades[:, 4])
    assert (gained == bare.cash - bare_exits.CASH).all()


def measured(rounds: int = ROUNDS) -> Sweeps:
    """Measure everything."""
    one, many = work.one(), work.many()
    with past.stored(list(one)) as sources:
        alone = in_turns(sources, one, rounds)
        sweep = partial(run_sweep, past.sweep_request(PLANS), sources, past.deaf)
        whole = min(past.clocked(sweep) for _ in range(SOME))
        peak = fresh.measure("sweep", sources.data_dir, 1, PLANS).peak_mb
    with past.stored(list(many)) as sources:
        together = in_turns(sources, many, SOME)
    return Sweeps(alone, together, whole, peak)


def cores(seconds: Seconds) -> float:
    """Say how many cores were busy."""
    return seconds.cpu / seconds.wall


def rows(found: Sweeps) -> list[Result]:
    """Write rows of the results page."""
    steps, name = PLANS * 100_000, "sweep, 1,000 plans × 100,000 candles"
    one, many, whole = found.one, found.many, found.whole
    return [
        Result(f"{name}: the pass", steps, one.ours.wall, one.bare.wall, 2.0, LIMIT),
        Result(f"{name}: the pass (CPU)", steps, one.ours.cpu, one.bare.cpu, 2.0, LIMIT),
        Result(
            f"{name}: cores busy in the pass",
            steps,
            cores(one.ours),
            cores(one.bare),
            None,
            LIMIT,
            "cores",
        ),
        Result(
            f"{name}: with figures and luck", steps, whole.wall, one.ours.wall, None, "its pass"
        ),
        Result(
            "sweep, 1,000 plans × 50 tokens of 10,000: a pass each",
            steps * 5,
            many.ours.wall,
            many.bare.wall,
            2.0,
            LIMIT,
        ),
        Result(
            f"{name}: peak memory of a fresh process",
            steps,
            found.peak_mb,
            MOST_MEGABYTES,
            1.0,
            "the limit",
            "MB",
        ),
    ]


def run() -> list[Result]:
    """Measure one token, 50 tokens, and memory."""
    return rows(measured())
