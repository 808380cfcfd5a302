# mypy: disable-error-code="import-not-found,import-untyped,misc,no-any-unimported"
"""nautilus_trader: market orders out of `on_bar`, filled at the bar's close by its exchange."""

import importlib.metadata
from decimal import Decimal
from typing import Any

import pandas as pd
from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
from nautilus_trader.config import LoggingConfig, RiskEngineConfig, StrategyConfig
from nautilus_trader.indicators import SimpleMovingAverage
from nautilus_trader.model import BarType, InstrumentId, Money, Symbol, TraderId, Venue
from nautilus_trader.model.enums import AccountType, CurrencyType, OmsType, OrderSide
from nautilus_trader.model.instruments import CurrencyPair
from nautilus_trader.model.objects import Currency, Price, Quantity
from nautilus_trader.persistence.wranglers import BarDataWrangler
from nautilus_trader.trading.strategy import Strategy

from benchmarks.peers import work
from benchmarks.peers.work import Candles, Clock, Done, Fill, Position

VENUE = Venue("SIM")
SOL = Currency("SOL", work.DECIMALS, 0, "SOL", CurrencyType.CRYPTO)
PRICE_DECIMALS = 8
FIRST = pd.Timestamp(work.START_MS, unit="ms", tz="UTC").value
WIDTH = work.WIDTH_MS * 1_000_000
DEEP = 1e7
"""Volume of every bar: its exchange fills an order at one price only as far as that goes."""


class Settings(StrategyConfig, frozen=True):  # type: ignore[call-arg]
    """What the strategy trades."""

    bar_type: BarType
    instrument_id: InstrumentId


class Crossover(Strategy):
    """The entry and the exits of the work."""

    def on_start(self) -> None:
        """Ask for bars and averages."""
        self.instrument = self.cache.instrument(self.config.instrument_id)
        self.fast = SimpleMovingAverage(work.FAST)
        self.slow = SimpleMovingAverage(work.SLOW)
        self.register_indicator_for_bars(self.config.bar_type, self.fast)
        self.register_indicator_for_bars(self.config.bar_type, self.slow)
        self.below = False
        self.held: Position | None = None
        self.found: list[Fill] = []
        self.subscribe_bars(self.config.bar_type)

    def on_bar(self, bar: Any) -> None:
        """Decide on a closed candle."""
        above = self.fast.value > self.slow.value * work.MARGIN
        crossed, self.below = above and self.below, self.slow.initialized and not above
        price = float(bar.close)
        if self.held is not None:
            sold = self.held.see(price)
            if sold:
                self.trade(OrderSide.SELL, sold)
            if not self.held.left:
                self.held = None
        elif crossed:
            self.held = Position(price)
            self.trade(OrderSide.BUY, self.held.initial)

    def trade(self, side: OrderSide, units: int) -> None:
        """Send a market order."""
        quantity = Quantity.from_str(f"{units // work.SCALE}.{units % work.SCALE:09d}")
        order = self.order_factory.market(self.config.instrument_id, side, quantity)
        self.submit_order(order)

    def on_order_filled(self, event: Any) -> None:
        """Note a fill."""
        sign = 1 if event.order_side == OrderSide.BUY else -1
        candle = (event.ts_event - FIRST) // WIDTH - 1
        units = int(event.last_qty.as_decimal() * work.SCALE)
        self.found.append(Fill(0, candle, sign * units, float(event.last_px)))


def market() -> CurrencyPair:
    """Make the token's market."""
    token = Currency("TOKEN", work.DECIMALS, 0, "TOKEN", CurrencyType.CRYPTO)
    symbol = Symbol("TOKENSOL")
    return CurrencyPair(
        InstrumentId(symbol, VENUE),
        symbol,
        token,
        SOL,
        PRICE_DECIMALS,
        work.DECIMALS,
        Price.from_str("0.00000001"),
        Quantity.from_str("0.000000001"),
        0,
        0,
        maker_fee=Decimal(str(work.FEE)),
        taker_fee=Decimal(str(work.FEE)),
        margin_init=Decimal(0),
        margin_maint=Decimal(0),
    )


def laid_out(rows: Candles) -> pd.DataFrame:
    """Lay candles out by the time at which they close."""
    closes = pd.date_range(FIRST + WIDTH, periods=len(rows), freq="5min", tz="UTC")
    found = pd.DataFrame(rows, index=closes, columns=["open", "high", "low", "close", "volume"])
    return found.assign(volume=DEEP)


def run(candles: Candles) -> Done:
    """Run every token in an engine of its own."""
    clock = Clock()
    fills, cash = [], 0.0
    for token, rows in enumerate(candles):
        quiet = LoggingConfig(bypass_logging=True)
        engine = BacktestEngine(
            BacktestEngineConfig(
                trader_id=TraderId("BENCH-1"),
                logging=quiet,
                risk_engine=RiskEngineConfig(bypass=True),
            )
        )
        start = [Money(work.CASH, SOL)]
        engine.add_venue(VENUE, OmsType.NETTING, AccountType.MARGIN, start, base_currency=SOL)
        instrument = market()
        engine.add_instrument(instrument)
        bar_type = BarType.from_str(f"{instrument.id}-5-MINUTE-LAST-EXTERNAL")
        engine.add_data(BarDataWrangler(bar_type, instrument).process(laid_out(rows)))
        strategy = Crossover(Settings(bar_type=bar_type, instrument_id=instrument.id))
        engine.add_strategy(strategy)
        with clock:
            engine.run()
        fills += [one._replace(token=token) for one in strategy.found]
        cash += balance(engine, strategy)
        engine.dispose()
    return Done(fills, cash, clock.wall, clock.cpu, {})


def balance(engine: BacktestEngine, strategy: Crossover) -> float:
    """Say what trading did to the cash: its account counts what is still held at its cost."""
    balance = engine.portfolio.account(VENUE).balance_total(SOL).as_decimal()
    for position in engine.cache.positions_open():
        balance -= position.quantity.as_decimal() * Decimal(str(position.avg_px_open))
    return float(balance - Decimal(str(work.CASH)))


if __name__ == "__main__":
    timed = "BacktestEngine.run, bars laid out before"
    work.drive(run, importlib.metadata.version("nautilus_trader"), timed)
