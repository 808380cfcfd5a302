"""A trade run again on the prices that the platform saw, from its entry's fill on.

Prices come in pages, so that a long trade fits in little memory. What no price caused is told
beforehand: sales by a person's wish (with a reset, of everything), those by the clock when no price
came in time, and changes of the plan. All stand after a tick of any token and before the next one
of theirs; sales are at the last price seen. Of those after the same tick changes of the plan come
first: a sale may have ended the trade, a change cannot, and otherwise neither sees the other.

`differences` holds what came out against the record, bit for bit.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from app.trading import exits
from app.trading.amounts import BPS, Floats, Ints, values_lamports
from app.trading.exits import (
    HELD_LONG,
    MANUAL,
    RESET,
    WRITTEN_OFF,
    Plans,
    State,
    reason_name,
)
from app.trading.fills import Costs, bought
from app.trading.follow import MOST_SALES
from app.trading.leap import lay_out, leap
from app.trading.ledger import FillRow
from app.trading.moving import stand_under
from app.trading.plan_changes import PlanChangeRow
from app.trading.plans import ExitPlan

HELD = reason_name(HELD_LONG, -1)
CAUSED_OUTSIDE = (MANUAL, HELD, RESET, WRITTEN_OFF)
MOST_BPS = BPS


class Difference(NamedTuple):
    """A place where the record and the replay say different things."""

    field: str
    recorded: float | str | None
    replayed: float | str | None


class Outside(NamedTuple):
    """A sale that no price caused: after tick `seq` of any token, at a time in Unix ms."""

    seq: int
    at: int
    units: int
    reason: str


class Change(NamedTuple):
    """A plan that took another's place after tick `seq` of any token, and what the stop became."""

    seq: int
    before: ExitPlan
    after: ExitPlan
    stop_before: float
    stop_after: float


class Sale(NamedTuple):
    """What the replay sold, and the market's price; what it brought is a matter of costs."""

    seq: int
    at: int
    market: float
    units: int
    reason: str


class Money(NamedTuple):
    """What a sale brought: the price after slippage, lamports before the fee, the fee."""

    price: float
    lamports: int
    fee: int


class Recorded(NamedTuple):
    """What the record says of a closed trade: its last plan and its fills, then how it ended, then
    how its plan was changed before.

    Prices are SOL per token, SOL is lamports, tokens are base units, times Unix ms.
    """

    plan: ExitPlan
    decimals: int
    deadline: int
    fills: Sequence[FillRow]
    entry_time: int
    entry_price: float
    quantity: int
    sol_invested: int
    sol_returned: int
    highest: float
    stop: float
    exit_time: int | None
    exit_price: float | None
    exit_reason: str | None
    pnl: int | None
    pnl_percent: float | None
    phase: int
    tiers: int
    left: int
    changes: Sequence[Change] = ()


class Replay:
    """A position that sees its trade's prices again.

    `plans` are the one that it begins with, then those of its `changes`; `moves` are what each of
    these made of its stop.
    """

    def __init__(
        self,
        plans: Plans,
        state: State,
        market: float,
        outside: Iterable[Outside] = (),
        changes: Iterable[Change] = (),
    ) -> None:
        self.state = state
        self.market = market
        self.sales: list[Sale] = []
        self.moves: list[tuple[float, float]] = []
        self._plans = plans
        self._outside = in_order(outside, changes)
        self._room = np.zeros((MOST_SALES, 4), np.int64)

    def see(self, seqs: Ints, times: Ints, prices: Floats) -> None:
        """Show it the next page of its token's prices, in the order of their numbers."""
        if not len(seqs):
            return
        path, first = lay_out(prices, times), 0
        while first < len(seqs) and self.state.left > 0:
            last = len(seqs)
            if self._outside:
                last = int(np.searchsorted(seqs, self._outside[0].seq, side="right"))
            self.state, _, rows = leap(
                self._plans, len(self.moves), self.state, path, first, last, self._room, 0
            )
            for place, tier, reason, units in self._room[:rows].tolist():
                self.sales.append(
                    Sale(
                        int(seqs[place]),
                        int(times[place]),
                        float(prices[place]),
                        units,
                        reason_name(reason, tier),
                    )
                )
            if last:
                self.market = float(prices[last - 1])
            if last < len(seqs):
                self._happen(self._outside.popleft())
            first = last

    def end(self) -> None:
        """Let happen what came after the last price."""
        while self._outside:
            self._happen(self._outside.popleft())

    def _happen(self, one: Outside | Change) -> None:
        if isinstance(one, Outside):
            self._sell(one)
        elif self.state.left > 0:
            before = float(self.state.stop)
            self.state = stand_under(one.after, self.state)
            self.moves.append((before, float(self.state.stop)))

    def _sell(self, wish: Outside) -> None:
        """Sell by wish, or by the clock what was held until its deadline."""
        left = self.state.left
        units = min(wish.units, left)
        if wish.reason == HELD:
            units = left if wish.at >= self.state.deadline else 0
        if units:
            self.state = self.state._replace(left=left - units)
            market = 0.0 if wish.reason == WRITTEN_OFF else self.market
            self.sales.append(Sale(wish.seq, wish.at, market, units, wish.reason))


