"""A person changes the exit plan of one open trade: its stop, what still trails, targets to come.

    taken tiers, holding time stay --> the stop is what the plan says by now --> the next price

What the trade was and saw stays: entry, highest price, tiers taken, units left. Its stop may fall,
because a person wishes it. Nothing is sold by the change itself, whatever the price is; the very
next one is judged by the new plan.
"""

from typing import NamedTuple

from app.trading import exits, leaving
from app.trading.books import Book
from app.trading.events import PlanChanged
from app.trading.exits import BLOCK, BREAKEVEN, INITIAL, TRAILING, State
from app.trading.inputs import Answer, ChangePlan, Refused
from app.trading.plan_changes import PlanChangeRow, TradePlan
from app.trading.plans import ExitPlan
from app.trading.recording import levels
from app.trading.state import Batch


class Before(NamedTuple):
    """What a trade had before its plan was changed."""

    plan: ExitPlan
    stop: float


def stand_under(plan: ExitPlan, state: State) -> State:
    """Tell where a position stands once a plan takes over: its stop and phase by entry, highest
    price and tiers taken; the rest is as it was.
    """
    stop, phase = state.entry * (1.0 - plan.stop_loss), INITIAL
    broke_even = plan.breakeven_after_tier and state.tiers >= plan.breakeven_after_tier
    if broke_even and state.entry > stop:
        stop, phase = state.entry, BREAKEVEN
    if plan.trailing_stop is not None and plan.trailing_after_tier is not None:
        trailed = state.highest * (1.0 - plan.trailing_stop)
        if state.tiers >= plan.trailing_after_tier and trailed > stop:
            stop, phase = trailed, TRAILING
    return state._replace(stop=stop, phase=phase)


def refusal_of(before: ExitPlan, after: ExitPlan, taken: int) -> Refused | None:
    """Say why a trade that took so many tiers cannot go on by another plan; None when it can."""
    if after.max_holding_candles != before.max_holding_candles:
        detail = "how long a trade is held at most cannot be changed while it is open"
        return Refused(slug="holding-time-stays", detail=detail)
    if after.take_profit[:taken] != before.take_profit[:taken]:
        targets = "the target that was" if taken == 1 else f"the {taken} targets that were"
        detail = f"{targets} taken must stay as they were, first in the list"
        return Refused(slug="targets-taken-stay", detail=detail)
    return None


def change_plan(batch: Batch, wish: ChangePlan) -> Answer:
    """Let an open trade go on by another plan; the plan that it has already changes nothing."""
    found = _find(batch, wish)
    if found is None:
        return Refused(slug="no-position", detail="this wallet has no such open trade")
    book, slot = found
    wishes = batch.state.wishes
    before = wishes.plan_list[book.columns.plan[slot]]
    refused = refusal_of(before, wish.plan, int(book.columns.tiers[slot]))
    if refused is not None or before == wish.plan:
        return refused
    stop = float(book.columns.stop[slot])
    _take_over(batch, book, slot, wish.plan)
    return _record(batch, wish, found, Before(before, stop))


def _find(batch: Batch, wish: ChangePlan) -> tuple[Book, int] | None:
    for book in batch.state.books.values():
        for slot in book.of_wallet(wish.wallet):
            if int(book.trade[slot]) == wish.trade:
                return book, slot
    return None


def _take_over(batch: Batch, book: Book, slot: int, plan: ExitPlan) -> None:
    """Put a plan in the place of another; what its block saw is handed out before, and its guards
    are measured anew after.
    """
    columns, wishes, block = book.columns, batch.state.wishes, slot // BLOCK
    exits.settle(columns, book.guards, block, book.count)
    columns.plan[slot] = wishes.plan(plan)
    exits.write(columns, slot, wishes.plans, stand_under(plan, exits.read(columns, slot)))
    exits.settle(columns, book.guards, block, book.count)


def _record(batch: Batch, wish: ChangePlan, found: tuple[Book, int], before: Before) -> int:
    """Write the change down, with the exit state from which later prices lead on; tell it."""
    book, slot = found
    seq, number = batch.state.next.tick - 1, batch.state.next.event
    stop, plan = float(book.columns.stop[slot]), wish.plan.model_dump_json()
    batch.changes.add(
        PlanChangeRow(
            id=number,
            trade_id=wish.trade,
            wallet_id=wish.wallet,
            at=wish.at,
            tick_seq=seq,
            plan_before=before.plan.model_dump_json(),
            plan_after=plan,
            stop_before=before.stop,
            stop_after=stop,
        )
    )
    tiers = levels(wish.plan, float(book.columns.entry[slot]))
    batch.changes.add(TradePlan(wish.trade, tiers, plan))
    batch.changes.add(leaving.trade_update(book, slot))
    batch.changes.add(leaving.position_row(batch, book, slot, seq, wish.at))
    fact = PlanChanged(
        trade=wish.trade,
        mint=book.token.mint,
        symbol=book.token.symbol,
        stop_before=before.stop,
        stop_after=stop,
        plan_before=before.plan.model_dump(mode="json"),
        plan_after=wish.plan.model_dump(mode="json"),
    )
    batch.tell(wish.at, wish.wallet, fact, wish.trade)
    return number
