"""DESIGN.md's rules once more, in plain Python: no code of the platform, one wallet at a time.

Prices are floats, amounts are ints. Products are taken as "In numbers" writes them. Where the
rules leave something open, the order of a step is the test clock's: signals, then equity is
marked, then the closes of all tokens by name, each with exits before entries.
"""

from dataclasses import dataclass, field
from math import floor
from typing import NamedTuple

from tests.recorded.entries import Breakout, Candle, Crossover, Strategy

LAG_MS = 60
"""How long after a candle's close the platform sees it here."""
SIGNAL_LAG_MS = 500
STEP_MS = 300_000
MINUTE_MS = 60_000
DAY_MS = 86_400_000
WINDOW = 120


@dataclass(frozen=True)
class Plan:
    stop_loss: float = 0.15
    take_profit: tuple[tuple[float, float], ...] = ((0.30, 0.33), (0.75, 0.33))
    trailing_stop: float | None = 0.20
    breakeven_after_tier: int = 1
    trailing_after_tier: int = 1
    max_holding_candles: int | None = None


@dataclass(frozen=True)
class Wishes:
    """What a wallet wants; the defaults are the platform's."""

    strategies: tuple[Strategy, ...] = (Crossover(), Breakout())
    plan: Plan = Plan()
    risk_per_trade: float = 0.02
    least_lamports: int = 10_000_000
    open_positions: int = 10
    open_per_token: int = 1
    token_exposure: float = 0.10
    exposure: float = 0.50
    daily_loss: float = 0.10
    drawdown: float = 0.30
    cooldown_minutes: float = 30
    guard_stops: int = 4
    guard_minutes: float = 60


