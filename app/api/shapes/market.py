"""Tokens, candles and trades of anybody: what a chart shows."""

from typing import Annotated, Literal

from pydantic import Field

from app.api.wire import Address, ChartTime, Out, Price, Sol, Symbol, Time, Tokens

RISING = "#26a69a80"
FALLING = "#ef535080"


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
