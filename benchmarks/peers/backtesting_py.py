# mypy: disable-error-code="import-not-found,import-untyped,misc"
"""backtesting.py: orders in `next`, filled at the next open; a unit is a billionth of a token."""

import importlib.metadata
import warnings

import backtesting
import numpy as np
import pandas as pd
from backtesting import Backtest, Strategy

from benchmarks.peers import work
from benchmarks.peers.work import Candles, Clock, Done, Fill, Position

UNIT = 1.0 / work.SCALE


def mean(values: Candles, n: int) -> Candles:
    """Average the last n values."""
    found: Candles = pd.Series(values).rolling(n).mean().to_numpy()
    return found


class Crossover(Strategy):
    """The entry and the exits of the work."""

    def init(self) -> None:
        """Work out the averages."""
        close = self.data.Close
        self.fast = self.I(mean, close, work.FAST, plot=False)
        self.slow = self.I(mean, close, work.SLOW, plot=False)
        self.held: Position | None = None

    def next(self) -> None:
        """Decide on a closed candle."""
        price = round(self.data.Close[-1] / UNIT, 8)
        if self.held is not None:
            sold = self.held.see(price)
            if sold:
                self.sell(size=sold)
            if not self.held.left:
                self.held = None
            return
        above = self.fast[-1] > self.slow[-1] * work.MARGIN
        if above and self.fast[-2] <= self.slow[-2] * work.MARGIN:
            self.held = Position(price)
            self.buy(size=self.held.initial)


def frame(candles: Candles) -> pd.DataFrame:
    """Lay candles out as the library wants them, in SOL per unit."""
    rows = work.with_last_open(candles)
    times = pd.date_range("2024-01-01", periods=len(rows), freq="5min")
    names = ("Open", "High", "Low", "Close")
    columns = {name: rows[:, place] * UNIT for place, name in enumerate(names)}
    return pd.DataFrame({**columns, "Volume": rows[:, work.VOLUME]}, index=times)


def fills_of(token: int, strategy: Strategy) -> list[Fill]:
    """Read the library's trades: one for each part that was sold."""
    closed, still = strategy.closed_trades, strategy.trades
    bought: dict[tuple[int, float], int] = {}
    for trade in (*closed, *still):
        key = (trade.entry_bar, trade.entry_price)
        bought[key] = bought.get(key, 0) + trade.size
    buys = [Fill(token, bar - 1, units, price / UNIT) for (bar, price), units in bought.items()]
    sells = [Fill(token, one.exit_bar - 1, -one.size, one.exit_price / UNIT) for one in closed]
    return buys + sells


def run(candles: Candles) -> Done:
    """Run every token; the statistics at the end of a run are timed apart and taken off."""
    clock, summing = Clock(), Clock()
    plain = backtesting.backtesting.compute_stats

    def compute_stats(*given: object, **named: object) -> object:
        with summing:
            return plain(*given, **named)

    backtesting.backtesting.compute_stats = compute_stats
    fills, cash = [], 0.0
    for token, rows in enumerate(candles):
        data = frame(rows)
        with clock:
            test = Backtest(data, Crossover, cash=work.CASH, commission=work.FEE)
            found = test.run()
        strategy = found["_strategy"]
        fills += fills_of(token, strategy)
        held = sum(trade.size * data.Close.iloc[-1] for trade in strategy.trades)
        cash += found["Equity Final [$]"] - held - work.CASH
    backtesting.backtesting.compute_stats = plain
    wall, cpu = clock.wall - summing.wall, clock.cpu - summing.cpu
    return Done(fills, cash, wall, cpu, {"its statistics": summing.wall})


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    np.seterr(all="ignore")
    backtesting.backtesting._tqdm = lambda iterable, **_: iterable  # noqa: SLF001  no bar
    work.drive(run, importlib.metadata.version("backtesting"), "Backtest.run without statistics")
