# mypy: disable-error-code="import-not-found,import-untyped,misc,untyped-decorator,no-untyped-call"
"""vectorbt: its moving averages, then the rules in an order function that it compiles."""

import importlib.metadata
from typing import Any

import numpy as np
import pandas as pd
import vectorbt as vbt
from numba import njit
from numpy.typing import NDArray
from vectorbt.portfolio import nb as portfolio
from vectorbt.portfolio.enums import NoOrder

from benchmarks.peers import work
from benchmarks.peers.work import Candles, Clock, Done, Fill

ENTRY, STOP, HIGHEST, INITIAL, LEFT, TIERS = range(6)
SPEND, SCALE, FEE = work.SPEND, float(work.SCALE), work.FEE
STOP_LOSS, TRAILING, GAINS, PORTIONS = (
    work.STOP_LOSS,
    work.TRAILING,
    tuple(gain for gain, _ in work.TIERS),
    tuple(portion for _, portion in work.TIERS),
)
WARM_UP = 500


@njit()
def see(state: NDArray[np.float64], price: float) -> float:
    """Show a position the next close; returns the units that it sells."""
    if price <= state[STOP]:
        sold = state[LEFT]
        state[LEFT] = 0.0
        return float(sold)
    sold, first = 0.0, state[TIERS]
    while state[TIERS] < len(GAINS):
        tier = int(state[TIERS])
        if price < state[ENTRY] * (1.0 + GAINS[tier]):
            break
        sold += min(np.floor(PORTIONS[tier] * state[INITIAL]), state[LEFT] - sold)
        state[TIERS] += 1
        if state[TIERS] == 1:
            state[STOP] = max(state[STOP], state[ENTRY])
    state[HIGHEST] = max(state[HIGHEST], price)
    state[LEFT] -= sold
    if state[TIERS] == first and state[TIERS] >= 1:
        state[STOP] = max(state[STOP], state[HIGHEST] * (1.0 - TRAILING))
    return float(sold)


@njit()
def order(context: Any, confirmed: NDArray[np.bool_], state: NDArray[np.float64]) -> Any:
    """Say what to order at a close."""
    price = context.close[context.i, context.col]
    if state[LEFT] > 0:
        sold = see(state, price)
        if sold > 0:
            return portfolio.order_nb(-sold / SCALE, price, fees=FEE)
    elif confirmed[context.i]:
        units = np.floor(SPEND * 1e9 * SCALE / (price * 1e9))
        state[:] = price, price * (1.0 - STOP_LOSS), price, units, units, 0.0
        return portfolio.order_nb(units / SCALE, price, fees=FEE)
    return NoOrder


def simulate(close: pd.Series) -> Any:
    """Find the entries and run the simulator."""
    fast = vbt.MA.run(close, work.FAST).ma.to_numpy()
    slow = vbt.MA.run(close, work.SLOW).ma.to_numpy()
    above = fast > slow * work.MARGIN
    confirmed = np.zeros(len(close), np.bool_)
    confirmed[1:] = above[1:] & (fast[:-1] <= slow[:-1] * work.MARGIN)
    return vbt.Portfolio.from_order_func(
        close, order, confirmed, np.zeros(6), init_cash=work.CASH, freq="5min"
    )


def run(candles: Candles) -> Done:
    """Run every token, one portfolio each, as many passes in all as there are tokens."""
    clock, after = Clock(), Clock()
    fills, cash = [], 0.0
    for token, rows in enumerate(candles):
        times = pd.date_range("2024-01-01", periods=len(rows), freq="5min")
        close = pd.Series(rows[:, work.CLOSE], index=times)
        if token == 0:
            simulate(close[:WARM_UP])
        with clock:
            made = simulate(close)
        with after:
            made.value()
            made.trades.records_readable  # noqa: B018  worked out when it is first asked for
        orders = made.orders.records
        signs = np.where(orders["side"] == 0, 1.0, -1.0)
        columns = orders["idx"], orders["size"] * signs * work.SCALE, orders["price"]
        fills += [Fill(token, *found) for found in zip(*map(list, columns), strict=True)]
        cash += float(made.cash().iloc[-1]) - work.CASH
    others = {"its equity and list of trades": after.wall}
    return Done(fills, cash, clock.wall, clock.cpu, others)


if __name__ == "__main__":
    timed = "averages, comparison and Portfolio.from_order_func, compiled before"
    work.drive(run, importlib.metadata.version("vectorbt"), timed)
