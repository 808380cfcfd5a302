"""What is watched for a wallet, and what it waits for."""

from typing import Annotated

from pydantic import Field

from app.api.shapes.market import TokenOut
from app.api.shapes.trades import StepOut
from app.api.wire import Id, Out, Time


class WatchOut(Out):
    """A token under watch, and what is still missing for an entry."""

    signal_id: Id
    token: TokenOut
    since: Time
    candles: Annotated[
        int, Field(description="How many closed candles it may take.", examples=[20])
    ]
    candles_left: Annotated[int, Field(description="How many of them are left.", examples=[17])]
    ends_at: Annotated[Time, Field(description="When the last one closes, if all come in time.")]
    refused: Annotated[
        str | None,
        Field(description="Confirmed, but this limit stands in the way.", examples=["exposure"]),
    ]
    why: Annotated[
        list[StepOut],
        Field(description="Each condition asked for, as it stands on the newest closed candle."),
    ]


class WatchesOut(Out):
    """What a wallet waits for, the longest watched first."""

    items: list[WatchOut]
