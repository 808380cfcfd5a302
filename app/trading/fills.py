"""What an order gets on paper: the tick's price, worsened by slippage, and a fee.

A stop fills at the market, never at the stop.
"""

from dataclasses import dataclass

import numpy as np

from app.trading.amounts import BPS, LAMPORTS_PER_SOL, Floats, Ints, fee_lamports


@dataclass(frozen=True, slots=True)
class Costs:
    """What trading costs on paper, in basis points of the SOL that changes hands."""

    fees_bps: int = 0
    slippage_bps: int = 0

    def buy_price(self, price: float) -> float:
        """Worsen a market price for a buyer."""
        return price * (1.0 + self.slippage_bps / BPS)

    def sell_price(self, price: float) -> float:
        """Worsen a market price for a seller."""
        return price * (1.0 - self.slippage_bps / BPS)

    def fee(self, lamports: int) -> int:
        """Charge the fee on an amount, rounded up."""
        return fee_lamports(lamports, self.fees_bps)

    def fees(self, lamports: Ints) -> Ints:
        """Charge the fee on a column of amounts, rounded up, in exact integers.

        Whole parts and rests are multiplied apart, so that no product leaves 63 bits.
        """
        whole, rest = lamports // BPS, lamports % BPS
        return whole * self.fees_bps - (-rest * self.fees_bps // BPS)

    def affordable(self, free: Ints) -> Ints:
        """Find the largest spends that leave room for their fees, whatever their size."""
        share = BPS + self.fees_bps
        return free // share * BPS + free % share * BPS // share


def bought(spend: Ints, price: float, decimals: int) -> Floats:
    """Count the base units that columns of lamports buy; the same floor as `amounts.bought_units`,
    in float64; infinite at a price too small.
    """
    with np.errstate(over="ignore"):
        return np.floor(
            spend.astype(np.float64) * 10.0**decimals / (price * float(LAMPORTS_PER_SOL))
        )
