"""Does a strategy see the future, or how long ago history began?

A backtest is worth what its strategy knows: one that reads a later candle, or whose answer depends
on where history starts, promises what it cannot keep. Both are tried out instead of believed:

    look-ahead  everything after a candle is replaced by something else; no fill up to it may change
    warm-up     history starts later; whatever has its whole window must be answered the same
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import polars as pl

from app.research.loading import Loaded
from app.research.outcome import Outcome
from app.research.requests import BacktestRequest
from app.research.results import TokenRun
from app.research.walked import walked
from app.trading.entry import CANDLE_SCHEMA, EntryStrategy

LOOK_AHEAD, WARM_UP = "look-ahead", "warm-up"
MADE_UP = "made-up"
MINUTE_MS = 60_000
CUTS = 24
"""Places at which the future is replaced, and history begun."""

WILDNESS = 0.05
FARTHEST = 2.0
"""How far the other future may go, as a logarithm: no price that the books cannot hold."""


class Finding(NamedTuple):
    """What a check found: at a candle (its opening time, Unix ms) the answer changed."""

    check: str
    at: int
    what: str


def check_strategy(
    name: str, strategy: EntryStrategy, loaded: Loaded, request: BacktestRequest, seed: int = 1
) -> list[Finding]:
    """Run both checks of a strategy over one token's candles; nothing found is an empty list."""
    rng = np.random.default_rng(seed)
    return [
        *_look_ahead(name, strategy, loaded, request, rng),
        *_warm_up(strategy, loaded),
    ]


def made_up(candles: int, seed: int) -> Loaded:
    """Make candles of a wild market, the same ones for a seed."""
    rng = np.random.default_rng(seed)
    close = 1e-3 * np.exp(np.cumsum(rng.normal(0, 0.02, candles)))
    frame = _candles(close, rng).with_columns(
        time=pl.int_range(candles, eager=True).cast(pl.Int64) * MINUTE_MS
    )
    run = TokenRun(
        token=MADE_UP,
        symbol=MADE_UP,
        decimals=6,
        timeframe="1m",
        candles=candles,
        first=0,
        last=(candles - 1) * MINUTE_MS,
        gaps=0,
        data_hash="",
    )
    return Loaded(run, frame.select(list(CANDLE_SCHEMA)), MINUTE_MS, 0)


def _candles(close: np.ndarray, rng: np.random.Generator) -> pl.DataFrame:
    opened = np.append(close[:1], close[:-1])
    reach = 1 + rng.exponential(0.005, len(close))
    return pl.DataFrame(
        {
            "open": opened,
            "high": np.maximum(opened, close) * reach,
            "low": np.minimum(opened, close) / reach,
            "close": close,
            "volume": rng.lognormal(14, 1, len(close)),
        }
    )


def _cuts(loaded: Loaded, first: int) -> list[int]:
    """Choose rows spread over the candles, the second and the one before the last among them."""
    last = loaded.frame.height - 2
    rows: list[int] = np.unique(np.linspace(min(first, last), last, CUTS).astype(int)).tolist()
    return rows


def _look_ahead(
    name: str,
    strategy: EntryStrategy,
    loaded: Loaded,
    request: BacktestRequest,
    rng: np.random.Generator,
) -> Iterator[Finding]:
    real = strategy.evaluate(loaded.frame).confirmed
    times = loaded.frame.get_column("time")
    before = _events(walked(request, loaded, name, strategy))
    for row in _cuts(loaded, max(loaded.warm, 1)):
        other = _other_future(loaded, row, rng)
        answers = strategy.evaluate(other.frame).confirmed
        differ = np.flatnonzero(real[: row + 1] != answers[: row + 1])
        if len(differ):
            what = f"the answer changes with candles after row {row}"
            yield Finding(LOOK_AHEAD, int(times[int(differ[0])]), what)
            continue
        until = int(times[row]) + loaded.width
        after = _events(walked(request, other, name, strategy))
        if [one for one in before if one[0] <= until] != [one for one in after if one[0] <= until]:
            yield Finding(LOOK_AHEAD, int(times[row]), "fills change with candles that come later")


def _other_future(loaded: Loaded, row: int, rng: np.random.Generator) -> Loaded:
    """Replace every candle after a row."""
    frame = loaded.frame
    many = frame.height - row - 1
    start = float(frame.get_column("close")[row])
    drift = np.clip(np.cumsum(rng.normal(0, WILDNESS, many)), -FARTHEST, FARTHEST)
    close = start * np.exp(drift)
    later = _candles(close, rng).with_columns(frame.get_column("time")[row + 1 :])
    return loaded._replace(frame=pl.concat([frame[: row + 1], later.select(frame.columns)]))


Event = tuple[int, str, int, int]


def _events(outcome: Outcome | None) -> list[Event]:
    """Lay out what a run did, in the order of time."""
    found: list[Event] = []
    for trade in outcome.trades if outcome else ():
        found.append((trade.entry_time, "entry", trade.units, trade.spent))
        found += [(sold.time, sold.reason, sold.units, sold.lamports) for sold in trade.sold]
    return sorted(found)


def _warm_up(strategy: EntryStrategy, loaded: Loaded) -> Iterator[Finding]:
    whole = strategy.evaluate(loaded.frame).confirmed
    times = loaded.frame.get_column("time")
    for row in _cuts(loaded, 1):
        known = row + strategy.lookback - 1
        if known >= loaded.frame.height:
            break
        answers = strategy.evaluate(loaded.frame[row:]).confirmed[strategy.lookback - 1 :]
        differ = np.flatnonzero(whole[known:] != answers)
        if len(differ):
            what = f"the answer changes when history starts at row {row}"
            yield Finding(WARM_UP, int(times[known + int(differ[0])]), what)