def outside_of(fills: Iterable[FillRow]) -> list[Outside]:
    """Find the sales of a record that no price caused, or may not have."""
    return sorted(
        Outside(fill.tick_seq, fill.timestamp, fill.size, fill.reason)
        for fill in fills
        if fill.reason in CAUSED_OUTSIDE
    )


def changes_of(rows: Iterable[PlanChangeRow]) -> list[Change]:
    """Read changes of a trade's plan. Raises ValidationError for a broken plan."""
    return [
        Change(
            row.tick_seq,
            ExitPlan.model_validate_json(row.plan_before),
            ExitPlan.model_validate_json(row.plan_after),
            row.stop_before,
            row.stop_after,
        )
        for row in rows
    ]


def in_order(outside: Iterable[Outside], changes: Iterable[Change]) -> deque[Outside | Change]:
    """Put what no price caused in the order in which it happened."""
    both: list[Outside | Change] = [*changes, *outside]
    return deque(sorted(both, key=lambda one: one.seq))


def first_plan(plan: ExitPlan, changes: Sequence[Change]) -> ExitPlan:
    """Tell by which plan a trade was opened that has this one now."""
    return changes[0].before if changes else plan


def begin(
    plan: ExitPlan,
    changes: Sequence[Change],
    fills: Sequence[FillRow],
    *,
    deadline: int,
    market: float,
) -> Replay:
    """Begin a trade again that has this plan now, at the market's price of its entry."""
    plans = exits.plans([first_plan(plan, changes), *(change.after for change in changes)])
    entry = fills[0]
    state = exits.start(plans, 0, entry.price, entry.size, deadline)
    return Replay(plans, state, market, outside_of(fills), changes)


def money(sale: Sale, decimals: int, costs: Costs) -> Money:
    """Settle a sale as paper fills are."""
    price = costs.sell_price(sale.market)
    lamports = values_lamports(np.array([sale.units]), price, decimals).astype(np.int64)
    return Money(price, int(lamports[0]), int(costs.sell_fees(lamports)[0]))


def charged(entry: FillRow, market: float, now: Costs) -> Costs:
    """Find what an entry was charged: the platform's costs, or those from before they were changed.

    Others explain its price and its fee in whole basis points; where none do, it is the
    platform's, and the entry differs.
    """
    if _explains(now, entry, market) or entry.sol <= 0:
        return now
    slippage = round((entry.price / market - 1.0) * BPS)
    basis = (entry.fee - now.network_lamports - now.rent_lamports) * BPS // entry.sol
    if not (0 <= slippage <= MOST_BPS and 0 <= basis <= MOST_BPS):
        return now
    then = replace(now, fees_bps=basis, slippage_bps=slippage)
    return then if _explains(then, entry, market) else now


def _explains(costs: Costs, entry: FillRow, market: float) -> bool:
    fee = int(costs.buy_fees(np.array([entry.sol], np.int64))[0])
    return costs.buy_price(market) == entry.price and fee == entry.fee


