"""A backtest of one strategy against bare numba loops, and against peers where they are installed.

All figures are seconds of the processor: everything here runs in one thread, and a busy machine
moves them least. A limit is measured in turns with ours; peers run in processes of their own, with
ours before and after each.
"""

from collections.abc import Callable
from functools import partial
from statistics import median
from typing import NamedTuple

import numpy as np

from app.research.backtest import run_backtest
from app.research.loading import Sources, load
from app.research.outcome import Outcome
from app.research.walked import (
    entry_places,
    kernels,
    path_of,
    trades_of,
    walk_through,
    walked,
)
from app.strategies.sma_crossover import SmaCrossover
from app.trading import walk
from app.trading.amounts import to_lamports
from benchmarks import bare_exits, past, peer_runs
from benchmarks.peer_runs import PeerRun
from benchmarks.peers import work
from benchmarks.peers.work import Candles
from benchmarks.result import Result

ROUNDS = 41
SOME = 5
STRATEGY = SmaCrossover(fast=work.FAST, slow=work.SLOW)

LIMIT = "a bare numba loop with the same averages, bit for bit"
RUNNING = "a bare numba loop with running sums (other last bits)"


class Limits(NamedTuple):
    """Seconds of one strategy over one token: ours, with all statistics, and the two bare loops."""

    ours: float
    whole: float
    same: float
    running: float


class Parts(NamedTuple):
    """Seconds of the parts of our compute, each measured alone."""

    strategy: float
    path: float
    walk: float
    equity: float
    trades: float


class Peers(NamedTuple):
    """What peers needed for the same work, and ours beside each."""

    ours: float
    runs: list[PeerRun]


def computed(sources: Sources, token: int) -> Callable[[], Outcome | None]:
    """Prepare the part of a run that `Backtest.seconds` times."""
    request = past.request(token)
    loaded = load(request, sources, STRATEGY.lookback)[0]
    return lambda: walked(request, loaded, "sma_crossover", STRATEGY)


class Bare:
    """The bare loop over one token, with room for what it writes."""

    def __init__(self, candles: Candles) -> None:
        self._close = np.ascontiguousarray(candles[:, work.CLOSE])
        many = len(candles)
        self._entries = np.zeros(many, np.int64)
        self._fills = np.zeros((many, bare_exits.FILL_WIDTH), np.int64)
        self.equity = np.zeros(many, np.int64)
        gains, portions = zip(*work.TIERS, strict=True)
        self._plans = bare_exits.Plans(
            np.array([work.STOP_LOSS]),
            np.array([work.TRAILING]),
            np.array([gains]),
            np.array([portions]),
        )

    def run(self, *, running: bool = False) -> tuple[int, int]:
        """Do the work; returns the cash, and how often it filled."""
        find = bare_exits.crossings_running if running else bare_exits.crossings
        many = find(self._close, work.FAST, work.SLOW, self._entries)
        given = (self._close, self._entries, many, self._fills, self.equity)
        cash, fills = bare_exits.lead(self._plans, 0, *given)
        return int(cash), int(fills)


def limits(candles: Candles, rounds: int = ROUNDS) -> Limits:
    """Measure ours and the bare loops in turns; all must give the same lamports."""
    bare = Bare(candles)
    with past.stored([candles]) as sources:
        ours = computed(sources, 0)
        whole = partial(run_backtest, past.request(), sources, past.deaf)
        made = ours()
        found = [bare.run(running=False), bare.run(running=True)]
        assert made is not None
        assert (made.marks[1:] == bare.equity).all()
        fills = sum(1 + len(trade.sold) for trade in made.trades)
        assert [one[1] for one in found] == [fills, fills]
        turns = [
            (
                past.clocked(ours).cpu,
                past.clocked(bare.run).cpu,
                past.clocked(partial(bare.run, running=True)).cpu,
            )
            for _ in range(rounds)
        ]
        wholes = [past.clocked(whole).cpu for _ in range(SOME)]
    mine, same, running = (median(column) for column in zip(*turns, strict=True))
    return Limits(mine, median(wholes), same, running)


def parts(candles: Candles, rounds: int = ROUNDS) -> Parts:
    """Measure where the time of ours goes."""
    request = past.request()
    with past.stored([candles]) as sources:
        loaded = load(request, sources, STRATEGY.lookback)[0]
    path = path_of(loaded, request.price_path)
    entries = entry_places(STRATEGY, loaded, path.per_candle)
    terms = walk.terms(to_lamports(work.CASH), request.sizing, request.costs, work.DECIMALS)
    made = walk_through(request.exit, path, terms, entries, loaded.width)
    assert made is not None
    closes, marks = np.arange(len(path.prices)), np.zeros(len(path.prices), np.int64)
    count = len(made.trades)

    def equity() -> None:
        kernels().equity(terms, path.prices, closes, made.trades, count, made.sales, marks)

    works: tuple[Callable[[], object], ...] = (
        lambda: entry_places(STRATEGY, loaded, path.per_candle),
        lambda: path_of(loaded, request.price_path),
        lambda: walk_through(request.exit, path, terms, entries, loaded.width),
        equity,
        lambda: trades_of(made, path, terms, "sma_crossover"),
    )
    equity()
    return Parts(*(median(past.clocked(do).cpu for _ in range(rounds)) for do in works))


def against_peers(candles: Candles, *, many: bool) -> Peers:
    """Let every installed peer do the work; `candles` has a token a row."""
    with past.stored(list(candles)) as sources:
        runs = past.ours(sources, len(candles)).runs
        ours = [computed(sources, token) for token in range(len(candles))]
        times, found = [compute(ours)], []
        for peer in peer_runs.installed():
            rounds = peer.rounds_many if many else peer.rounds
            found.append(peer_runs.run_peer(peer, candles, rounds, runs))
            times.append(compute(ours))
    return Peers(median(times), found)


def compute(ours: list[Callable[[], Outcome | None]]) -> float:
    """Run every token once, some times; returns the median of the sums."""
    return median(past.clocked(lambda: [one() for one in ours]).cpu for _ in range(SOME))


def rows(found: Peers, candles: Candles, name: str) -> list[Result]:
    """Write rows of the results page."""
    size = candles.shape[0] * candles.shape[1]
    return [
        Result(
            f"{name} (CPU)",
            size,
            found.ours,
            run.cpu,
            1 / run.peer.wanted if run.peer.wanted else None,
            f"{run.peer.name} {run.version}: {run.agreement}",
        )
        for run in found.runs
    ]


def limit_rows(found: Limits, size: int) -> list[Result]:
    """Write the rows of the limits."""
    name = "backtest, one strategy: compute (CPU)"
    return [
        Result(name, size, found.ours, found.same, 2.0, LIMIT),
        Result(name, size, found.ours, found.running, None, RUNNING),
        Result(
            "backtest, one strategy: with reading the file and all statistics (CPU)",
            size,
            found.whole,
            found.ours,
            None,
            "its compute part",
        ),
    ]


def run() -> list[Result]:
    """Measure one token of 100,000 candles, then 50 of 10,000."""
    one, many = work.one(), work.many()
    results = limit_rows(limits(one[0]), one.shape[1])
    if peer_runs.missing():
        print(peer_runs.missing(), flush=True)
    if peer_runs.installed():
        results += rows(against_peers(one, many=False), one, "backtest, one strategy")
        name = "backtest, 50 tokens, a run each"
        results += rows(against_peers(many, many=True), many, name)
    return results
