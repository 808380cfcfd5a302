"""A backtest in one compiled pass: one token, one strategy, no limits (see `trading.walk`)."""

import importlib
from functools import cache
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

from app.research.foresight import confirmed_rows
from app.research.loading import PER_CANDLE, Loaded
from app.research.outcome import Outcome
from app.research.requests import BacktestRequest
from app.research.results import RunTrade, SoldPart
from app.trading import exits, walk
from app.trading.amounts import Floats, Ints, to_lamports, worth
from app.trading.entry import EntryStrategy
from app.trading.exits import NEVER_MS, reason_name
from app.trading.fills import Costs
from app.trading.follow import MOST_SALES
from app.trading.kernels import compiled
from app.trading.plans import ExitPlan, Sizing

WALK = "walk"


class Path(NamedTuple):
    """The prices that trading sees of a token, their times, and how many of them are a candle."""

    prices: Floats
    times: Ints
    per_candle: int


class Walked(NamedTuple):
    """What a pass wrote: rows of `walk.trades` and `walk.sales`."""

    trades: Ints
    sales: Ints


def walked(
    request: BacktestRequest, loaded: Loaded, name: str, strategy: EntryStrategy
) -> Outcome | None:
    """Run the pass over a token; None when only the engine can say."""
    path = path_of(loaded, request.price_path)
    entries = entry_places(strategy, loaded, path.per_candle)
    cash = to_lamports(request.initial_sol)
    terms = walk.terms(cash, request.sizing, request.costs, loaded.run.decimals)
    walked = walk_through(request.exit, path, terms, entries, loaded.width)
    if walked is None:
        return None
    last = path.per_candle - 1
    closes = np.arange(last, len(path.prices), path.per_candle)
    times, marks = np.empty((2, len(closes) + 1), np.int64)
    times[0], times[1:] = loaded.run.first, path.times[last :: path.per_candle]
    marks[0] = cash
    kernels().equity(
        terms, path.prices, closes, walked.trades, len(walked.trades), walked.sales, marks[1:]
    )
    return Outcome(trades_of(walked, path, terms, name), times, marks, {}, WALK)


def path_of(loaded: Loaded, price_path: str) -> Path:
    """Lay out the prices of a token as trading sees them."""
    per_candle = PER_CANDLE[price_path]
    return Path(*loaded.path(per_candle), per_candle)


def entry_places(strategy: EntryStrategy, loaded: Loaded, per_candle: int) -> Ints:
    """Find the places on the path of the closes at which a strategy confirms."""
    return confirmed_rows(strategy, loaded) * per_candle + per_candle - 1


def held_ms(plan: ExitPlan, width: int) -> int:
    """Return how long a position is kept at most, in ms, with candles of a width."""
    held = plan.max_holding_candles
    return NEVER_MS if held is None else held * width


def walk_through(
    plan: ExitPlan, path: Path, terms: walk.Terms, entries: Ints, width: int
) -> Walked | None:
    """Run the compiled pass with one exit plan; None when only the engine can say."""
    trades = np.empty((len(entries), walk.TRADE_WIDTH), np.int64)
    sales = np.empty((len(entries) * MOST_SALES, walk.SALE_WIDTH), np.int64)
    _, count, rows = kernels().walk(
        exits.plans([plan]),
        0,
        terms,
        path.prices,
        path.times,
        entries,
        path.per_candle,
        held_ms(plan, width),
        trades,
        sales,
    )
    return None if count == walk.TOO_LARGE else Walked(trades[:count], sales[:rows])


def kernels() -> SimpleNamespace:
    """Return the compiled pass; its first use in a process loads the compiler's cache."""
    return compiled(importlib.import_module("app.trading.walk"))


@cache
def warm() -> None:
    """Load the pass, or compile it where no cache is: a run's time is that of its work alone."""
    path = Path(np.ones(2), np.arange(2), 1)
    terms = walk.terms(0, Sizing(), Costs(), 0)
    walked = walk_through(ExitPlan(), path, terms, np.zeros(1, np.int64), 1)
    if walked is not None:
        kernels().equity(
            terms, path.prices, np.arange(1), walked.trades, 0, walked.sales, np.zeros(1, np.int64)
        )


def trades_of(walked: Walked, path: Path, terms: walk.Terms, strategy: str) -> list[RunTrade]:
    """Turn the rows of a pass into trades."""
    rows = walked.trades
    sold = _sold_parts(walked.sales, path, terms)
    places = rows[:, walk.ENTRY]
    columns = zip(
        rows.tolist(),
        path.times[places].tolist(),
        (path.prices[places] * terms.buy_factor).tolist(),
        worth(rows[:, walk.LEFT], path.prices[-1], terms.scale).astype(np.int64).tolist(),
        strict=True,
    )
    found = []
    for (_, units, spent, fee, first, end, left), entry_time, entry_price, value in columns:
        parts = sold[first:end]
        closing = None if left else parts[-1]
        gained = sum([part.lamports - part.fee for part in parts])
        found.append(
            RunTrade(
                token=0,
                strategy=strategy,
                entry_time=entry_time,
                entry_price=entry_price,
                units=units,
                spent=spent,
                fee=fee,
                sold=parts,
                exit_time=closing.time if closing else None,
                exit_price=closing.price if closing else None,
                exit_reason=closing.reason if closing else None,
                pnl=gained - spent - fee if closing else None,
                left=left,
                value=value,
            )
        )
    return found


def _sold_parts(sales: Ints, path: Path, terms: walk.Terms) -> list[SoldPart]:
    places = sales[:, walk.INDEX]
    prices = (path.prices[places] * terms.sell_factor).tolist()
    times = path.times[places].tolist()
    return [
        SoldPart(
            time=at,
            price=price,
            units=row[walk.UNITS],
            lamports=row[walk.LAMPORTS],
            fee=row[walk.SALE_FEE],
            reason=reason_name(row[walk.REASON], row[walk.TIER]),
        )
        for at, price, row in zip(times, prices, sales.tolist(), strict=True)
    ]
