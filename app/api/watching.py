"""Frames of the market: an update is written once, and the same text goes to every watcher."""

from app.api import charts
from app.api.wire import encode
from app.engine.feed import MarketUpdate


def frames(update: MarketUpdate) -> list[str]:
    """Write what is new of a token: a frame per candle, trades of anybody on top of them."""
    candles = [*update.closed, *([update.forming] if update.forming is not None else [])]
    trades = list(update.trades)
    written = []
    for place in range(max(len(candles), len(trades))):
        data: dict[str, object] = {"token": update.mint}
        if place < len(candles):
            data["candle"] = charts.candle(candles[place])
            data["volume"] = charts.volume(candles[place])
        if place < len(trades):
            data["market_trade"] = charts.market_trade(trades[place])
        written.append(encode({"type": "UPDATE", "data": data}).decode())
    return written
