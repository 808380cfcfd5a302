"""Who owns what: wallets and positions as columns that grow, shrink and come back."""

import numpy as np
import pytest

from app.trading.books import ROOM, Book, Wallets
from app.trading.exits import BLOCK, Columns
from app.trading.ledger import WalletRow
from tests.trading.books import TOKEN, columns, opening, stands, tick
from tests.trading.exit_model import Holding, Wanted


def row(number: int, *, reason: str | None = None) -> WalletRow:
    return WalletRow(
        id=number,
        wallet_address=f"wallet {number}",
        kind="synthetic",
        created_at=5,
        initial_sol_balance=number * 10,
        sol_balance=number * 20,
        deposits=3,
        peak_value=number * 30,
        day=7,
        day_start_value=number * 40,
        day_low_value=number * 35,
        paused=reason is not None,
        pause_reason=reason,
    )


def crowd(many: int, wanted: Wanted | None = None) -> tuple[Book, list[Holding]]:
    """Open many positions of one plan at 1.0."""
    holdings = [Holding(wanted or Wanted(), 1.0, 1000) for _ in range(many)]
    book = Book(TOKEN)
    trades = list(range(1, many + 1))
    book.open(columns([holdings[0].wanted]), opening(trades, holdings, [0] * many), 1.0, 9)
    return book, holdings


def test_wallets_grow_and_keep_what_they_own() -> None:
    wallets = Wallets()
    for number in range(1, 3 * ROOM):
        wallets.add(row(number, reason="drawdown" if number == 7 else None))
    assert wallets.count == 3 * ROOM
    for number in range(1, 3 * ROOM):
        assert wallets.numbers[wallets.addresses[number]] == number
        assert (wallets.initial[number], wallets.cash[number]) == (number * 10, number * 20)
        assert (wallets.peak[number], wallets.day_start[number]) == (number * 30, number * 40)
        assert (wallets.deposits[number], wallets.day[number]) == (3, 7)
        assert (wallets.created_at[number], wallets.paused[number]) == (5, number == 7)
    assert wallets.pause_reasons == {7: "drawdown"}


@pytest.mark.parametrize("wrong", [row(3), row(1), row(2)._replace(wallet_address="wallet 1")])
def test_wallets_come_in_order_and_once(wrong: WalletRow) -> None:
    wallets = Wallets()
    wallets.add(row(1))
    with pytest.raises(ValueError, match="does not follow wallet 1"):
        wallets.add(wrong)
    assert wallets.count == 2


def test_the_last_positions_take_the_places_of_sold_ones() -> None:
    book, _ = crowd(2 * BLOCK + 3)
    plans = columns([Wanted()])
    for slot in (0, 5, 2 * BLOCK + 2):
        book.sell(slot, 1000)
    book.remove_sold()
    assert book.count == 2 * BLOCK
    assert book.trade[[0, 5]].tolist() == [2 * BLOCK + 1, 2 * BLOCK + 2]
    assert sorted(book.trade[: book.count]) == [
        trade for trade in range(1, 2 * BLOCK + 3) if trade not in {1, 6}
    ]
    book.remove_sold()
    assert book.count == 2 * BLOCK
    sold = [trade for trade, _ in tick(book, plans, 0.5)]
    assert sold == sorted(set(range(1, 2 * BLOCK + 3)) - {1, 6})
    assert (book.count, book.blocks) == (0, 0)


def test_a_wallets_positions_come_in_the_order_of_their_trades() -> None:
    book, _ = crowd(6)
    book.wallet[:6] = [1, 2, 1, 2, 1, 2]
    book.trade[:6] = [9, 8, 7, 6, 5, 4]
    assert list(book.of_wallet(1)) == [4, 2, 0]
    assert list(book.of_wallet(3)) == []


def test_positions_are_valued_at_the_last_price() -> None:
    book, _ = crowd(2)
    book.tick(columns([Wanted()]), 1.25, 1)
    assert book.values().tolist() == [1_250_000, 1_250_000]


def test_a_quiet_price_is_remembered_by_all_and_by_no_newcomer() -> None:
    book, holdings = crowd(3)
    plans = columns([Wanted()])
    assert book.tick(plans, 1.2, 1) is None
    assert [book.highest(slot) for slot in range(3)] == [1.2] * 3
    book.open(plans, opening([4], holdings[:1], [0]), 1.0, 2)
    assert [book.highest(slot) for slot in range(4)] == [1.2, 1.2, 1.2, 1.0]


def test_what_was_held_until_its_end_is_sold_without_a_price() -> None:
    book, _ = crowd(4)
    book.columns.deadline[:4] = [50, 10**6, 50, 51]
    book.trade[:4] = [9, 8, 7, 6]
    book.restore(columns([Wanted()]))
    assert book.overdue(49) is None
    sold = book.overdue(50)
    assert sold is not None
    assert book.trade[sold.slot].tolist() == [7, 9]
    assert (sold.tier.tolist(), sold.units.tolist()) == ([-1, -1], [1000, 1000])
    book.remove_sold()
    assert sorted(book.trade[: book.count]) == [6, 8]
    assert book.overdue(50) is None


def test_a_book_filled_from_the_record_stands_as_before() -> None:
    book, _ = crowd(BLOCK + 2)
    plans = columns([Wanted()])
    tick(book, plans, 1.4)
    tick(book, plans, 1.39)
    again = Book(TOKEN)
    again.reserve(book.count)
    for name in Columns._fields:
        getattr(again.columns, name)[: book.count] = getattr(book.columns, name)[: book.count]
    again.trade[: book.count] = book.trade[: book.count]
    again.restore(plans)
    assert again.largest == 1000
    assert [stands(again, slot) for slot in range(book.count)] == [
        stands(book, slot) for slot in range(book.count)
    ]
    assert tick(again, plans, 1.1) == tick(book, plans, 1.1)
    np.testing.assert_array_equal(again.guards.stop, book.guards.stop[: len(again.guards.stop)])


def test_a_price_that_one_block_answers_raises_the_others_too() -> None:
    book, _ = crowd(2 * BLOCK)
    book.columns.deadline[0] = 50
    plans = columns([Wanted()])
    book.restore(plans)
    assert [trade for trade, _ in tick(book, plans, 1.1, 50)] == [1]
    assert {book.highest(slot) for slot in range(book.count)} == {1.1}
