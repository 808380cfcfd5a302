"""Exact money: lamports and base units are integers, prices are float64 SOL per whole token.

Rounding is always against the trader: bought units down, spent and fee lamports up, received
lamports down. Each product is taken in float64 from left to right, as DESIGN.md writes it, so that
any other reading of the rules gets the same integer.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.trading.kernels import kernel

LAMPORTS_PER_SOL = 1_000_000_000
MAX_AMOUNT = 2**63 - 1
MAX_DECIMALS = 18
BPS = 10_000

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class AmountError(ValueError):
    """An amount that does not fit the books: negative, not finite, or beyond 63 bits."""


def _floor(value: float, what: str) -> int:
    if not math.isfinite(value) or value < 0 or value >= MAX_AMOUNT:
        message = f"{what} must be from 0 to {MAX_AMOUNT}, not {value}"
        raise AmountError(message)
    return math.floor(value)


def bought_units(spend_lamports: int, price: float, decimals: int) -> int:
    """Count the base units that lamports buy: floor(spend · 10^decimals / (price · 10⁹)).

    Raises AmountError when the answer does not fit 63 bits (a price far too small).
    """
    units = float(spend_lamports) * 10.0**decimals / (price * 1e9)
    return _floor(units, "bought units")


def received_lamports(units: int, price: float, decimals: int) -> int:
    """Count the lamports that units sell for: floor(units · price · 10⁹ / 10^decimals)."""
    return _floor(float(units) * price * 1e9 / 10.0**decimals, "received lamports")


@kernel
def worth(units: Any, price: float, scale: float) -> Any:
    """Value units, one count or a column, at a price in whole lamports; `scale` is 10^decimals."""
    return np.floor(units * price * 1e9 / scale)


@kernel
def units_for(spend: Any, price: float, scale: float) -> Any:
    """Count the units that lamports, one amount or a column, buy at a price."""
    return np.floor(spend * scale / (price * 1e9))


def values_lamports(units: Ints, price: float, decimals: int) -> Floats:
    """Value columns of units at one price, in whole lamports; the same floor as
    `received_lamports`.

    Returns float64: sums of them stay exact below 2**53 lamports (nine million SOL).
    """
    values: Floats = worth(units, price, 10.0**decimals)
    return values


def fee_lamports(amount: int, fee_bps: int) -> int:
    """Charge basis points of an amount, rounded up, in exact integers."""
    return -(-amount * fee_bps // BPS)


def to_lamports(sol: float) -> int:
    """Turn SOL as a person writes it into lamports, to the nearest.

    Raises AmountError for what is negative or not finite.
    """
    return _floor(sol * LAMPORTS_PER_SOL + 0.5, "SOL in lamports")
