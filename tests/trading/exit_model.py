"""The exit rules once more, written down from the design's text and nothing else.

One position, one price at a time, plain Python. The real machine is held against this one, so it
shares no code with it.
"""

import math
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Wanted:
    """An exit plan: fractions, and portions of the initial quantity."""

    stop_loss: float = 0.15
    tiers: tuple[tuple[float, float], ...] = ((0.30, 0.33), (0.75, 0.33))
    trailing_stop: float | None = 0.20
    breakeven_after_tier: int | None = 1
    trailing_after_tier: int | None = 1


@dataclass(frozen=True)
class Sold:
    """What a price sold, and why."""

    reason: str
    units: int


STOP_REASONS = {
    "INITIAL": "stop_loss",
    "BREAKEVEN": "breakeven_stop",
    "TRAILING": "trailing_stop",
}


@dataclass
class Holding:
    """A position since its fill."""

    wanted: Wanted
    entry: float
    initial: int
    deadline: int | None = None
    phase: str = "INITIAL"
    taken: int = 0
    stop: float = field(init=False)
    highest: float = field(init=False)
    left: int = field(init=False)

    def __post_init__(self) -> None:
        self.stop = self.entry * (1 - self.wanted.stop_loss)
        self.highest = self.entry
        self.left = self.initial

    def see(self, price: float, now: int = 0) -> list[Sold]:
        """Apply the four rules to a price, in their order."""
        if price <= self.stop:
            return self._sell_all(STOP_REASONS[self.phase])
        if self.deadline is not None and now >= self.deadline:
            return self._sell_all("max_holding")
        sold, took_tier = self._take_tiers(price)
        self.highest = max(self.highest, price)
        if not took_tier:
            self._trail()
        return sold

    def next_tier(self) -> float | None:
        """Return the price of the lowest tier that was not taken."""
        if self.taken == len(self.wanted.tiers):
            return None
        return self.entry * (1 + self.wanted.tiers[self.taken][0])

    def _sell_all(self, reason: str) -> list[Sold]:
        units, self.left = self.left, 0
        return [Sold(reason, units)]

    def _take_tiers(self, price: float) -> tuple[list[Sold], bool]:
        sold = []
        before = self.taken
        for gain, portion in self.wanted.tiers[before:]:
            if price < self.entry * (1 + gain) or self.left == 0:
                break
            units = min(math.floor(portion * self.initial), self.left)
            self.taken += 1
            self.left -= units
            if units:
                sold.append(Sold(f"take_profit_{self.taken}", units))
            if self.taken == self.wanted.breakeven_after_tier and self.entry > self.stop:
                self.stop, self.phase = self.entry, "BREAKEVEN"
        return sold, self.taken > before

    def _trail(self) -> None:
        after, distance = self.wanted.trailing_after_tier, self.wanted.trailing_stop
        if after is None or distance is None or self.taken < after:
            return
        follows = self.highest * (1 - distance)
        if follows > self.stop:
            self.stop, self.phase = follows, "TRAILING"
