"""How values are written for people: times as ISO 8601, lamports as SOL, base units as tokens.

The types carry format, description and an example, so that the OpenAPI page is made of them.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Generic, TypeVar

import msgspec
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from app.trading.amounts import LAMPORTS_PER_SOL

MINUTE_MS = 60_000
JSON = "application/json"
PAGE = 100
LARGEST_PAGE = 500


class In(BaseModel):
    """A body that comes in: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Out(BaseModel):
    """A body that goes out: every field is listed here, and nothing else leaves."""

    model_config = ConfigDict(extra="forbid", frozen=True, from_attributes=True)


Item = TypeVar("Item")


class PageOut(Out, Generic[Item]):
    """A part of a list."""

    items: list[Item]
    next_cursor: Annotated[
        str | None,
        Field(description="Hand it back as `cursor` for what follows; null at the end."),
    ]


Time = Annotated[
    str,
    Field(
        description="UTC, ISO 8601 with milliseconds.",
        json_schema_extra={"format": "date-time"},
        examples=["2026-11-21T10:00:00.000Z"],
    ),
]
ChartTime = Annotated[int, Field(description="Unix seconds.", examples=[1795255200])]
Sol = Annotated[float, Field(description="SOL, at most nine decimals.", examples=[0.25])]
Price = Annotated[float, Field(description="SOL per whole token.", examples=[0.00001234])]
Tokens = Annotated[float, Field(description="Whole tokens.", examples=[20259.319286])]
Percent = Annotated[float, Field(description="In percent: 12.5 is 12.5 %.", examples=[12.5])]
Ratio = Annotated[float, Field(description="A fraction: 0.125 is 12.5 %.", examples=[0.125])]
Seconds = Annotated[float, Field(description="Seconds.", examples=[93.5])]
Address = Annotated[
    str,
    Field(
        description="Base58 of 32 bytes.",
        examples=["6XnCGuhHQqPEjgx4GpgVLoJGC3YCc447u1UDj6BhZM5h"],
    ),
]
Symbol = Annotated[str, Field(examples=["BONK"])]
StrategyName = Annotated[str, Field(examples=["sma_crossover"])]
Id = Annotated[int, Field(examples=[42])]
ExitReason = Annotated[
    str,
    Field(
        description="`stop_loss`, `breakeven_stop`, `trailing_stop`, `take_profit_<n>`, "
        "`max_holding`, `manual`, `reset` or (without a price at a reset) `written_off`.",
        examples=["trailing_stop"],
    ),
]


@lru_cache(maxsize=8192)
def _minute(minute: int) -> str:
    return datetime.fromtimestamp(minute * 60, UTC).strftime("%Y-%m-%dT%H:%M:")


def iso(at: int) -> str:
    """Write Unix milliseconds as ISO 8601 in UTC with milliseconds."""
    minute, rest = divmod(at, MINUTE_MS)
    return f"{_minute(minute)}{rest // 1000:02d}.{rest % 1000:03d}Z"


def iso_or_none(at: int | None) -> str | None:
    """Write a time that may not be there."""
    return None if at is None else iso(at)


def sol(lamports: int) -> float:
    """Write lamports as SOL."""
    return lamports / LAMPORTS_PER_SOL


def sol_or_none(lamports: float | None) -> float | None:
    """Write lamports that may not be there, or are a mean, as SOL."""
    return None if lamports is None else lamports / LAMPORTS_PER_SOL


def tokens(units: int, decimals: int) -> float:
    """Write base units as whole tokens."""
    return units / 10.0**decimals


def percent(ratio: float | None) -> float | None:
    """Write a fraction in percent."""
    return None if ratio is None else 100.0 * ratio


def seconds(ms: float | None) -> float | None:
    """Write milliseconds as seconds."""
    return None if ms is None else ms / 1000


_encoder = msgspec.json.Encoder()
encode = _encoder.encode


def encoded(body: object, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with what msgspec makes of a value: hot lists skip the response model's validation."""
    return Response(encode(body), media_type=JSON, headers=headers)


def page(items: Iterable[bytes], next_cursor: str | None, **more: object) -> Response:
    """Answer with a part of a list whose items are JSON already, and what else is said of it."""
    rest = encode({"next_cursor": next_cursor, **more})
    body = b'{"items":[' + b",".join(items) + b"]," + rest[1:]
    return Response(body, media_type=JSON)
