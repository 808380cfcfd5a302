"""Entry strategies as people choose them."""

from typing import Annotated, Any

from pydantic import Field

from app.api.wire import Out, StrategyName
from app.trading.entry import Parameter


class StrategyOut(Out):
    """An entry strategy."""

    name: StrategyName
    aliases: Annotated[list[str], Field(examples=[["ma_crossover"]])]
    summary: Annotated[str, Field(examples=["Buys when a short average crosses a long one."])]
    parameters: Annotated[
        dict[str, Any],
        Field(
            description="JSON Schema of its parameters, with their ranges and defaults.",
            examples=[{"type": "object", "properties": {"fast": {"type": "integer"}}}],
        ),
    ]
    spellings: Annotated[
        dict[str, str],
        Field(description="Other names of parameters.", examples=[{"fast_ma": "fast"}]),
    ]
    templates: Annotated[
        dict[str, dict[str, Parameter]], Field(examples=[{"aggressive": {"fast": 10, "slow": 21}}])
    ]
    lookback: Annotated[int, Field(description="Candles that its defaults need.", examples=[31])]


class StrategiesOut(Out):
    """Every strategy by name."""

    items: list[StrategyOut]