@dataclass(frozen=True)
class Costs:
    fees_bps: int = 0
    slippage_bps: int = 0

    def fee(self, lamports: int) -> int:
        return -(-lamports * self.fees_bps // 10_000)


@dataclass
class Coin:
    symbol: str
    decimals: int
    candles: list[Candle]
    price: float = 0.0

    def value(self, units: int) -> int:
        return self.lamports(units, self.price)

    def lamports(self, units: int, price: float) -> int:
        return floor(units * price * 1e9 / 10.0**self.decimals)


class Fill(NamedTuple):
    time: int
    side: str
    price: float
    units: int
    lamports: int
    fee: int
    reason: str


@dataclass
class Trade:
    """A trade and, while it is open, its exit state."""

    coin: Coin
    strategy: str
    signal: int
    plan: Plan
    time: int
    entry: float
    units: int
    cost: int
    fills: list[Fill]
    left: int
    stop: float
    highest: float
    phase: str = "INITIAL"
    tiers: int = 0
    returned: int = 0

    def exits(self, price: float, now: int) -> list[tuple[str, int]]:
        """Judge a price: what it sells, in order."""
        plan = self.plan
        if price <= self.stop:
            reasons = {"INITIAL": "stop_loss", "BREAKEVEN": "breakeven_stop"}
            return [(reasons.get(self.phase, "trailing_stop"), self.left)]
        held = plan.max_holding_candles
        if held is not None and now - self.time >= held * STEP_MS:
            return [("max_holding", self.left)]
        sold = []
        left = self.left
        for gain, portion in plan.take_profit[self.tiers :]:
            if price < self.entry * (1 + gain) or left == 0:
                break
            units = min(floor(portion * self.units), left)
            left -= units
            self.tiers += 1
            sold.append((f"take_profit_{self.tiers}", units))
            if self.tiers == plan.breakeven_after_tier and self.entry > self.stop:
                self.stop, self.phase = self.entry, "BREAKEVEN"
        self.highest = max(self.highest, price)
        if not sold and plan.trailing_stop is not None and self.tiers >= plan.trailing_after_tier:
            trailed = self.highest * (1 - plan.trailing_stop)
            if trailed > self.stop:
                self.stop, self.phase = trailed, "TRAILING"
        return sold

    @property
    def pnl(self) -> int:
        return self.returned - self.cost


class Refusal(NamedTuple):
    """A confirmed entry that a limit forbade, with every limit that it broke."""

    time: int
    symbol: str
    signal: int
    strategy: str
    broken: frozenset[str]


@dataclass
class Watch:
    """A screened signal: its number, when it was screened, candles to go, and who bought."""

    signal: int
    since: int
    left: int = WINDOW
    bought: set[int] = field(default_factory=set)


@dataclass
class Wallet:
    """One person's account."""

    number: int
    wishes: Wishes
    costs: Costs
    initial: int
    cash: int
    peak: int
    day: int
    day_start: int
    day_low: int
    paused: bool = False
    open: list[Trade] = field(default_factory=list)
    trades: list[Trade] = field(default_factory=list)
    losses: dict[str, int] = field(default_factory=dict)
    stops: list[int] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    @classmethod
    def of(cls, number: int, lamports: int, wishes: Wishes, costs: Costs, now: int) -> "Wallet":
        day = now // DAY_MS
        return cls(number, wishes, costs, lamports, lamports, lamports, day, lamports, lamports)

    def equity(self) -> int:
        return self.cash + sum(trade.coin.value(trade.left) for trade in self.open)

    def mark(self, now: int) -> None:
        """Begin a day, raise the peak, pause after too deep a fall."""
        equity = self.equity()
        if now // DAY_MS > self.day:
            self.day, self.day_start, self.day_low = now // DAY_MS, equity, equity
        self.day_low = min(self.day_low, equity)
        self.peak = max(self.peak, equity)
        if self.peak - equity > self.wishes.drawdown * self.peak:
            self.paused = True

    def leave(self, coin: Coin, now: int) -> set[str]:
        """Show a close to the open trades of a coin; return the strategies that closed one."""
        closed = set()
        for trade in [trade for trade in self.open if trade.coin is coin]:
            for reason, units in trade.exits(coin.price, now):
                self._sell(trade, reason, units, now)
            if trade.left == 0:
                closed.add(trade.strategy)
                self.open.remove(trade)
                if trade.pnl < 0:
                    self.losses[coin.symbol] = now
                if trade.fills[-1].reason == "stop_loss":
                    self.stops.append(now)
        return closed

    def _sell(self, trade: Trade, reason: str, units: int, now: int) -> None:
        price = trade.coin.price * (1.0 - self.costs.slippage_bps / 10_000)
        lamports = trade.coin.lamports(units, price)
        fee = self.costs.fee(lamports)
        trade.fills.append(Fill(now, "SELL", price, units, lamports, fee, reason))
        trade.left -= units
        trade.returned += lamports - fee
        self.cash += lamports - fee

    def enter(self, coin: Coin, watch: Watch, closed: set[str], now: int) -> None:
        """Buy on a close if a strategy confirms and no limit forbids it."""
        for strategy in self.wishes.strategies:
            holds = any(one.coin is coin and one.strategy == strategy.name for one in self.open)
            if self.number in watch.bought or holds or strategy.name in closed:
                continue
            if not strategy.confirms(coin.candles):
                continue
            equity = self.equity()
            spend = min(floor(self.wishes.risk_per_trade * equity), self.cash)
            broken = self.broken(coin, spend, equity, now + LAG_MS)
            if broken:
                refusal = Refusal(now, coin.symbol, watch.signal, strategy.name, frozenset(broken))
                self.refusals.append(refusal)
            else:
                self._buy(coin, strategy.name, watch, spend, now)

    def _buy(self, coin: Coin, strategy: str, watch: Watch, spend: int, now: int) -> None:
        price = coin.price * (1.0 + self.costs.slippage_bps / 10_000)
        units = floor(spend * 10.0**coin.decimals / (price * 1e9))
        fee = self.costs.fee(spend)
        fill = Fill(now, "BUY", price, units, spend, fee, "entry")
        stop = price * (1 - self.wishes.plan.stop_loss)
        trade = Trade(
            coin=coin,
            strategy=strategy,
            signal=watch.signal,
            plan=self.wishes.plan,
            time=now,
            entry=price,
            units=units,
            cost=spend + fee,
            fills=[fill],
            left=units,
            stop=stop,
            highest=price,
        )
        self.cash -= spend + fee
        self.open.append(trade)
        self.trades.append(trade)
        watch.bought.add(self.number)

    def broken(self, coin: Coin, spend: int, equity: int, now: int) -> set[str]:
        """Name every limit that a buy would break."""
        wishes = self.wishes
        here = [trade for trade in self.open if trade.coin is coin]
        in_coin = sum(trade.coin.value(trade.left) for trade in here)
        in_all = sum(trade.coin.value(trade.left) for trade in self.open)
        lost = self.losses.get(coin.symbol)
        peak = max(self.peak, equity)
        self.day_low = min(self.day_low, equity)
        limits = {
            "wallet_paused": self.paused,
            "drawdown": (peak - equity) / peak > wishes.drawdown,
            "daily_loss": (self.day_start - self.day_low) / self.day_start > wishes.daily_loss,
            "stop_guard": self._guarded(now),
            "loss_cooldown": lost is not None and now - lost < wishes.cooldown_minutes * MINUTE_MS,
            "open_positions": len(self.open) + 1 > wishes.open_positions,
            "open_in_token": len(here) + 1 > wishes.open_per_token,
            "token_exposure": (in_coin + spend) / equity > wishes.token_exposure,
            "exposure": (in_all + spend) / equity > wishes.exposure,
            "min_spend": spend < wishes.least_lamports,
        }
        return {name for name, holds in limits.items() if holds}

    def _guarded(self, now: int) -> bool:
        """Tell whether some run of stops within the window ended less than a window ago."""
        many, window = self.wishes.guard_stops, self.wishes.guard_minutes * MINUTE_MS
        runs = zip(self.stops, self.stops[many - 1 :], strict=False)
        return any(last - first <= window and now < last + window for first, last in runs)


@dataclass
class World:
    """Everything: coins by name, wallets, and what is watched."""

    history: dict[str, list[Candle]]
    coins: dict[str, Coin]
    wallets: list[Wallet]
    signals: list[tuple[int, str]]
    sent: list[tuple[int, str]] = field(default_factory=list)
    watches: dict[str, Watch] = field(default_factory=dict)
    ends: dict[int, tuple[str, str | None]] = field(default_factory=dict)
    ticks: list[tuple[int, str, float]] = field(default_factory=list)

    def play(self, start: int, candles: int) -> None:
        """Live through some candles from a time on."""
        at = {
            name: {candle.time: place for place, candle in enumerate(rows)}
            for name, rows in self.history.items()
        }
        for step in range(1, candles + 1):
            now = start + step * STEP_MS
            for sent, name in self.signals[len(self.sent) :]:
                if sent >= now:
                    break
                self.sent.append((sent, name))
                self._signal(name, len(self.sent), sent + SIGNAL_LAG_MS)
            for wallet in self.wallets:
                wallet.mark(now)
            for name in sorted(self.coins):
                if self._is_live(name):
                    self._close(name, at[name][now - STEP_MS], now)

    def _is_live(self, name: str) -> bool:
        held = any(trade.coin.symbol == name for one in self.wallets for trade in one.open)
        return held or name in self.watches

    def _close(self, name: str, place: int, now: int) -> None:
        coin, watch = self.coins[name], self.watches.get(name)
        rows = self.history[name]
        coin.candles = rows[max(0, place - 99) : place + 1]
        coin.price = rows[place].close
        self.ticks.append((now, name, coin.price))
        for wallet in self.wallets:
            closed = wallet.leave(coin, now)
            if watch is not None:
                wallet.enter(coin, watch, closed, now)
        if watch is not None:
            watch.left -= 1
            if watch.left == 0:
                self._end(name, "not_confirmed")

    def _signal(self, name: str, number: int, at: int) -> None:
        if name in self.watches:
            self._end(name, "superseded")
        self.watches[name] = Watch(number, at)

    def _end(self, name: str, reason: str) -> None:
        watch = self.watches.pop(name)
        how = ("Finished", None) if watch.bought else ("Failed", reason)
        self.ends[watch.signal] = how
