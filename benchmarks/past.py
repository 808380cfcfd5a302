"""The history that the benchmarks of research run on, and the requests about it.

The same candles and rules as the peers' (see `peers.work`), as files that `run_backtest` reads.
"""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from app.research.backtest import run_backtest
from app.research.loading import Sources
from app.research.requests import BacktestRequest, SweepRequest
from app.research.results import Backtest
from app.trading.amounts import LAMPORTS_PER_SOL
from app.trading.entry import CANDLE_SCHEMA
from benchmarks.peers import work
from benchmarks.peers.work import Candles, Fill


class Seconds(NamedTuple):
    """What something took: by the clock on the wall, and of the processors."""

    wall: float
    cpu: float


class Ours(NamedTuple):
    """A run of ours over several tokens, each with a wallet of its own.

    `compute` is what `Backtest.seconds` says: the strategy, the pass, equity at every close and the
    list of trades. `whole` reads the file and works out all statistics too.
    """

    runs: list[Backtest]
    compute: float
    whole: Seconds


def clocked(do: Callable[[], object]) -> Seconds:
    """Do something once and say what it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    do()
    return Seconds(time.perf_counter() - wall, time.process_time() - cpu)


@contextmanager
def stored(candles: Sequence[Candles]) -> Iterator[Sources]:
    """Store tokens T0, T1, … as files for a while."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "history" / "shared"
        home.mkdir(parents=True)
        for token, rows in enumerate(candles):
            times = work.START_MS + work.WIDTH_MS * np.arange(len(rows))
            columns = dict(zip(list(CANDLE_SCHEMA)[1:], rows.T, strict=True))
            pl.DataFrame({"time": times, **columns}).write_parquet(home / f"T{token}.parquet")
        yield Sources(Path(folder))


def request(token: int = 0) -> BacktestRequest:
    """Ask for the work of `peers.work` on one token."""
    return BacktestRequest.model_validate(
        {
            **MARKET,
            "candles": candles_of(token),
            "entry": {"params": {"fast": work.FAST, "slow": work.SLOW}},
            "exit": {
                "stop_loss": work.STOP_LOSS,
                "trailing_stop": work.TRAILING,
                "take_profit": work.TIERS,
            },
        }
    )


def candles_of(token: int) -> dict[str, str]:
    """Name the file of a token."""
    return {"source": "file", "path": f"shared/T{token}.parquet", "timeframe": "5m"}


MARKET = {
    "initial_sol": work.CASH,
    "risk_per_trade": 1.0,
    "max_spend_sol": work.SPEND,
    "fees_bps": 10,
    "decimals": work.DECIMALS,
}


def sweep_request(combinations: int) -> SweepRequest:
    """Ask for so many exit plans over token 0, a power of ten; the whole history chooses."""
    stops, trails, tiers = GRIDS[combinations]
    steps = np.linspace(0.0, 1.0, max(tiers, 2))[:tiers]
    return SweepRequest.model_validate(
        {
            **MARKET,
            "candles": candles_of(0),
            "entry": {"params": {"fast": work.FAST, "slow": work.SLOW}},
            "exit": {
                "stop_loss": np.linspace(0.15, 0.35, stops).round(6).tolist(),
                "trailing_stop": np.linspace(0.20, 0.40, trails).round(6).tolist(),
                "take_profit": [
                    [[0.30 + step, 0.33], [0.75 + step * 2, 0.33]] for step in steps.tolist()
                ],
            },
            "out_of_sample": 0,
        }
    )


GRIDS = {1: (1, 1, 1), 10: (10, 1, 1), 100: (10, 10, 1), 1_000: (10, 10, 10), 10_000: (100, 10, 10)}
"""How many stops, trailing stops and pairs of tiers make so many combinations."""


def ours(sources: Sources, tokens: int) -> Ours:
    """Run every token once."""
    runs: list[Backtest] = []
    requests = [request(token) for token in range(tokens)]
    whole = clocked(lambda: runs.extend(run_backtest(one, sources, deaf) for one in requests))
    return Ours(runs, sum(run.seconds for run in runs), whole)


def deaf(share: float) -> None:
    """Hear how far a run is, and do nothing about it."""
    del share


def fills_of(runs: Sequence[Backtest]) -> list[Fill]:
    """Lay out what a run filled as the peers do."""
    found = []
    for token, run in enumerate(runs):
        first = run.tokens[0].first
        for trade in run.trades:
            parts = [(trade.entry_time, trade.units, trade.entry_price)]
            parts += [(part.time, -part.units, part.price) for part in trade.sold]
            for at, units, price in parts:
                candle = (at - first) // work.WIDTH_MS - 1
                found.append(Fill(token, candle, units, price))
    return found


def cash_of(runs: Sequence[Backtest]) -> float:
    """Sum up what trading did to the cash, in SOL."""
    lamports = 0
    for run in runs:
        for trade in run.trades:
            lamports += sum(part.lamports - part.fee for part in trade.sold) - trade.cost
    return lamports / LAMPORTS_PER_SOL
