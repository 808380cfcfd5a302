"""A paper wallet begins again: fresh play money, the same key, and nothing of the record is lost.

    what it holds is sold --> its balance is set --> profit, risk and refusals count from here

It is one input, so that it is in the record whole or not at all. Its settings stay, a pause by a
person stays, and so do its shadows: they have no money of their own to begin again with.
"""

from typing import NamedTuple

from app.trading import accounts, leaving
from app.trading.accounts import MAX_BALANCE, RAW, unable
from app.trading.books import DAY_MS
from app.trading.deposits import RESET_KIND, DepositRow, ResetRow
from app.trading.events import WalletReset
from app.trading.exits import RESET, WRITTEN_OFF
from app.trading.inputs import Answer, Refused, ResetWallet, Resume
from app.trading.judging import equities
from app.trading.ledger import SnapshotRow
from app.trading.market import is_price
from app.trading.risk import MINUTE_MS
from app.trading.state import Batch, State


class Sold(NamedTuple):
    """The trades that a reset ended; so many of them had no price and went for nothing."""

    trades: list[int]
    written_off: int


def reset(batch: Batch, wish: ResetWallet) -> Answer:
    """Let a paper wallet begin again."""
    refused = unable(batch.state, wish.wallet) or _not_like_this(batch.state, wish)
    if refused is not None:
        return refused
    sold = _sell_all(batch, wish)
    _begin_again(batch, wish, sold)
    _forget(batch.state, wish.wallet)
    if batch.state.wallets.pause_reasons.get(wish.wallet) == accounts.DRAWDOWN:
        accounts.resume(batch, Resume(at=wish.at, wallet=wish.wallet))
    _mark(batch, wish)
    return sold.trades


def _not_like_this(state: State, wish: ResetWallet) -> Refused | None:
    if not state.wallets.paper[wish.wallet]:
        detail = "only a paper wallet can begin again; this one is not made of play money"
        return Refused(slug="not-paper", detail=detail)
    if not 0 <= wish.lamports <= MAX_BALANCE:
        return Refused(slug="invalid-balance", detail="a balance is 0 to 9 million SOL")
    return None


def _sell_all(batch: Batch, wish: ResetWallet) -> Sold:
    """Sell every position as by hand; without a price there is nobody to sell to."""
    state, trades, written_off = batch.state, [], 0
    for token in sorted(state.books):
        book = state.books[token]
        reason = RESET if is_price(book.price) else WRITTEN_OFF
        slots = list(book.of_wallet(wish.wallet))
        trades += [int(book.trade[slot]) for slot in slots]
        written_off += len(slots) if reason == WRITTEN_OFF else 0
        for slot in slots:
            leaving.sell_by_wish(batch, book, slot, 1.0, wish.at, reason=reason)
        book.remove_sold()
    return Sold(sorted(trades), written_off)


def _begin_again(batch: Batch, wish: ResetWallet, sold: Sold) -> None:
    """Give or take what is missing, write that down, and count from here."""
    wallets, wallet, following = batch.state.wallets, wish.wallet, batch.state.next
    before, paid_in = int(wallets.cash[wallet]), wallets.paid_in(wallet)
    given = wish.lamports - before
    fact = WalletReset(
        initial_before=int(wallets.initial[wallet]),
        balance_before=before,
        pnl_before=before - paid_in,
        closed=len(sold.trades),
        written_off=sold.written_off,
        lamports=given,
        initial_sol_balance=wish.lamports,
    )
    batch.changes.add(DepositRow(following.event, wallet, wish.at, RESET_KIND, given))
    batch.tell(wish.at, wallet, fact)
    deposits = int(wallets.deposits[wallet]) + given
    wallets.deposits[wallet] = wallets.deposits_before[wallet] = deposits
    for column in (wallets.cash, wallets.initial, wallets.peak):
        column[wallet] = wish.lamports
    wallets.day_start[wallet] = wallets.day_low[wallet] = wish.lamports
    wallets.day[wallet], wallets.reset_at[wallet] = wish.at // DAY_MS, wish.at
    last = following.decision - 1
    batch.changes.add(ResetRow(wallet, wish.at, wish.lamports, deposits, last))
    batch.touch([wallet])


def _forget(state: State, wallet: int) -> None:
    """Drop what rules ask of a wallet's past; on what signal it bought is no rule's: it stays."""
    state.stops.pop(wallet, None)
    for losses in state.last_loss.values():
        losses.pop(wallet, None)
    for closed in state.closed.values():
        for pair in [pair for pair in closed if pair[0] == wallet]:
            del closed[pair]
    for watches in state.watches.values():
        for watch in watches:
            watch.refused[wallet : wallet + 1] = 0


def _mark(batch: Batch, wish: ResetWallet) -> None:
    """Keep what it has now, and what its shadows have: from here on they are compared."""
    state, wallets = batch.state, batch.state.wallets
    equity, minute = equities(state), wish.at // MINUTE_MS * MINUTE_MS
    for number in (wish.wallet, *state.shadows_of.get(wish.wallet, ())):
        worth, cash = int(equity[number]), int(wallets.cash[number])
        pnl = worth - wallets.paid_in(number)
        batch.changes.add(SnapshotRow(number, RAW, minute, cash, worth, pnl))
