"""Exact money: every rounding is against the trader, and what does not fit is refused."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.trading.amounts import (
    LAMPORTS_PER_SOL,
    MAX_AMOUNT,
    MAX_DECIMALS,
    AmountError,
    bought_units,
    fee_lamports,
    received_lamports,
    to_lamports,
    values_lamports,
)

PRICES = st.floats(1e-12, 1e6)
DECIMALS = st.integers(0, 18)
LAMPORTS = st.integers(0, 10**15)


@pytest.mark.parametrize(
    ("spend", "price", "decimals", "units"),
    [
        (1_000_000_000, 1.0, 6, 1_000_000),
        (1_000_000_000, 3.0, 6, 333_333),
        (10_000_000, 2e-5, 6, 500_000_000),
        (999, 1.0, 0, 0),
        (0, 1.0, 9, 0),
        (1_000_000_000, 0.1, 0, 10),
    ],
)
def test_bought_units_round_down(spend: int, price: float, decimals: int, units: int) -> None:
    assert bought_units(spend, price, decimals) == units


@pytest.mark.parametrize(
    ("units", "price", "decimals", "lamports"),
    [
        (1_000_000, 1.0, 6, 1_000_000_000),
        (333_333, 3.0, 6, 999_999_000),
        (1, 1e-10, 6, 0),
        (7, 0.25, 0, 1_750_000_000),
    ],
)
def test_received_lamports_round_down(
    units: int, price: float, decimals: int, lamports: int
) -> None:
    assert received_lamports(units, price, decimals) == lamports
    assert values_lamports(np.array([units]), price, decimals).tolist() == [lamports]


@given(st.lists(st.integers(0, 10**14), max_size=9), PRICES, DECIMALS)
def test_columns_are_valued_as_one_by_one(units: list[int], price: float, decimals: int) -> None:
    column = values_lamports(np.array(units, np.int64), price, decimals)
    each = [math.floor(float(it) * price * 1e9 / 10.0**decimals) for it in units]
    assert column.tolist() == each
    for count, value in zip(units, each, strict=True):
        if value < MAX_AMOUNT:
            assert received_lamports(count, price, decimals) == value


@given(LAMPORTS, PRICES, DECIMALS)
def test_buying_and_selling_at_one_price_never_wins(
    spend: int, price: float, decimals: int
) -> None:
    """But for the last bits of float64, which the rules take as they are."""
    units = bought_units(spend, price, decimals) if spend * 10**decimals < 10**18 else 0
    assert received_lamports(units, price, decimals) <= spend * (1 + 1e-15) + 1e-9


@given(st.integers(0, MAX_AMOUNT), st.integers(0, 10_000))
def test_fees_round_up(amount: int, bps: int) -> None:
    assert fee_lamports(amount, bps) == math.ceil(Fraction(amount * bps, 10_000))


@pytest.mark.parametrize(("sol", "lamports"), [(0, 0), (0.1 + 0.2, 300_000_000), (1e-9, 1)])
def test_written_sol_goes_to_the_nearest_lamport(sol: float, lamports: int) -> None:
    assert to_lamports(sol) == lamports


@pytest.mark.parametrize("sol", [math.nan, math.inf, -math.inf, -1.0, 1e10, 1e300])
def test_sol_that_is_no_amount_is_refused(sol: float) -> None:
    with pytest.raises(AmountError, match="SOL in lamports must be from 0 to"):
        to_lamports(sol)


def test_what_does_not_fit_63_bits_is_refused() -> None:
    with pytest.raises(AmountError, match="bought units"):
        bought_units(10**9, 1e-300, 6)
    with pytest.raises(AmountError, match="received lamports"):
        received_lamports(10**18, 1e6, 0)
    assert bought_units(10**9, 1e-12, 6) == 10**18


def test_the_units_are_those_of_the_chain() -> None:
    assert LAMPORTS_PER_SOL == 10**9
    assert MAX_AMOUNT == 9_223_372_036_854_775_807
    assert MAX_DECIMALS == 18
