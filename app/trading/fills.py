"""What an order gets on paper: the tick's price, worsened by slippage, and a fee.

A stop fills at the market, never at the stop.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from app.trading.amounts import BPS, Floats, Ints, fee_lamports, units_for
from app.trading.kernels import kernel


@kernel
def fee_of(lamports: Any, bps: int) -> Any:
    """Charge basis points of an amount or a column of them, rounded up, in exact integers.

    Whole parts and rests are multiplied apart, so that no product leaves 63 bits.
    """
    return lamports // BPS * bps - (-(lamports % BPS) * bps // BPS)


@kernel
def spendable(free: Any, bps: int) -> Any:
    """Find the largest amounts that leave room for their basis points, whatever their size."""
    share = BPS + bps
    return free // share * BPS + free % share * BPS // share


@dataclass(frozen=True, slots=True)
class Costs:
    """What trading costs on paper.

    Basis points are of the SOL that changes hands; the network asks so many lamports a
    transaction, and rent for the account that holds a token for the first time.
    """

    fees_bps: int = 0
    slippage_bps: int = 0
    network_lamports: int = 0
    rent_lamports: int = 0

    def buy_price(self, price: float) -> float:
        """Worsen a market price for a buyer."""
        return price * (1.0 + self.slippage_bps / BPS)

    def sell_price(self, price: float) -> float:
        """Worsen a market price for a seller."""
        return price * (1.0 - self.slippage_bps / BPS)

    def fee(self, lamports: int) -> int:
        """Charge the basis points on an amount, rounded up."""
        return fee_lamports(lamports, self.fees_bps)

    def fees(self, lamports: Ints) -> Ints:
        """Charge the basis points on a column of amounts, rounded up."""
        charged: Ints = fee_of(lamports, self.fees_bps)
        return charged

    def buy_fees(self, spends: Ints) -> Ints:
        """Charge everything that a column of buys costs."""
        return self.fees(spends) + self.network_lamports + self.rent_lamports

    def sell_fees(self, proceeds: Ints) -> Ints:
        """Charge everything that a column of sales costs; never more than they bring."""
        return np.minimum(self.fees(proceeds) + self.network_lamports, proceeds)

    def affordable(self, free: Ints) -> Ints:
        """Find the largest spends that leave room for their fees, whatever their size."""
        room: Ints = spendable(
            np.maximum(free - self.network_lamports - self.rent_lamports, 0), self.fees_bps
        )
        return room


PRESETS = {
    "none": Costs(),
    "jupiter": Costs(fees_bps=10, slippage_bps=50, network_lamports=46_200),
    "jupiter_new_token": Costs(
        fees_bps=50, slippage_bps=100, network_lamports=46_200, rent_lamports=1_488_440
    ),
}
"""What swaps through Jupiter cost: its fee (more for tokens younger than a day), a usual slippage,
signature and priority fee, and the rent of a token account."""


def bought(spend: Ints, price: float, decimals: int) -> Floats:
    """Count the base units that columns of lamports buy; the same floor as `amounts.bought_units`,
    in float64; infinite at a price too small.
    """
    with np.errstate(over="ignore"):
        units: Floats = units_for(spend, price, 10.0**decimals)
    return units
