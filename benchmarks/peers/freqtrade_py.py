# mypy: disable-error-code="import-not-found,import-untyped,misc,no-any-unimported,no-any-return"
"""freqtrade, offline: its callbacks decide at each open what the close before asks for.

All tokens are pairs of one run. Markets are described here instead of by an exchange.
"""

import importlib.metadata
import json
import logging
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
from freqtrade.configuration import Configuration, TimeRange
from freqtrade.enums import RunMode
from freqtrade.exchange import Exchange
from freqtrade.optimize.backtesting import Backtesting
from freqtrade.strategy import IStrategy
from numpy.typing import NDArray

from benchmarks.peers import work
from benchmarks.peers.work import Candles, Clock, Done, Fill, Position

FORCED = "force_exit"
HALF = 0.5
"""Of a unit, so that what the library floors is the whole count again."""


class BenchCrossover(IStrategy):
    """The entry and the exits of the work."""

    INTERFACE_VERSION = 3
    timeframe = "5m"
    minimal_roi: dict[str, float] = {}  # noqa: RUF012  the library reads it so
    stoploss = -0.99
    position_adjustment_enable = True
    use_exit_signal = True
    process_only_new_candles = True
    startup_candle_count = 0
    order_types = {  # noqa: RUF012
        "entry": "market",
        "exit": "market",
        "stoploss": "market",
        "stoploss_on_exchange": False,
    }
    held: dict[str, Position] = {}  # noqa: RUF012  one strategy a process
    leaving: set[str] = set()  # noqa: RUF012

    def populate_indicators(self, frame: pd.DataFrame, _: Any) -> pd.DataFrame:
        """Work out the averages."""
        frame["fast"] = frame["close"].rolling(work.FAST).mean()
        frame["slow"] = frame["close"].rolling(work.SLOW).mean()
        return frame

    def populate_entry_trend(self, frame: pd.DataFrame, _: Any) -> pd.DataFrame:
        """Find the entries."""
        slow = frame["slow"] * work.MARGIN
        crossed = (frame["fast"] > slow) & (frame["fast"].shift(1) <= slow.shift(1))
        frame["enter_long"] = crossed.astype(int)
        return frame

    def populate_exit_trend(self, frame: pd.DataFrame, _: Any) -> pd.DataFrame:
        """Leave exits to the callbacks."""
        frame["exit_long"] = 0
        return frame

    def adjust_trade_position(
        self, trade: Any, current_time: Any, current_rate: float, *_: Any, **__: Any
    ) -> float | None:
        """Show the position the price of this moment; sell a part of it."""
        held = self.held.get(trade.pair)
        if held is None or trade.open_date_utc == current_time:
            self.held[trade.pair] = Position(current_rate)
            return None
        sold = held.see(current_rate)
        if not held.left:
            self.leaving.add(trade.pair)
            return None
        if not sold:
            return None
        cost = float(trade.stake_amount) / float(trade.amount)
        return -(sold + HALF) / work.SCALE * cost

    def custom_exit(self, pair: str, *_: Any, **__: Any) -> str | None:
        """Sell all that is left."""
        if pair not in self.leaving:
            return None
        self.leaving.discard(pair)
        del self.held[pair]
        return "rules"


def market(pair: str) -> dict[str, Any]:
    """Describe a pair as the exchange would."""
    base, quote = pair.split("/")
    wide = {"min": 1e-9, "max": 1e15}
    return {
        "id": base + quote,
        "symbol": pair,
        "base": base,
        "quote": quote,
        "baseId": base,
        "quoteId": quote,
        "type": "spot",
        "spot": True,
        "margin": False,
        "swap": False,
        "future": False,
        "option": False,
        "contract": False,
        "active": True,
        "taker": work.FEE,
        "maker": work.FEE,
        "precision": {"amount": 1e-9, "price": 1e-8, "base": 1e-9, "quote": 1e-9},
        "limits": dict.fromkeys(("amount", "price", "cost", "leverage", "market"), wide),
        "info": {},
    }


def settings(pairs: list[str], home: Path) -> Any:
    """Write the configuration and read it as the library does."""
    side = {"price_side": "other", "use_order_book": False, "order_book_top": 1}
    wanted = {
        "dry_run": True,
        "trading_mode": "spot",
        "margin_mode": "",
        "stake_currency": "SOL",
        "stake_amount": work.SPEND,
        "dry_run_wallet": work.CASH,
        "max_open_trades": -1,
        "timeframe": "5m",
        "fee": work.FEE,
        "exchange": {"name": "binance", "pair_whitelist": pairs, "pair_blacklist": []},
        "entry_pricing": side,
        "exit_pricing": side,
        "pairlists": [{"method": "StaticPairList"}],
        "strategy": BenchCrossover.__name__,
        "strategy_path": str(Path(__file__).parent),
    }
    path = home / "config.json"
    path.write_text(json.dumps(wanted), encoding="utf-8")
    asked = {"config": [str(path)], "user_data_dir": str(home), "export": "none"}
    return Configuration(asked, RunMode.BACKTEST).get_config()


def laid_out(rows: Candles) -> pd.DataFrame:
    """Lay candles out, with two rows more: nothing is bought on the last one."""
    rows = work.with_last_open(work.with_last_open(rows))
    found = pd.DataFrame(rows, columns=["open", "high", "low", "close", "volume"])
    first = pd.Timestamp(work.START_MS, unit="ms", tz="UTC")
    found.insert(0, "date", pd.date_range(first, periods=len(rows), freq="5min"))
    return found


def fills_of(results: pd.DataFrame, pairs: list[str]) -> tuple[list[Fill], float]:
    """Read the library's orders and profits, but for the sales that it adds at the end."""
    fills, cash = [], 0.0
    for trade in results.to_dict("records"):
        forced = trade["exit_reason"] == FORCED
        orders = trade["orders"][:-1] if forced else trade["orders"]
        cash += 0.0 if forced else trade["profit_abs"]
        for order in orders:
            sign = 1 if order["ft_is_entry"] else -1
            candle = (order["order_filled_timestamp"] - work.START_MS) // work.WIDTH_MS - 1
            units, price = order["amount"] * work.SCALE, order["safe_price"]
            fills.append(Fill(pairs.index(trade["pair"]), candle, sign * units, price))
            if forced:
                cash -= order["amount"] * price * (sign + work.FEE)
    return fills, cash


def run(candles: NDArray[Any]) -> Done:
    """Run all tokens as pairs of one run."""
    pairs = [f"T{token:02d}/SOL" for token in range(len(candles))]

    def markets(exchange: Any, **_: Any) -> None:
        described = {pair: market(pair) for pair in pairs}
        exchange._api_async.set_markets(described)  # noqa: SLF001  it has no other door

    Exchange._load_async_markets = markets  # noqa: SLF001
    Exchange.validate_timeframes = lambda *_: None
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        testing = Backtesting(settings(pairs, Path(folder)))
        data = {pair: laid_out(rows) for pair, rows in zip(pairs, candles, strict=True)}
        strategy = testing.strategylist[0]
        with clock:
            testing.backtest_one_strategy(strategy, data, TimeRange())
    results = testing.all_bt_content[BenchCrossover.__name__]["results"]
    fills, cash = fills_of(results, pairs)
    return Done(fills, cash, clock.wall, clock.cpu, {})


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    timed = "Backtesting.backtest_one_strategy without its report, tokens as pairs"
    work.drive(run, importlib.metadata.version("freqtrade"), timed)
