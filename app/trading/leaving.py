"""A price arrives: it is numbered, every open position in the token sees it, and what it sold is
booked.

Also a person's wish to sell. Both end in the same bookkeeping: order, fill, trade, position,
balance, fact.
"""

from bisect import insort
from dataclasses import dataclass

import numpy as np

from app.trading import exits
from app.trading.amounts import Ints, values_lamports
from app.trading.books import Book, Sold
from app.trading.events import PriceRefused, TierTaken, TradeClosed
from app.trading.exits import MANUAL, WRITTEN_OFF, reason_name
from app.trading.ids import TradeId, order_id
from app.trading.ledger import FillRow, OrderRow, PositionRow, TickRow, TradeUpdate
from app.trading.market import Token, is_price
from app.trading.plans import MAX_GUARDED_STOPS
from app.trading.state import Batch

REMEMBERED_STOPS = MAX_GUARDED_STOPS
MAX_WORTH = 2**53
"""Lamports that one position may be worth: sums in float64 stay exact below it."""

Barred = set[tuple[int, int]]
"""(wallet, strategy) pairs that closed a trade on this candle."""


@dataclass(frozen=True, slots=True)
class Sale:
    """One sale of one position: what was asked, at which price, for how much."""

    slot: int
    units: int
    left: int
    reason: str
    price: float
    lamports: int
    fee: int


def refuse_price(batch: Batch, token: Token, price: float, at: int) -> None:
    """Tell that a price cannot be one; it goes no further."""
    batch.tell(at, None, PriceRefused(mint=token.mint, symbol=token.symbol, price=repr(price)))


def see_price(batch: Batch, token: Token, price: float, at: int) -> Barred | None:
    """Let a price pass over a token's positions; return who closed a trade, or None for a refused
    price.

    A price that would make a position worth more than the books can hold is refused like one that
    is not finite.
    """
    state = batch.state
    book = state.book(token)
    if not is_price(price) or book.largest * price * 1e9 / 10.0**token.decimals >= MAX_WORTH:
        refuse_price(batch, token, price, at)
        return None
    seq = state.next.tick
    state.next.tick += 1
    batch.changes.add(TickRow(seq, token.id, at, price))
    sold = book.tick(state.wishes.plans, price, at)
    if sold is None:
        return set()
    return _book_sold(batch, book, sold, seq, at)


def sell_overdue(batch: Batch, book: Book, at: int, patience_ms: int) -> Barred:
    """Sell what was held too long at the last price, when no new one brought it to mind.

    `patience_ms` is how long after its end a position waits for that price: the candle that closes
    at the end is still on its way, and its price counts, not the one before.
    This is no price: the other positions do not see it, and no tick is recorded.
    """
    if not is_price(book.price):
        return set()
    sold = book.overdue(at - patience_ms)
    if sold is None:
        return set()
    return _book_sold(batch, book, sold, batch.state.next.tick - 1, at)


def _book_sold(batch: Batch, book: Book, sold: Sold, seq: int, at: int) -> Barred:
    costs = batch.state.rules.costs
    price = costs.sell_price(book.price)
    lamports = _proceeds(sold.units, price, book.token.decimals)
    fees = costs.sell_fees(lamports)
    wallets = batch.state.wallets
    np.add.at(wallets.cash, book.wallet[sold.slot], lamports - fees)
    np.add.at(book.returned, sold.slot, lamports - fees)
    columns = (sold.slot, sold.tier, sold.reason, sold.units, lamports, fees)
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    left: dict[int, int] = {}
    sales: list[Sale] = []
    for slot, tier, reason, units, gained, fee in reversed(rows):
        after = left.setdefault(slot, int(book.columns.left[slot]))
        left[slot] = after + units
        sales.append(Sale(slot, units, after, reason_name(reason, tier), price, gained, fee))
    barred: Barred = set()
    for sale in reversed(sales):
        book_sale(batch, book, sale, seq, at)
        if sale.left:
            _tell_partial(batch, book, sale, at)
        if sale.left == int(book.columns.left[sale.slot]) and _update(batch, book, sale, seq, at):
            barred.add((int(book.wallet[sale.slot]), int(book.strategy[sale.slot])))
    book.remove_sold()
    return barred


def sell_by_wish(
    batch: Batch, book: Book, slot: int, portion: float, at: int, *, reason: str = MANUAL
) -> None:
    """Sell a portion of a position at the last known price; the whole rest when less than a unit
    would remain. What is written off goes for nothing.
    """
    costs = batch.state.rules.costs
    left = int(book.columns.left[slot])
    units = left if portion >= 1 else min(max(int(portion * left), 1), left)
    price = costs.sell_price(0.0 if reason == WRITTEN_OFF else book.price)
    proceeds = _proceeds(np.array([units]), price, book.token.decimals)
    lamports, fee = int(proceeds[0]), int(costs.sell_fees(proceeds)[0])
    batch.state.wallets.cash[book.wallet[slot]] += lamports - fee
    book.returned[slot] += lamports - fee
    seq = batch.state.next.tick - 1
    book.columns.highest[slot] = book.highest(slot)
    book.sell(slot, units)
    sale = Sale(slot, units, left - units, reason, price, lamports, fee)
    book_sale(batch, book, sale, seq, at)
    if sale.left:
        _tell_partial(batch, book, sale, at)
    _update(batch, book, sale, seq, at)


