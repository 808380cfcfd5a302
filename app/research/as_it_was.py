"""What really came of a trade, in the form of what might have: from its record, and from its own
plan run again.
"""

import itertools

import numpy as np

from app.research.led import Outcomes, Terms, Trade, window_of
from app.research.results import SoldPart
from app.research.seen_prices import Seen
from app.store.replays import FINISHED
from app.trading.amounts import values_lamports
from app.trading.replay import begin, charged, settled


def put_own(outcomes: Outcomes, number: int, trade: Trade, seen: Seen, terms: Terms) -> None:
    """Put in, as row `number`, what running the trade's own plan again comes to: sales by hand and
    by the clock happen in their places, and so does every change of the plan.
    """
    window, entry = window_of(trade, seen, terms.now), trade.fills[0]
    market, deadline = float(seen.prices.price[window.entry]), trade.line.deadline
    replay = begin(trade.plan, trade.changes, trade.fills, deadline=deadline, market=market)
    part = seen.prices.part(window.first, window.last)
    replay.see(part.seq, part.at, part.price)
    replay.end()
    costs = [charged(entry, market, terms.costs), terms.costs]
    fills = itertools.chain(trade.fills[1:], itertools.repeat(None))
    sold = []
    for sale, fill in zip(replay.sales, fills, strict=False):
        price, lamports, fee = settled(fill, sale, trade.line.decimals, costs)
        sold.append(
            SoldPart(
                time=sale.at,
                price=price,
                units=sale.units,
                lamports=lamports,
                fee=fee,
                reason=sale.reason,
            )
        )
    last = float(seen.prices.price[window.last - 1])
    _put(outcomes, number, trade, sold, left=replay.state.left, price=last)


def recorded(trade: Trade, seen: Seen, terms: Terms) -> Outcomes:
    """Write down what really happened, in the same form."""
    window = window_of(trade, seen, terms.now)
    sold = [
        SoldPart(
            time=fill.timestamp,
            price=fill.price,
            units=fill.size,
            lamports=fill.sol,
            fee=fill.fee,
            reason=fill.reason,
        )
        for fill in trade.fills[1:]
    ]
    closed = trade.line.status == FINISHED
    end = int(np.searchsorted(seen.prices.seq, trade.fills[-1].tick_seq, side="right"))
    zero = np.zeros(1, np.int64)
    outcomes = Outcomes(
        pnl=zero.copy(),
        percent=np.zeros(1),
        left=zero.copy(),
        exit_time=zero.copy(),
        reason=[None],
        sold=[[]],
        last=(end if closed else window.last) - 1,
    )
    price = float(seen.prices.price[window.last - 1])
    _put(outcomes, 0, trade, sold, left=trade.line.tokens, price=price)
    return outcomes


def _put(
    outcomes: Outcomes,
    number: int,
    trade: Trade,
    sold: list[SoldPart],
    *,
    left: int,
    price: float,
) -> None:
    returned = sum(part.lamports - part.fee for part in sold)
    value = int(values_lamports(np.array([left]), price, trade.line.decimals)[0])
    pnl = returned + value - trade.line.sol_invested
    outcomes.pnl[number], outcomes.left[number] = pnl, left
    outcomes.percent[number] = 100.0 * pnl / trade.line.sol_invested
    outcomes.exit_time[number] = 0 if left else sold[-1].time
    outcomes.reason[number] = None if left else sold[-1].reason
    if outcomes.sold:
        outcomes.sold[number] = sold
