"""A process that computes what a test asks for: how long it takes and how it ends, as JSON."""

import json
import os
import signal
import time

import numpy as np

from app.research.jobs import Answer
from app.research.loading import Sources
from app.research.outcome import SEED, frame_of
from app.research.results import Backtest, RunTrade, SoldPart, Tell, TokenRun, Unfit
from app.research.worker import done, main
from app.trading.returns import Marks
from app.trading.statistics import summarise

DAY = 86_400_000
START = 1_700_006_400_000
SOL = 1_000_000_000
TIMES = [START, START + DAY, START + 2 * DAY]
EQUITY = [10 * SOL, 9 * SOL, 12 * SOL]


def trade(number: int) -> RunTrade:
    """Make a finished trade."""
    entered = START + number * DAY
    sold = SoldPart(
        time=entered + 1, price=2e-6, units=7, lamports=3 * SOL, fee=5, reason="trailing_stop"
    )
    return RunTrade(
        token=0,
        strategy="breakout",
        entry_time=entered,
        entry_price=1e-6,
        units=7,
        spent=2 * SOL,
        fee=5,
        sold=[sold],
        exit_time=entered + 1,
        exit_price=2e-6,
        exit_reason="trailing_stop",
        pnl=SOL - 10,
        left=0,
        value=0,
    )


def result(trades: int) -> Backtest:
    """Make a result."""
    done_trades = [trade(number) for number in range(trades)]
    token = TokenRun(
        token="mint",
        symbol="</title><script>alert(1)</script>",
        decimals=6,
        timeframe="5m",
        candles=100,
        first=START,
        last=START + 99 * 300_000,
        gaps=0,
        data_hash="feed",
    )
    return Backtest(
        tokens=[token],
        trades=done_trades,
        equity_time=TIMES,
        equity=EQUITY,
        statistics=summarise(frame_of(done_trades), Marks(np.array(TIMES), np.array(EQUITY)), SEED),
        refusals={"cooldown": 3},
        driver="walk",
        candles=100,
        seconds=0.5,
    )


def play(request: bytes, sources: Sources, tell: Tell) -> Answer:
    """Take `seconds` and tell how it goes; then do what `end` says."""
    del sources
    asked = json.loads(request)
    steps = int(asked.get("seconds", 0) / 0.02)
    for step in range(steps):
        tell(step / steps)
        time.sleep(0.02)
    time.sleep(asked.get("deaf", 0))
    end = asked.get("end", "")
    if end == "unfit":
        raise Unfit(("candles", 0, "a/b"), "there is no such candle")
    if end == "broken":
        raise ZeroDivisionError("a secret")
    if end == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if end == "hungry":
        eaten = [bytearray(10_000_000) for _ in range(40)]
        time.sleep(5)
        raise MemoryError(len(eaten))
    print("this is no message")  # noqa: T201
    return done(result(int(asked.get("trades", 1))), 0.5)


if __name__ == "__main__":
    main({"backtest": play, "sweep": play})
