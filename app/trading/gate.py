"""The gate that a price passes before anything acts on it.

A gate remembers a token's last five accepted prices. What is not finite and positive is INVALID
and never passes. What stands more than 60 % off their median is SUSPECT and waits:

    SUSPECT -- the next price stands on the same side --> both are real: the newer one passes
    SUSPECT -- the next price is back in the band     --> a wick: it is dropped
    SUSPECT -- a second source stands on its side     --> it passes
    SUSPECT -- a second source stands in the band     --> it is denied, and its side for a while
    SUSPECT -- two seconds without any of that        --> a fall passes (towards exit)

Time alone never lets a rise pass: for a source that is asked seldom, its next price is the
confirmation. Where a second source can be asked it gets two seconds to speak before a next price
may confirm a rise. It may deny a fall three times in a row and no more, so that a source that
stands still does not hold anybody in; a rise it may deny for ever.

It knows no clock: every price brings its own time.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median
from typing import NamedTuple

from app.trading.market import is_price

REMEMBERED = 5
MOST_DENIALS = 3
"""How often in a row a second source may deny a fall."""

QUIET_CANDLES = 1.5


class PriceVerdict(StrEnum):
    """What the gate says of a price, or of a token's prices."""

    FRESH = "fresh"
    STALE = "stale"
    SUSPECT = "suspect"
    INVALID = "invalid"


class GateLimits(NamedTuple):
    """How far a price may jump (a share of the median), how long a jump waits for somebody to
    contradict it, and after how long without a fresh price the token is STALE.
    """

    jump: float = 0.60
    confirm_ms: int = 2_000
    quiet_ms: int = 15_000

    def for_candles(self, timeframe_ms: int) -> "GateLimits":
        """Wait for at least one and a half candles before a token is STALE."""
        return self._replace(quiet_ms=max(self.quiet_ms, int(QUIET_CANDLES * timeframe_ms)))


LIMITS = GateLimits()


@dataclass(slots=True)
class PriceGate:
    """The gate of one token; `witnessed` when a second source can be asked."""

    limits: GateLimits = LIMITS
    witnessed: bool = False
    accepted: list[float] = field(default_factory=list)
    waiting: float | None = None
    waiting_since: int = 0
    fresh_at: int = 0
    _denied: int = 0
    _denied_until: int = 0
    _denials: int = 0

    def check(self, price: float, at: int) -> PriceVerdict:
        """Judge a price seen at a time (Unix ms); only FRESH may reach the rules.

        A FRESH price is the only thing that ends a doubt about another one.
        """
        if not is_price(price):
            return PriceVerdict.INVALID
        side = self._side(price)
        if side == 0:
            self._denials = self._denied = 0
            return self._accept(price, at, jumped=False)
        if side == self._denied and at < self._denied_until:
            return PriceVerdict.SUSPECT
        if self.waiting is None or self._side(self.waiting) != side:
            self.waiting_since = at
        elif side < 0 or not self.witnessed or at - self.waiting_since >= self.limits.confirm_ms:
            return self._accept(price, at, jumped=True)
        self.waiting = price
        return PriceVerdict.SUSPECT

    def testify(self, price: float, at: int) -> float | None:
        """Hear a second source; return the price that passes now, the suspect one or its own."""
        if not is_price(price):
            return None
        if self.waiting is None:
            return price if self.check(price, at) == PriceVerdict.FRESH else None
        side, doubted = self._side(price), self._side(self.waiting)
        if side == doubted:
            confirmed = self.waiting
            self._accept(confirmed, at, jumped=True)
            return confirmed
        if side != 0 or (doubted < 0 and self._denials >= MOST_DENIALS):
            return None
        self._denials += 1
        self._denied, self._denied_until = doubted, at + self.limits.quiet_ms
        self._accept(price, at, jumped=False)
        return price

    def overdue(self, at: int) -> float | None:
        """Return a fall that nobody contradicted in time, once; a rise never."""
        if (
            self.waiting is None
            or at - self.waiting_since < self.limits.confirm_ms
            or self._side(self.waiting) > 0
        ):
            return None
        price = self.waiting
        self._accept(price, at, jumped=True)
        return price

    def standing(self, at: int) -> PriceVerdict:
        """Say how the token's prices stand: one waits, none came for too long, or all is well."""
        if self.waiting is not None:
            return PriceVerdict.SUSPECT
        quiet = at - self.fresh_at >= self.limits.quiet_ms
        return PriceVerdict.STALE if quiet else PriceVerdict.FRESH

    def _side(self, price: float) -> int:
        if not self.accepted:
            return 0
        middle = median(self.accepted)
        if abs(price - middle) <= self.limits.jump * middle:
            return 0
        return 1 if price > middle else -1

    def _accept(self, price: float, at: int, *, jumped: bool) -> PriceVerdict:
        self.waiting = None
        if jumped:
            self.accepted.clear()
            self._denials = self._denied = 0
        self.accepted.append(price)
        del self.accepted[:-REMEMBERED]
        self.fresh_at = max(self.fresh_at, at)
        return PriceVerdict.FRESH
