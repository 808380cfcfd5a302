"""What an order gets on paper: never better than the price that was seen, and a fee."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.trading.amounts import MAX_AMOUNT, bought_units
from app.trading.fills import PRESETS, Costs, bought

BPS = st.integers(0, 10_000)
AMOUNTS = st.lists(st.integers(0, MAX_AMOUNT), min_size=1, max_size=8)


def test_costs_are_nothing_unless_set() -> None:
    free = Costs()
    assert (free.buy_price(1.5), free.sell_price(1.5), free.fee(123)) == (1.5, 1.5, 0)


@pytest.mark.parametrize(
    ("bps", "paid", "received"), [(0, 2.0, 2.0), (100, 2.02, 1.98), (10_000, 4.0, 0.0)]
)
def test_slippage_worsens_both_sides(bps: int, paid: float, received: float) -> None:
    costs = Costs(slippage_bps=bps)
    assert costs.buy_price(2.0) == pytest.approx(paid)
    assert costs.sell_price(2.0) == pytest.approx(received)


@given(st.floats(1e-300, 1e300), BPS)
def test_no_fill_is_better_than_the_price(price: float, bps: int) -> None:
    costs = Costs(slippage_bps=bps)
    assert 0 <= costs.sell_price(price) <= price <= costs.buy_price(price)


@given(AMOUNTS, st.integers(0, 2_000))
def test_fees_of_a_column_are_the_fees_of_each(amounts: list[int], bps: int) -> None:
    costs = Costs(fees_bps=bps)
    exact = [math.ceil(Fraction(amount * bps, 10_000)) for amount in amounts]
    assert costs.fees(np.array(amounts, np.int64)).tolist() == exact
    assert [costs.fee(amount) for amount in amounts] == exact


@given(AMOUNTS, BPS)
def test_what_is_affordable_leaves_room_for_its_fee_and_for_nothing_more(
    amounts: list[int], bps: int
) -> None:
    costs = Costs(fees_bps=bps)
    spends = costs.affordable(np.array(amounts, np.int64)).tolist()
    for free, spend in zip(amounts, spends, strict=True):
        assert spend + costs.fee(spend) <= free
        assert spend + 1 + costs.fee(spend + 1) > free


@given(
    st.lists(st.integers(0, 2**53), min_size=1, max_size=8),
    st.floats(1e-9, 1e6),
    st.integers(0, 9),
)
def test_a_column_buys_what_each_would(spends: list[int], price: float, decimals: int) -> None:
    units = bought(np.array(spends, np.int64), price, decimals)
    for spend, bought_here in zip(spends, units.tolist(), strict=True):
        if bought_here < MAX_AMOUNT:
            assert bought_units(spend, price, decimals) == bought_here


def test_a_price_too_small_buys_more_than_there_is() -> None:
    assert bought(np.array([10**9]), 5e-324, 6).tolist() == [math.inf]


def test_what_the_network_and_a_new_account_cost_is_added_once() -> None:
    costs = Costs(fees_bps=100, network_lamports=7, rent_lamports=50)
    assert costs.buy_fees(np.array([10_000, 0])).tolist() == [100 + 7 + 50, 57]
    assert costs.sell_fees(np.array([10_000, 1_000])).tolist() == [107, 17]
    assert costs.sell_fees(np.array([5, 0])).tolist() == [5, 0]
    assert costs.affordable(np.array([57, 58, 10_157, 0])).tolist() == [0, 0, 10_000, 0]


@given(AMOUNTS, BPS, st.integers(0, 10**9), st.integers(0, 10**9))
def test_what_is_affordable_leaves_room_for_every_cost(
    amounts: list[int], bps: int, network: int, rent: int
) -> None:
    costs = Costs(fees_bps=bps, network_lamports=network, rent_lamports=rent)
    free = np.array(amounts, np.int64)
    spends = costs.affordable(free)
    paid = spends + costs.buy_fees(spends)
    assert ((paid <= free) | (spends == 0)).all()


def test_what_swaps_cost_by_name() -> None:
    assert PRESETS["none"] == Costs(0, 0, 0, 0)
    assert PRESETS["jupiter"] == Costs(10, 50, 46_200, 0)
    assert PRESETS["jupiter_new_token"] == Costs(50, 100, 46_200, 1_488_440)
