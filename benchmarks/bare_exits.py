"""The work of research as bare numba loops: the rules and their roundings, and nothing around them.

Written apart from the platform, for one shape of plan: tiers, break-even after the first, trailing
after the first. What they compute must equal what the platform computes, lamport for lamport.
"""

from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from benchmarks.peers import work

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MARGIN = work.MARGIN
FEES_BPS, BPS = 10, 10_000
SPEND = int(work.SPEND * 1e9)
SCALE = float(work.SCALE)
CASH = int(work.CASH * 1e9)
FILL_WIDTH = 4


class Plans(NamedTuple):
    """Exit plans, a row each."""

    stop_loss: Floats
    trailing: Floats
    gain: Floats
    portion: Floats


@njit()
def crossings(close: Floats, fast: int, slow: int, found: Ints) -> int:
    """Find where the fast average rises above the slow one; every window is summed for itself."""
    many, below = 0, False
    for row in range(slow - 1, close.size):
        quick, steady = 0.0, 0.0
        for place in range(row - fast + 1, row + 1):
            quick += close[place]
        for place in range(row - slow + 1, row + 1):
            steady += close[place]
        above = quick / fast > steady / slow * MARGIN
        if above and below:
            found[many] = row
            many += 1
        below = not above
    return many


@njit()
def crossings_running(close: Floats, fast: int, slow: int, found: Ints) -> int:
    """Find the same with sums that run along: less work, and other last bits."""
    many, below = 0, False
    quick, steady = 0.0, 0.0
    for row in range(close.size):
        quick += close[row]
        steady += close[row]
        if row >= fast:
            quick -= close[row - fast]
        if row >= slow:
            steady -= close[row - slow]
        if row < slow - 1:
            continue
        above = quick / fast > steady / slow * MARGIN
        if above and below:
            found[many] = row
            many += 1
        below = not above
    return many


@njit()
def lead(  # noqa: C901, PLR0912, PLR0915, PLR0917  flat on purpose: as bare as a loop can be
    plans: Plans, plan: int, prices: Floats, entries: Ints, many: int, fills: Ints, equity: Ints
) -> tuple[int, int]:
    """Buy at entries and sell by a plan; returns the cash, and how many fills there were.

    `fills` gets rows of (index, units, lamports, fee), sales with units below zero; `equity` a mark
    for each price. Either may be empty: then nothing is written to it.
    """
    stop_loss, keep = plans.stop_loss[plan], 1.0 - plans.trailing[plan]
    tiers, listed, marked = plans.gain.shape[1], len(fills) > 0, equity.size > 0
    cash, row, index = CASH, 0, 0
    for number in range(many):
        if entries[number] < index:
            continue
        if marked:
            equity[index : entries[number]] = cash
        index = entries[number]
        entry = prices[index]
        units = int(np.floor(SPEND * SCALE / (entry * 1e9)))
        fee = -(-SPEND * FEES_BPS // BPS)
        cash -= SPEND + fee
        if listed:
            fills[row] = index, units, SPEND, fee
        row += 1
        stop, highest, left, tier = entry * (1.0 - stop_loss), entry, units, 0
        target = entry * (1.0 + plans.gain[plan, 0])
        if marked:
            equity[index] = cash + int(np.floor(left * entry * 1e9 / SCALE))
        index += 1
        while index < prices.size and left > 0:
            price = prices[index]
            sold, first = 0, tier
            if price <= stop:
                sold = left
            else:
                while tier < tiers and price >= target and left > sold:
                    wanted = int(np.floor(plans.portion[plan, tier] * units))
                    sold += min(wanted, left - sold)
                    tier += 1
                    if tier < tiers:
                        target = entry * (1.0 + plans.gain[plan, tier])
                    if tier == 1 and entry > stop:
                        stop = entry
                if price > highest:  # noqa: PLR1730  a branch that is rarely taken
                    highest = price
                if tier == first and tier > 0 and highest * keep > stop:
                    stop = highest * keep
            if sold:
                lamports = int(np.floor(sold * price * 1e9 / SCALE))
                fee = -(-lamports * FEES_BPS // BPS)
                cash += lamports - fee
                left -= sold
                if listed:
                    fills[row] = index, -sold, lamports, fee
                row += 1
            if marked:
                equity[index] = cash + int(np.floor(left * price * 1e9 / SCALE))
            index += 1
        if left > 0:
            return cash, row
    if marked:
        equity[index:] = cash
    return cash, row


@njit(parallel=True)
def lead_all(plans: Plans, prices: Floats, entries: Ints, cash: Ints, fills: Ints) -> None:
    """Lead a wallet by each plan, on all cores; writes its cash and how often it filled."""
    nothing, unmarked = np.zeros((0, FILL_WIDTH), np.int64), np.zeros(0, np.int64)
    for plan in prange(plans.stop_loss.size):
        found = lead(plans, plan, prices, entries, entries.size, nothing, unmarked)
        cash[plan], fills[plan] = found
