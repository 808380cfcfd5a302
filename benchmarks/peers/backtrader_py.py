# mypy: disable-error-code="import-not-found,import-untyped,misc,no-untyped-call"
"""backtrader: market orders out of `next`, filled at the next open."""

import importlib.metadata
from typing import Any

import backtrader
import pandas as pd

from benchmarks.peers import work
from benchmarks.peers.work import Candles, Clock, Done, Fill, Position

BARS_A_DAY = 288
FIRST = float(backtrader.date2num(pd.Timestamp("2024-01-01")))


class Crossover(backtrader.Strategy):
    """The entry and the exits of the work."""

    def __init__(self) -> None:
        self.fast = backtrader.indicators.SMA(self.data.close, period=work.FAST)
        self.slow = backtrader.indicators.SMA(self.data.close, period=work.SLOW)
        self.held: Position | None = None
        self.below = False
        self.found: list[Fill] = []

    def notify_order(self, order: Any) -> None:
        """Note a fill: its first part, the rest is what floats could not divide."""
        if order.status == order.Completed:
            done = order.executed.exbits[0]
            candle = round((done.dt - FIRST) * BARS_A_DAY) - 1
            self.found.append(Fill(0, candle, done.size * work.SCALE, done.price))

    def next(self) -> None:
        """Decide on a closed candle."""
        price = self.data.close[0]
        above = self.fast[0] > self.slow[0] * work.MARGIN
        crossed, self.below = above and self.below, not above
        if self.held is not None:
            sold = self.held.see(price)
            if sold:
                self.sell(size=sold / work.SCALE)
            if not self.held.left:
                self.held = None
        elif crossed:
            self.held = Position(price)
            self.buy(size=self.held.initial / work.SCALE)


def run(candles: Candles) -> Done:
    """Run every token in a broker of its own."""
    clock = Clock()
    fills, cash = [], 0.0
    for token, rows in enumerate(candles):
        times = pd.date_range("2024-01-01", periods=len(rows) + 1, freq="5min")
        names = ["open", "high", "low", "close", "volume"]
        data = pd.DataFrame(work.with_last_open(rows), index=times, columns=names)
        with clock:
            brain = backtrader.Cerebro(stdstats=False)
            brain.broker.setcash(work.CASH)
            brain.broker.setcommission(work.FEE)
            brain.adddata(backtrader.feeds.PandasData(dataname=data))
            brain.addstrategy(Crossover)
            strategy = brain.run()[0]
        fills += [one._replace(token=token) for one in strategy.found]
        cash += brain.broker.getcash() - work.CASH
    return Done(fills, cash, clock.wall, clock.cpu, {})


if __name__ == "__main__":
    work.drive(run, importlib.metadata.version("backtrader"), "Cerebro.run")
