"""What came of running a closed trade again on its own prices."""

from typing import Annotated, Literal

from pydantic import Field

from app.api.wire import Out, Time

ReplayStatus = Literal["equal", "different", "unchecked"]


class DifferenceOut(Out):
    """A field that the record and the replay tell differently, in lamports and base units."""

    field: Annotated[str, Field(examples=["fills/1/price"])]
    recorded: Annotated[float | str | None, Field(examples=[0.0001234])]
    replayed: Annotated[float | str | None, Field(examples=[0.0001235])]


class ReplayOut(Out):
    """Whether a closed trade, run again on the prices that the platform saw, gives its record."""

    status: Annotated[
        ReplayStatus,
        Field(description="`equal`: bit for bit. `unchecked`: `reason` says why."),
    ]
    checked_at: Time | None
    reason: Annotated[str | None, Field(examples=["its prices are no longer there"])]
    differences: list[DifferenceOut]
