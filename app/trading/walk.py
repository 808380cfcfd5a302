"""One wallet, one token, one strategy: a whole history in one compiled pass.

What the engine does for such a wallet, without its rows: at each confirmed close that finds it
without a position it buys by its size and its means, then `follow` leads the position to its end.
No limits but those of size; whoever has more wishes is led by the engine itself. The sums, floors
and fees are the engine's own kernels, and a test holds both against each other, fill by fill.

    path     the prices that the wallet sees, with their times in Unix ms: one a candle (its close)
             or four (open, low, high, close), so that a candle's last is its close
    entries  the indices of the closes at which the strategy confirms, rising
    trades   rows of (entry index, units, lamports spent, fee, first sale, end of sales, units left)
    sales    rows of (index, tier, reason, units, lamports received, fee)
"""

from typing import NamedTuple

import numpy as np

from app.trading.amounts import units_for, worth
from app.trading.exits import NEVER_MS, Floats, Ints, Plans, start
from app.trading.fills import Costs, fee_of, spendable
from app.trading.follow import follow
from app.trading.kernels import kernel, long_kernel
from app.trading.plans import Sizing
from app.trading.sizing import least, most, reserve

ENTRY, BOUGHT, SPENT, FEE, FIRST, END, LEFT = range(7)
INDEX, TIER, REASON, UNITS, LAMPORTS, SALE_FEE = range(6)
TRADE_WIDTH, SALE_WIDTH = 7, 6

MAX_WORTH = 2.0**53
MAX_UNITS = 2.0**63
TOO_LARGE = -1


class Terms(NamedTuple):
    """What a wallet starts with, risks and pays; amounts in lamports."""

    cash: int
    risk_per_trade: float
    most: int
    reserve: int
    least: int
    fees_bps: int
    buy_extra: int
    sell_extra: int
    buy_factor: float
    sell_factor: float
    scale: float
    """10^decimals of the token."""


def terms(cash: int, sizing: Sizing, costs: Costs, decimals: int) -> Terms:
    """Lay out a wallet's size and costs for the pass."""
    return Terms(
        cash=cash,
        risk_per_trade=sizing.risk_per_trade,
        most=most(sizing),
        reserve=reserve(sizing),
        least=least(sizing),
        fees_bps=costs.fees_bps,
        buy_extra=costs.network_lamports + costs.rent_lamports,
        sell_extra=costs.network_lamports,
        buy_factor=costs.buy_price(1.0),
        sell_factor=costs.sell_price(1.0),
        scale=10.0**decimals,
    )


@kernel
def spend(terms: Terms, cash: int) -> int:
    """Size a buy of a wallet that holds nothing; 0 where it is below the least."""
    wanted = min(int(np.floor(terms.risk_per_trade * cash)), terms.most)
    free = spendable(max(max(cash - terms.reserve, 0) - terms.buy_extra, 0), terms.fees_bps)
    wanted = max(min(wanted, free), 0)
    return wanted if wanted >= terms.least else 0


@kernel
def sell(terms: Terms, prices: Floats, sales: Ints, first: int, end: int) -> int:
    """Price the sales in rows [first, end) and fill in what each brings; returns the sum."""
    gained = 0
    for row in range(first, end):
        price = prices[sales[row, INDEX]] * terms.sell_factor
        lamports = int(worth(sales[row, UNITS], price, terms.scale))
        fee = min(fee_of(lamports, terms.fees_bps) + terms.sell_extra, lamports)
        sales[row, LAMPORTS] = lamports
        sales[row, SALE_FEE] = fee
        gained += lamports - fee
    return gained