def _proceeds(units: Ints, price: float, decimals: int) -> Ints:
    return values_lamports(units, price, decimals).astype(np.int64)


def book_sale(batch: Batch, book: Book, sale: Sale, seq: int, at: int) -> None:
    """Record a sale's order and fill; the money has moved already."""
    slot, token = sale.slot, book.token
    trade, wallet = int(book.trade[slot]), int(book.wallet[slot])
    strategy = batch.state.wishes.names[book.strategy[slot]]
    order = order_id(TradeId(trade), int(book.orders[slot]))
    book.orders[slot] += 1
    batch.touch([wallet])
    batch.changes.add(
        OrderRow(
            order,
            trade,
            wallet,
            token.id,
            strategy,
            "SELL",
            "market",
            sale.reason,
            None,
            sale.units,
            "filled",
            at,
        )
    )
    batch.changes.add(
        FillRow(
            order,
            order,
            trade,
            wallet,
            token.id,
            strategy,
            "SELL",
            sale.price,
            sale.units,
            sale.lamports,
            sale.fee,
            at,
            sale.reason,
            seq,
        )
    )


def _update(batch: Batch, book: Book, sale: Sale, seq: int, at: int) -> bool:
    """Record how a position stands after its last sale of a price; True when that closed it."""
    slot = sale.slot
    left = int(book.columns.left[slot])
    batch.changes.add(position_row(batch, book, slot, seq, at))
    if left:
        batch.changes.add(trade_update(book, slot))
        return False
    cost, returned = int(book.cost[slot]), int(book.returned[slot])
    pnl = returned - cost
    percent = 100.0 * pnl / cost
    batch.changes.add(
        trade_update(book, slot)._replace(
            status="finished",
            exit_time=at,
            exit_price=sale.price,
            exit_reason=sale.reason,
            pnl_sol=pnl,
            pnl_percent=percent,
        )
    )
    _remember_end(batch, book, sale, pnl, at)
    batch.tell(
        at,
        int(book.wallet[slot]),
        TradeClosed(
            trade=int(book.trade[slot]),
            mint=book.token.mint,
            symbol=book.token.symbol,
            reason=sale.reason,
            price=sale.price,
            units=sale.units,
            lamports=sale.lamports,
            fee=sale.fee,
            pnl_lamports=pnl,
            pnl_percent=percent,
            price_at=None if book.price_at == at else book.price_at,
        ),
        int(book.trade[slot]),
    )
    return True


def trade_update(book: Book, slot: int) -> TradeUpdate:
    """Write how an open position's trade stands."""
    return TradeUpdate(
        id=int(book.trade[slot]),
        status="active",
        sol_returned=int(book.returned[slot]),
        highest_price_seen=book.highest(slot),
        stop_loss_price=float(book.columns.stop[slot]),
        exit_time=None,
        exit_price=None,
        exit_reason=None,
        pnl_sol=None,
        pnl_percent=None,
    )


def _tell_partial(batch: Batch, book: Book, sale: Sale, at: int) -> None:
    slot, token = sale.slot, book.token
    trade, wallet = int(book.trade[slot]), int(book.wallet[slot])
    batch.tell(
        at,
        wallet,
        TierTaken(
            trade=trade,
            mint=token.mint,
            symbol=token.symbol,
            reason=sale.reason,
            price=sale.price,
            units=sale.units,
            units_left=sale.left,
            lamports=sale.lamports,
            fee=sale.fee,
        ),
        trade,
    )


def _remember_end(batch: Batch, book: Book, sale: Sale, pnl: int, at: int) -> None:
    """Keep what the cool-down and the stop-loss guard ask for; a candle may come late, so ends
    need not come in the order of their times.
    """
    state, wallet = batch.state, int(book.wallet[sale.slot])
    if pnl < 0:
        losses = state.last_loss.setdefault(book.token.id, {})
        losses[wallet] = max(losses.get(wallet, at), at)
    if sale.reason == reason_name(exits.STOPPED, -1):
        stops = state.stops.setdefault(wallet, [])
        insort(stops, at)
        del stops[:-REMEMBERED_STOPS]


def position_row(batch: Batch, book: Book, slot: int, seq: int, at: int) -> PositionRow:
    """Write a position's exit state as the record keeps it, after the tick `seq`."""
    columns = book.columns
    left = int(columns.left[slot])
    return PositionRow(
        trade_id=int(book.trade[slot]),
        wallet_id=int(book.wallet[slot]),
        token_id=book.token.id,
        strategy=batch.state.wishes.names[book.strategy[slot]],
        side="LONG",
        status="open" if left else "closed",
        tokens=left,
        initial_tokens=int(columns.initial[slot]),
        cost_basis=int(book.cost[slot]),
        entry_price=float(columns.entry[slot]),
        entry_time=int(book.entry_time[slot]),
        current_price=book.price,
        stop_loss=float(columns.stop[slot]),
        highest_price=book.highest(slot),
        phase=int(columns.phase[slot]),
        tiers_taken=int(columns.tiers[slot]),
        orders=int(book.orders[slot]),
        deadline=int(columns.deadline[slot]),
        tick_seq=seq,
        last_updated=at,
    )