def differences(
    record: Recorded, replay: Replay, market: float, costs: Sequence[Costs]
) -> list[Difference]:
    """Compare a record with its replay; `market` is the price on which it was bought.

    `costs` are those that its entry was charged, then any later ones: a fill is right when one of
    them gives it.
    """
    pairs = [*_entry(record, market, costs[0])]
    pairs += changed(record.plan, record.changes, replay.moves)
    sold = [fill for fill in record.fills if fill.side == "SELL"]
    returned, last = 0, None
    for place, (fill, sale) in enumerate(zip(sold, replay.sales, strict=False), start=1):
        brought = settled(fill, sale, record.decimals, costs)
        returned += brought.lamports - brought.fee
        last = sale, brought
        pairs += _fill(f"fills/{place}", fill, sale, brought)
    if len(sold) != len(replay.sales):
        pairs.append(("sales", len(sold), len(replay.sales)))
    else:
        pairs += _end(record, replay, returned, last)
    return [Difference(*pair) for pair in pairs if pair[1] != pair[2]]


Pair = tuple[str, float | str | None, float | str | None]


def _entry(record: Recorded, market: float, costs: Costs) -> Iterator[Pair]:
    entry = record.fills[0]
    fee = int(costs.buy_fees(np.array([entry.sol], np.int64))[0])
    with np.errstate(all="ignore"):  # a record that was touched may say a price of 0
        units = float(bought(np.array([entry.sol], np.int64), entry.price, record.decimals)[0])
    yield "fills/0/price", entry.price, costs.buy_price(market)
    yield "fills/0/fee", entry.fee, fee
    yield "fills/0/units", entry.size, units
    yield "entry_price", record.entry_price, entry.price
    yield "entry_time", record.entry_time, entry.timestamp
    yield "quantity", record.quantity, entry.size
    yield "sol_invested", record.sol_invested, entry.sol + entry.fee


def changed(
    plan: ExitPlan, changes: Sequence[Change], moves: Sequence[tuple[float, float]]
) -> Iterator[Pair]:
    """Compare changes of a plan with the plan that a trade has, with each other and with what each
    made of the stop when the trade was run again.
    """
    then = first_plan(plan, changes)
    for place, (change, move) in enumerate(zip(changes, moves, strict=False), start=1):
        there = f"plan_changes/{place}"
        yield f"{there}/before", change.before.model_dump_json(), then.model_dump_json()
        yield f"{there}/stop_before", change.stop_before, move[0]
        yield f"{there}/stop_after", change.stop_after, move[1]
        then = change.after
    yield "plan_changes", len(changes), len(moves)
    yield "exit_plan", plan.model_dump_json(), then.model_dump_json()


def settled(fill: FillRow | None, sale: Sale, decimals: int, costs: Sequence[Costs]) -> Money:
    """Settle a sale by the costs that give its recorded fill; by the first where none do."""
    several = [money(sale, decimals, one) for one in costs]
    if fill is None:
        return several[0]
    there = Money(fill.price, fill.sol, fill.fee)
    return there if there in several else several[0]


def _fill(place: str, fill: FillRow, sale: Sale, brought: Money) -> Iterator[Pair]:
    yield f"{place}/time", fill.timestamp, sale.at
    yield f"{place}/price", fill.price, brought.price
    yield f"{place}/units", fill.size, sale.units
    yield f"{place}/lamports", fill.sol, brought.lamports
    yield f"{place}/fee", fill.fee, brought.fee
    yield f"{place}/reason", fill.reason, sale.reason
    yield f"{place}/tick", fill.tick_seq, sale.seq


def _end(
    record: Recorded, replay: Replay, returned: int, last: tuple[Sale, Money] | None
) -> Iterator[Pair]:
    state, cost = replay.state, record.fills[0].sol + record.fills[0].fee
    yield "tokens", record.left, state.left
    yield "sol_returned", record.sol_returned, returned
    yield "highest_price_seen", record.highest, float(state.highest)
    yield "stop_loss_price", record.stop, float(state.stop)
    yield "phase", record.phase, state.phase
    yield "tiers_taken", record.tiers, state.tiers
    if last is not None and state.left == 0:
        sale, brought = last
        yield "exit_time", record.exit_time, sale.at
        yield "exit_price", record.exit_price, brought.price
        yield "exit_reason", record.exit_reason, sale.reason
        yield "pnl_sol", record.pnl, returned - cost
        yield "pnl_percent", record.pnl_percent, 100.0 * (returned - cost) / cost
