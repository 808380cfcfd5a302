"""Stored candles of the past, and what an upload of them was found to be."""

from typing import Annotated, Literal

from pydantic import Field

from app.api.wire import Out, Symbol, Time

Timeframe = Literal["1s", "1m", "5m", "15m", "1h", "4h", "1d"]
Name = Annotated[
    str,
    Field(description="The token's mint, or the name it was stored under.", examples=["BONK-SOL"]),
]
TimeframeName = Annotated[str, Field(examples=["5m"])]


class HistoryEntryOut(Out):
    """One token's stored candles in one timeframe."""

    token: Name
    symbol: Symbol
    timeframe: TimeframeName
    first: Annotated[Time, Field(description="When the first candle opens.")]
    last: Annotated[Time, Field(description="When the last candle opens.")]
    candles: Annotated[int, Field(examples=[30666])]
    gaps: Annotated[int, Field(description="Spans without candles between them.", examples=[0])]
    missing: Annotated[int, Field(description="Candles missing in all gaps.", examples=[0])]
    source: Annotated[
        str, Field(description="Where they came from.", examples=["file, GeckoTerminal, live"])
    ]
    own: Annotated[
        bool, Field(description="Uploaded by this wallet, which only it sees; else shared.")
    ]


class BadRowOut(Out):
    """What is wrong with a row of a file; rows count from 1, of a CSV they are lines."""

    row: Annotated[int, Field(examples=[17])]
    column: Annotated[str, Field(examples=["close"])]
    found: Annotated[str, Field(examples=["'abc'"])]
    expected: Annotated[str, Field(examples=["a finite number above 0"])]


class GapOut(Out):
    """Candles that are missing: when the first and the last of them would have opened."""

    first: Time
    last: Time


class UploadedOut(Out):
    """What a file was found to hold, and what was done about it; lists name the first 20."""

    token: Name
    timeframe: TimeframeName
    added: Annotated[int, Field(description="Candles that are new.", examples=[30000])]
    replaced: Annotated[int, Field(description="Stored candles that changed.", examples=[0])]
    columns: Annotated[
        dict[str, str],
        Field(
            description="What the file calls each column; empty without names.",
            examples=[{"time": "timestamp", "open": "o"}],
        ),
    ]
    rows: Annotated[int, Field(examples=[30666])]
    candles: Annotated[int, Field(examples=[30666])]
    bad_rows: Annotated[int, Field(description="Rows left out (`skip_bad`).", examples=[0])]
    bad: list[BadRowOut]
    unordered: Annotated[int, Field(description="Rows that were sorted in.", examples=[0])]
    duplicates: Annotated[int, Field(description="Rows that said the same again.", examples=[0])]
    conflicts: Annotated[
        int, Field(description="Rows overruled by a later one of the same time.", examples=[0])
    ]
    conflict_times: list[Time]
    gaps: Annotated[int, Field(description="Gaps in the file.", examples=[0])]
    missing: Annotated[int, Field(description="Candles missing in them.", examples=[0])]
    gaps_shown: list[GapOut]
    filled: Annotated[int, Field(description="Flat candles put there (`fill`).", examples=[0])]
