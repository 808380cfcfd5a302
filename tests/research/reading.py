"""The rules once more for one wallet and one token, in plain Python: no code of the platform.

The exit machine and the strategies are those of the recorded market's reading; here a candle may be
one price or four, and the wallet may enter again as often as its strategy confirms.
"""

from collections.abc import Sequence
from math import floor
from typing import NamedTuple

from tests.recorded.entries import Candle, Strategy
from tests.recorded.reading import STEP_MS, Coin, Costs, Plan, Trade

SOL = 10**9
RISK = 0.02
LEAST = SOL // 100
SEEN = 100


class Sold(NamedTuple):
    time: int
    price: float
    units: int
    lamports: int
    fee: int
    reason: str


class Read(NamedTuple):
    """One trade of the reading."""

    entry_time: int
    entry_price: float
    units: int
    cost: int
    sold: tuple[Sold, ...]
    left: int


def confirms(strategy: Strategy, candles: Sequence[Candle]) -> list[bool]:
    """Ask a strategy at every candle, with the hundred candles that end there."""
    return [
        strategy.confirms(list(candles[max(0, place - SEEN + 1) : place + 1]))
        for place in range(len(candles))
    ]


def path(candle: Candle, *, four: bool) -> list[tuple[int, float]]:
    """Lay out the prices of a candle with their times."""
    if not four:
        return [(candle.time + STEP_MS, candle.close)]
    prices = (candle.open, candle.low, candle.high, candle.close)
    return [
        (candle.time + STEP_MS * part // 4, price) for part, price in enumerate(prices, start=1)
    ]


def read(
    candles: Sequence[Candle],
    confirmed: Sequence[bool],
    plan: Plan,
    costs: Costs,
    *,
    decimals: int,
    four: bool,
) -> list[Read]:
    """Live through candles with ten SOL and no limits but the size."""
    cash, found = 10 * SOL, list[Read]()
    coin = Coin("COIN", decimals, [])
    trade: Trade | None = None
    for candle, yes in zip(candles, confirmed, strict=True):
        closed = False
        for at, price in path(candle, four=four):
            coin.price = price
            if trade is not None:
                cash += _leave(trade, found, costs, at)
                if trade.left == 0:
                    trade, closed = None, True
        if trade is None and yes and not closed:
            trade = _enter(coin, plan, costs, cash, candle.time + STEP_MS)
            if trade is not None:
                cash -= trade.cost
                found.append(Read(trade.time, trade.entry, trade.units, trade.cost, (), trade.left))
    return found


def _leave(trade: Trade, found: list[Read], costs: Costs, at: int) -> int:
    gained = 0
    for reason, units in trade.exits(trade.coin.price, at):
        price = trade.coin.price * (1.0 - costs.slippage_bps / 10_000)
        lamports = trade.coin.lamports(units, price)
        fee = min(costs.fee(lamports), lamports)
        trade.left -= units
        gained += lamports - fee
        if units:
            sold = Sold(at, price, units, lamports, fee, reason)
            found[-1] = found[-1]._replace(sold=(*found[-1].sold, sold), left=trade.left)
    return gained


def _enter(coin: Coin, plan: Plan, costs: Costs, cash: int, at: int) -> Trade | None:
    spend = floor(RISK * cash)
    price = coin.price * (1.0 + costs.slippage_bps / 10_000)
    units = floor(spend * 10.0**coin.decimals / (price * 1e9))
    if spend < LEAST or units < 1:
        return None
    return Trade(
        coin=coin,
        strategy="",
        signal=0,
        plan=plan,
        time=at,
        entry=price,
        units=units,
        cost=spend + costs.fee(spend),
        fills=[],
        left=units,
        stop=price * (1 - plan.stop_loss),
        highest=price,
    )