@long_kernel
def walk(
    plans: Plans,
    plan: int,
    terms: Terms,
    prices: Floats,
    times: Ints,
    entries: Ints,
    per_candle: int,
    holding: int,
    trades: Ints,
    sales: Ints,
) -> tuple[int, int, int]:
    """Lead a wallet through a history; returns its cash, and how many rows were written of each.

    `trades` has a row for each entry, `sales` MOST_SALES rows; `holding` is how long a position is
    kept, in ms, or NEVER_MS. A count of TOO_LARGE says that a price would have been refused, which
    only the engine knows how to do.
    """
    cash = terms.cash
    count, row, free_from, largest = 0, 0, 0, 0
    for entry in entries:
        if entry < free_from:
            continue
        price = prices[entry] * terms.buy_factor
        spent = spend(terms, cash)
        units = units_for(spent, price, terms.scale)
        if spent == 0 or not 1.0 <= units < MAX_UNITS:
            continue
        fee = fee_of(spent, terms.fees_bps) + terms.buy_extra
        deadline = NEVER_MS if holding == NEVER_MS else times[entry] + holding
        state = start(plans, plan, price, int(units), deadline)
        first, largest = row, max(largest, int(units))
        state, seen, row = follow(plans, plan, state, prices, times, entry + 1, sales, row)
        if worth(largest, max(state.highest, prices[entry]), terms.scale) >= MAX_WORTH:
            return cash, TOO_LARGE, row
        cash += sell(terms, prices, sales, first, row) - spent - fee
        trades[count, ENTRY] = entry
        trades[count, BOUGHT] = int(units)
        trades[count, SPENT] = spent
        trades[count, FEE] = fee
        trades[count, FIRST] = first
        trades[count, END] = row
        trades[count, LEFT] = state.left
        count += 1
        # The candle that closed the trade does not open the next one.
        free_from = (
            prices.size if state.left else (seen - 1) // per_candle * per_candle + per_candle
        )
    return cash, count, row


@kernel
def equity(
    terms: Terms,
    prices: Floats,
    marks: Ints,
    trades: Ints,
    count: int,
    sales: Ints,
    values: Ints,
) -> None:
    """Mark a walked wallet at the path's indices `marks`, rising, into `values`, in lamports."""
    cash, units, trade, sale = terms.cash, 0, 0, 0
    for place in range(marks.size):
        at = marks[place]
        while trade < count and trades[trade, ENTRY] <= at:
            if units == 0:
                cash -= trades[trade, SPENT] + trades[trade, FEE]
                units = trades[trade, BOUGHT]
                sale = trades[trade, FIRST]
            while sale < trades[trade, END] and sales[sale, INDEX] <= at:
                cash += sales[sale, LAMPORTS] - sales[sale, SALE_FEE]
                units -= sales[sale, UNITS]
                sale += 1
            if units:
                break
            trade += 1
        values[place] = cash + int(worth(units, prices[at], terms.scale))


class Questions(NamedTuple):
    """The confirmed closes of several questions, one after the other: `bounds` has one more row."""

    entries: Ints
    bounds: Ints


class Combinations(NamedTuple):
    """What is tried: the question that opens, the plan that closes, how long at most (ms)."""

    question: Ints
    plan: Ints
    holding: Ints


class Room(NamedTuple):
    """Where a pass writes: scratch for one combination, and what is kept of all.

    `kept` has rows of (combination, entry index, exit index or −1, cost, P&L of what was sold),
    `equity` a row for each combination and a column for each mark.
    """

    trades: Ints
    sales: Ints
    kept: Ints
    equity: Ints


KEPT_WIDTH = 5


@long_kernel
def walk_each(
    plans: Plans,
    terms: Terms,
    prices: Floats,
    times: Ints,
    per_candle: int,
    questions: Questions,
    combinations: Combinations,
    marks: Ints,
    room: Room,
    first: int,
) -> tuple[int, int]:
    """Walk combination after combination from `first` on; returns the next, and the rows kept.

    Stops early when `kept` might not hold the next one's trades; a negative row count is minus one
    less than the number of a combination that only the engine can lead (see `walk`).
    """
    row, number = 0, first
    while number < combinations.plan.size:
        question = combinations.question[number]
        begin, end = questions.bounds[question], questions.bounds[question + 1]
        if row + end - begin > len(room.kept) and row > 0:
            break
        _, count, _ = walk(
            plans,
            combinations.plan[number],
            terms,
            prices,
            times,
            questions.entries[begin:end],
            per_candle,
            combinations.holding[number],
            room.trades,
            room.sales,
        )
        if count == TOO_LARGE:
            return number, -1 - number
        equity(terms, prices, marks, room.trades, count, room.sales, room.equity[number])
        for trade in range(count):
            gained = 0
            for sale in range(room.trades[trade, FIRST], room.trades[trade, END]):
                gained += room.sales[sale, LAMPORTS] - room.sales[sale, SALE_FEE]
            cost = room.trades[trade, SPENT] + room.trades[trade, FEE]
            closed = room.trades[trade, LEFT] == 0
            room.kept[row, 0] = number
            room.kept[row, 1] = room.trades[trade, ENTRY]
            room.kept[row, 2] = room.sales[room.trades[trade, END] - 1, INDEX] if closed else -1
            room.kept[row, 3] = cost
            room.kept[row, 4] = gained - cost
            row += 1
        number += 1
    return number, row
