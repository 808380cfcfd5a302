"""Names of things: derived ids never meet, addresses are 32 bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from solders.pubkey import Pubkey

from app.trading.ids import ORDERS_PER_TRADE, TradeId, is_address, order_id, shorten

PLACES = st.tuples(st.integers(1, 2**43), st.integers(0, ORDERS_PER_TRADE - 1))


@given(PLACES, PLACES)
def test_orders_of_all_trades_have_their_own_ids(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    first, second = (order_id(TradeId(trade), place) for trade, place in (one, other))
    assert (first == second) == (one == other)
    assert (first < second) == (one < other)
    assert divmod(first, ORDERS_PER_TRADE) == one
    assert first < 2**54


@pytest.mark.parametrize("place", [-1, ORDERS_PER_TRADE, 2**40])
def test_a_trade_has_no_more_places(place: int) -> None:
    with pytest.raises(ValueError, match="orders 0 to 1023"):
        order_id(TradeId(1), place)


@given(st.binary(min_size=32, max_size=32))
def test_every_key_has_an_address(key: bytes) -> None:
    text = str(Pubkey(key))
    assert is_address(text)
    assert not is_address(text + " ")
    assert not is_address(text.replace(text[-1], "0"))


@pytest.mark.parametrize("text", ["", "abc", "1" * 31, "1" * 33, "z" * 44, "1" * 45, "ü" * 40])
def test_anything_else_is_no_address(text: str) -> None:
    assert not is_address(text)


@given(st.text(max_size=64))
def test_no_text_breaks_the_check(text: str) -> None:
    assert is_address(text) in {True, False}


def test_addresses_are_shown_by_their_ends() -> None:
    assert shorten("So11111111111111111111111111111111111111112") == "So11…1112"
    assert shorten("123456789") == "123456789"
