"""Candles as a chart takes them, and coarser ones made of finer ones."""

from collections.abc import Iterable, Sequence
from typing import Any

from app.api.shapes.market import FALLING, RISING
from app.ports import MarketTrade
from app.trading.market import TIMEFRAMES, Candle

Written = dict[str, Any]

WIDTHS = {"1s": 1_000, "5s": 5_000, "15s": 15_000, **TIMEFRAMES}
"""Milliseconds of each timeframe a chart may have: some are only ever made of finer candles."""

WRAPPED_SOL = "So11111111111111111111111111111111111111112"


def token(mint: str, symbol: str | None) -> Written:
    """Write a token; SOL has a name even where no directory was asked."""
    return {"address": mint, "symbol": symbol or ("SOL" if mint == WRAPPED_SOL else None)}


def candle(one: Candle) -> Written:
    """Write a candle; its time in Unix seconds."""
    return {
        "time": one.time // 1000,
        "open": one.open,
        "high": one.high,
        "low": one.low,
        "close": one.close,
    }


def volume(one: Candle) -> Written:
    """Write a candle's volume, coloured by its direction."""
    color = RISING if one.close >= one.open else FALLING
    return {"time": one.time // 1000, "value": one.volume, "color": color}


def series(candles: Iterable[Candle]) -> tuple[list[Written], list[Written]]:
    """Write candles and volumes."""
    shown = list(candles)
    return [candle(one) for one in shown], [volume(one) for one in shown]


def offered(own: str) -> list[str]:
    """List the timeframes that candles of the platform's own can be joined into, itself first."""
    finest = WIDTHS[own]
    return [name for name, width in WIDTHS.items() if width % finest == 0]


def market_trade(trade: MarketTrade) -> Written:
    """Write a trade of anybody."""
    return {
        "time": trade.time // 1000,
        "side": trade.side.upper(),
        "price": trade.price,
        "sol_amount": trade.sol_amount,
        "token_amount": trade.token_amount,
    }


def coarser(candles: Sequence[Candle], width_ms: int) -> list[Candle]:
    """Join candles (oldest first) into ones of `width_ms`."""
    joined: list[Candle] = []
    for one in candles:
        opened = one.time - one.time % width_ms
        last = joined[-1] if joined else None
        if last is None or last.time != opened:
            joined.append(one._replace(time=opened))
            continue
        joined[-1] = Candle(
            opened,
            last.open,
            max(last.high, one.high),
            min(last.low, one.low),
            one.close,
            last.volume + one.volume,
        )
    return joined
