"""A small wallet of its own: the platform's default rules, read once more and kept plain."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.simulator.blocks import CLOSE, HIGH, LOW
from app.simulator.market import Market
from app.simulator.signals import SignalDesk
from app.simulator.tokens import SimToken

SCREENING_SECONDS = 2
WINDOW = 120
COOLDOWN_SECONDS = 1800
TIERS = ((0.30, 0.33), (0.75, 0.33))

Bar = tuple[float, float, float]
"""high, low, close"""


def crosses(bars: Sequence[Bar]) -> bool:
    closes = [close for _, _, close in bars[-31:]]

    def above(values: Sequence[float]) -> bool:
        return sum(values[-10:]) / 10 > sum(values[-30:]) / 30

    return len(closes) == 31 and above(closes) and not above(closes[:-1])


def breaks_out(bars: Sequence[Bar]) -> bool:
    if len(bars) < 21:
        return False
    close = bars[-1][2]
    ranges = [
        max(high, before[2]) - min(low, before[2])
        for before, (high, low, _) in zip(bars[-15:-1], bars[-14:], strict=True)
    ]
    return (
        close > max(high for high, _, _ in bars[-21:-1])
        and close > bars[-6][2]
        and sum(ranges) / 14 / close <= 0.25
    )


@dataclass
class Trade:
    token: SimToken
    opened: int
    entry: float
    stop: float
    highest: float
    phase: str = "stop_loss"
    tiers: int = 0
    left: float = 1.0
    received: float = 0.0

    def see(self, price: float) -> list[str]:
        """Apply one price; return why something was sold."""
        if price <= self.stop:
            return [self._sell(price, self.left, self.phase)]
        reasons: list[str] = []
        for gain, portion in TIERS[self.tiers :]:
            if price >= self.entry * (1 + gain):
                self.tiers += 1
                reasons.append(self._sell(price, portion, f"take_profit_{self.tiers}"))
        if reasons and self.entry > self.stop:
            self.stop, self.phase = self.entry, "breakeven_stop"
        self.highest = max(self.highest, price)
        if not reasons and self.tiers and self.highest * 0.8 > self.stop:
            self.stop, self.phase = self.highest * 0.8, "trailing_stop"
        return reasons

    def _sell(self, price: float, portion: float, reason: str) -> str:
        self.left -= portion
        self.received += portion * price / self.entry
        return reason


@dataclass
class Wallet:
    """Follows a market second by second from `start` (Unix seconds)."""

    market: Market
    start: int
    desk: SignalDesk | None = None
    stop_guard: int = 4
    at_part: float | None = None
    greeted: bool = True
    watched: dict[int, int] = field(default_factory=dict)
    trades: dict[int, Trade] = field(default_factory=dict)
    seen: list[tuple[int, str]] = field(default_factory=list)
    resting: dict[int, int] = field(default_factory=dict)
    stops: list[int] = field(default_factory=list)
    opened: list[int] = field(default_factory=list)
    returns: list[float] = field(default_factory=list)

    def run(self, seconds: int) -> Counter[str]:
        """Live through some seconds; return how often each exit was seen."""
        desk = self.desk or SignalDesk(self.market.config, self.market.universe, self.start)
        arrivals: dict[int, str] = {}
        if self.greeted:
            arrivals[self.start + SCREENING_SECONDS] = desk.opening(self.start).mint
        slot = desk.slot_after(self.start)
        while desk.slot_time(slot) < self.start + seconds:
            arrivals[int(desk.slot_time(slot)) + SCREENING_SECONDS] = desk.signal(slot).mint
            slot += 1
        for second in range(self.start, self.start + seconds):
            if second in arrivals:
                token = self.market.universe.by_mint[arrivals[second]]
                if token.mood == "good":
                    self.watched[token.number] = second
            for token in self.market.universe.tokens:
                self._live(token, second)
        return Counter(reason for _, reason in self.seen)

    def _live(self, token: SimToken, second: int) -> None:
        trade = self.trades.get(token.number)
        if trade is not None:
            self._exits(trade, second)
        elif second - self.watched.get(token.number, -WINDOW) < WINDOW and self._may_enter(
            token, second
        ):
            bars = self._bars(token, second)
            if crosses(bars) or breaks_out(bars):
                price = bars[-1][2]
                self.trades[token.number] = Trade(token, second, price, price * 0.85, price)
                self.opened.append(second)
                del self.watched[token.number]

    def _exits(self, trade: Trade, second: int) -> None:
        prices = [self.market.close(trade.token, second)]
        if self.at_part is not None:
            prices.insert(0, self.market.price(trade.token, second + self.at_part))
        for price in prices:
            reasons = trade.see(price)
            self.seen += [(second, reason) for reason in reasons]
            if reasons and (trade.left < 1e-9 or reasons[-1].endswith(("loss", "stop"))):
                self._close(trade, second, reasons[-1])
                return

    def _close(self, trade: Trade, second: int, reason: str) -> None:
        del self.trades[trade.token.number]
        self.returns.append(trade.received - 1)
        if trade.received < 1:
            self.resting[trade.token.number] = second + COOLDOWN_SECONDS
        if reason == "stop_loss":
            self.stops.append(second)

    def _may_enter(self, token: SimToken, second: int) -> bool:
        guarded = [stop for stop in self.stops if second - stop < 3600]
        return (
            len(self.trades) < 10
            and len(guarded) < self.stop_guard
            and self.resting.get(token.number, 0) <= second
        )

    def _bars(self, token: SimToken, second: int) -> list[Bar]:
        rows = self.market.seconds(token, second - 30, second + 1)
        return [(row[HIGH], row[LOW], row[CLOSE]) for row in rows.tolist()]
