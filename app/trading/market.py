"""What the market says: tokens, candles, ticks, and the gate that a price passes before anything
acts on it.

A gate holds the last accepted prices of one token. A price that is not finite and positive is
INVALID and never passes. A price more than 60 % off the median of the last five is SUSPECT and
waits:

    SUSPECT -- the next price stands on the same side --> both are real: the newer one passes
    SUSPECT -- the next price is back in the band     --> a wick: it is dropped
    SUSPECT -- two seconds without another price      --> a fall passes (towards exit)

A rise that nobody confirms goes on waiting: for a source that is asked seldom, its next price is
the confirmation.

It knows no clock: every price brings its own time.
"""

import math
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median
from typing import NamedTuple

from app.trading.ids import TokenId

SUSPECT_RATIO = 0.60
CONFIRM_MS = 2_000
REMEMBERED = 5

TIMEFRAMES = {
    "1s": 1_000,
    "1m": 60_000,
    "5m": 300_000,
    "15m": 900_000,
    "1h": 3_600_000,
    "4h": 14_400_000,
    "1d": 86_400_000,
}
"""Milliseconds of each timeframe a candle may have."""


@dataclass(frozen=True, slots=True)
class Token:
    """A tradable token as its directory knows it."""

    id: TokenId
    mint: str
    symbol: str
    decimals: int
    pool: str | None = None
    logo_url: str | None = None


class Candle(NamedTuple):
    """One candle: its opening time in Unix milliseconds, prices in SOL per token, volume in
    tokens.
    """

    time: int
    open: float
    high: float
    low: float
    close: float
    volume: float


def is_price(value: float) -> bool:
    """Tell whether a number can be a price: finite and positive."""
    return math.isfinite(value) and value > 0.0


def is_candle(candle: Candle) -> bool:
    """Tell whether a candle can be real: positive finite prices, high and low around the rest,
    volume not negative.
    """
    _, opened, high, low, close, volume = candle
    prices = is_price(opened) and is_price(high) and is_price(low) and is_price(close)
    return (
        prices
        and low <= min(opened, close)
        and high >= max(opened, close)
        and math.isfinite(volume)
        and volume >= 0
    )


class PriceVerdict(StrEnum):
    """What the gate says of a price."""

    FRESH = "fresh"
    SUSPECT = "suspect"
    INVALID = "invalid"


@dataclass(slots=True)
class PriceGate:
    """The gate of one token."""

    accepted: list[float] = field(default_factory=list)
    waiting: float | None = None
    waiting_since: int = 0

    def check(self, price: float, at: int) -> PriceVerdict:
        """Judge a price seen at a time (Unix ms); only FRESH may reach the rules."""
        if not is_price(price):
            return PriceVerdict.INVALID
        side = self._side(price)
        if side == 0 or (self.waiting is not None and self._side(self.waiting) == side):
            self._accept(price, confirmed=side != 0)
            return PriceVerdict.FRESH
        self.waiting, self.waiting_since = price, at
        return PriceVerdict.SUSPECT

    def overdue(self, at: int) -> float | None:
        """Return a fall that nobody contradicted for two seconds, once; forget a rise never."""
        if (
            self.waiting is None
            or at - self.waiting_since < CONFIRM_MS
            or self._side(self.waiting) > 0
        ):
            return None
        price = self.waiting
        self._accept(price, confirmed=True)
        return price

    def _side(self, price: float) -> int:
        if not self.accepted:
            return 0
        middle = median(self.accepted)
        if abs(price - middle) <= SUSPECT_RATIO * middle:
            return 0
        return 1 if price > middle else -1

    def _accept(self, price: float, *, confirmed: bool) -> None:
        self.waiting = None
        if confirmed:
            self.accepted.clear()
        self.accepted.append(price)
        del self.accepted[:-REMEMBERED]
