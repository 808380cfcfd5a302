"""Tokens, candles and trades of anybody: what a chart shows."""

from typing import Annotated, Literal

from pydantic import Field

from app.api.wire import (
    Address,
    ChartTime,
    Out,
    Price,
    Sol,
    StrategyName,
    Symbol,
    Time,
    Tokens,
)

RISING = "#26a69a80"
FALLING = "#ef535080"
Timeframe = Literal["1s", "5s", "15s", "1m", "5m", "15m", "1h", "4h", "1d"]


class TokenOut(Out):
    """A token by its mint and its name."""

    address: Address
    symbol: Symbol | None


class CandleOut(Out):
    """One candle, prices in SOL per token."""

    time: ChartTime
    open: Price
    high: Price
    low: Price
    close: Price


class VolumeOut(Out):
    """The volume of one candle, in tokens, coloured by its direction."""

    time: ChartTime
    value: Tokens
    color: Annotated[str, Field(examples=[RISING])]


class MarketTradeOut(Out):
    """A trade of anybody."""

    time: ChartTime
    side: Literal["BUY", "SELL"]
    price: Price
    sol_amount: Sol
    token_amount: Tokens


class MarketTokenOut(TokenOut):
    """A token that the platform knows."""

    decimals: Annotated[int, Field(examples=[6])]
    first_seen: Time
    live: Annotated[bool, Field(description="Its prices come in now.")]
    price: Price | None
    price_at: Time | None


class CandlesOut(Out):
    """A chart's series, oldest first. The last candle may still be forming."""

    token: TokenOut
    timeframe: Annotated[str, Field(examples=["1m"])]
    candles: list[CandleOut]
    volumes: list[VolumeOut]


class NewestOut(Out):
    """The newest candle of the platform's own timeframe that a chart's last one is made of."""

    time: ChartTime
    volume: Tokens


class MarketCandlesOut(CandlesOut):
    """A token's candles, and how they go on."""

    timeframes: Annotated[
        list[str],
        Field(
            description="What can be asked for, the platform's own first.",
            examples=[["1s", "5s", "15s", "1m"]],
        ),
    ]
    newest: Annotated[
        NewestOut | None,
        Field(description="Live candles are folded on from here; null when `to` was given."),
    ]


class LineOut(Out):
    """A price that a strategy looks at, over time."""

    name: Annotated[str, Field(examples=["fast"])]
    strategy: StrategyName
    title: Annotated[str, Field(examples=["SMA 10"])]
    points: Annotated[
        list[tuple[ChartTime, Price]],
        Field(
            description="`[time, value]`, oldest first: when a candle opens, and the value at the "
            "last closed candle of the platform's own timeframe in it.",
            examples=[[[1795255200, 0.00001234]]],
        ),
    ]


class LinesOut(Out):
    """What strategies see of a token, as lines for a chart."""

    token: TokenOut
    timeframe: Annotated[str, Field(examples=["1m"])]
    lines: list[LineOut]
