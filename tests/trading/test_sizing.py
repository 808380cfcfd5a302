"""How much a wallet spends: a share of its equity, what is free, and never too little."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.trading.fills import Costs
from app.trading.plans import Sizing
from app.trading.sizing import in_sol, least, spends

SOL = 1_000_000_000
AMOUNTS = st.integers(0, 2**53)


def one(sizing: Sizing, equity: int, cash: int, costs: Costs | None = None) -> int:
    spent = spends(sizing, costs or Costs(), np.array([equity]), np.array([cash]))
    return int(spent[0])


@pytest.mark.parametrize(
    ("sizing", "equity", "cash", "spend"),
    [
        (Sizing(), 10 * SOL, 10 * SOL, 200_000_000),
        (Sizing(), 12_345_678_949, 10 * SOL, 246_913_578),
        (Sizing(), 10 * SOL, 150_000_000, 150_000_000),
        (Sizing(reserve_sol=0.1), 10 * SOL, 150_000_000, 50_000_000),
        (Sizing(reserve_sol=1), 10 * SOL, 150_000_000, 0),
        (Sizing(max_spend_sol=0.05), 10 * SOL, 10 * SOL, 50_000_000),
        (Sizing(risk_per_trade=1), 10 * SOL, 10 * SOL, 10 * SOL),
        (Sizing(), 0, 0, 0),
    ],
)
def test_a_wallet_spends_its_share_or_what_is_free(
    sizing: Sizing, equity: int, cash: int, spend: int
) -> None:
    assert one(sizing, equity, cash) == spend


def test_the_fee_is_not_part_of_the_spend_but_must_be_affordable() -> None:
    costs = Costs(fees_bps=100)
    assert one(Sizing(risk_per_trade=1), 101, 101, costs) == 100
    assert one(Sizing(risk_per_trade=0.5), 100 * SOL, 100 * SOL, costs) == 50 * SOL


@given(st.floats(0.0001, 1), AMOUNTS, AMOUNTS, st.floats(0, 100), st.integers(0, 1000))
def test_a_spend_is_the_least_of_its_bounds(
    share: float, equity: int, cash: int, reserve: float, bps: int
) -> None:
    costs = Costs(fees_bps=bps)
    spend = one(Sizing(risk_per_trade=share, reserve_sol=reserve), equity, cash, costs)
    free = max(cash - round(reserve * SOL), 0)
    assert spend <= math.floor(share * float(equity))
    assert spend == 0 or spend + costs.fee(spend) <= free
    more = spend + 1
    assert more > math.floor(share * float(equity)) or more + costs.fee(more) > free


def test_the_least_buy_is_a_setting_and_at_least_a_lamport() -> None:
    assert least(Sizing()) == 10_000_000
    assert least(Sizing(min_spend_sol=0)) == 1
    assert in_sol(np.array([1_500_000_000])).tolist() == [1.5]
