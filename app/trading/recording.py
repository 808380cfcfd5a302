"""What is written of a buy: trade, order, fill, position and fact of each wallet."""

from typing import NamedTuple

from app.trading.events import TradeOpened
from app.trading.ids import TradeId, order_id
from app.trading.judging import Ask
from app.trading.leaving import position_row
from app.trading.ledger import FillRow, OrderRow, TradeRow
from app.trading.plans import ExitPlan
from app.trading.state import Batch, to_json


class Entry(NamedTuple):
    """One wallet's buy: units for lamports and a fee, as trade number so and so."""

    trade: int
    wallet: int
    units: int
    spent: int
    fee: int


class Shared(NamedTuple):
    """What is the same for every wallet that buys on one confirmation."""

    ask: Ask
    price: float
    stop: float
    tiers: str
    plan: str
    seq: int


def record_entries(batch: Batch, ask: Ask, first: int, amounts: list[tuple[int, int, int]]) -> None:
    """Write everything about new positions, from slot `first` on; amounts are units, spent, fee."""
    book, at = ask.book, ask.close.closed_at
    price = float(book.columns.entry[first])
    shared = Shared(
        ask,
        price,
        float(book.columns.stop[first]),
        levels(ask.profile.exit, price),
        ask.profile.exit.model_dump_json(),
        batch.state.next.tick - 1,
    )
    changes = batch.changes
    for slot, (units, spent, fee) in enumerate(amounts, start=first):
        entry = Entry(int(book.trade[slot]), int(book.wallet[slot]), units, spent, fee)
        changes.add(_trade(shared, entry))
        changes.add(_order(shared, entry))
        changes.add(_fill(shared, entry))
        changes.add(position_row(batch, book, slot, shared.seq, at))
        batch.tell(at, entry.wallet, _fact(shared, entry), entry.trade)


def levels(plan: ExitPlan, entry: float) -> str:
    """Write the prices of a plan's tiers for a trade, with their portions (JSON)."""
    return to_json([[entry * (1.0 + gain), portion] for gain, portion in plan.take_profit])


def _trade(shared: Shared, entry: Entry) -> TradeRow:
    ask = shared.ask
    watch = ask.watch
    return TradeRow(
        entry.trade,
        entry.wallet,
        watch.token.id,
        ask.question.name,
        watch.signal,
        "signal" if watch.signal is not None else "named",
        "active",
        ask.close.closed_at,
        shared.price,
        entry.units,
        entry.spent + entry.fee,
        shared.stop,
        shared.tiers,
        shared.plan,
        watch.sentiment.score if watch.sentiment else None,
        watch.sentiment.mentions if watch.sentiment else None,
        0,
        shared.price,
    )


def _order(shared: Shared, entry: Entry) -> OrderRow:
    return OrderRow(
        order_id(TradeId(entry.trade), 0),
        entry.trade,
        entry.wallet,
        shared.ask.watch.token.id,
        shared.ask.question.name,
        "BUY",
        "market",
        "entry",
        entry.spent,
        None,
        "filled",
        shared.ask.close.closed_at,
    )


def _fill(shared: Shared, entry: Entry) -> FillRow:
    order = order_id(TradeId(entry.trade), 0)
    return FillRow(
        order,
        order,
        entry.trade,
        entry.wallet,
        shared.ask.watch.token.id,
        shared.ask.question.name,
        "BUY",
        shared.price,
        entry.units,
        entry.spent,
        entry.fee,
        shared.ask.close.closed_at,
        "entry",
        shared.seq,
    )


def _fact(shared: Shared, entry: Entry) -> TradeOpened:
    watch = shared.ask.watch
    return TradeOpened(
        trade=entry.trade,
        mint=watch.token.mint,
        symbol=watch.token.symbol,
        strategy=shared.ask.question.name,
        price=shared.price,
        units=entry.units,
        lamports=entry.spent,
        fee=entry.fee,
        stop=shared.stop,
        signal=watch.signal,
    )
