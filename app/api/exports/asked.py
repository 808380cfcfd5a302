"""What may be asked of each file: the filters of the list that shows the same rows.

A filter that a file does not have is refused, so that nobody takes all rows for some.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, field_validator

from app.api import facts, zones
from app.api.deps import EXCLUSIVE, INCLUSIVE, span
from app.api.shapes.signals import SignalStatus
from app.api.tradequeries import TEXT, TradesWanted
from app.store.types import LARGEST

Mint = Annotated[str | None, Field(max_length=64, pattern=TEXT)]
Word = Annotated[str | None, Field(min_length=1, max_length=200, pattern=TEXT)]
Row = Annotated[int | None, Field(ge=1, le=LARGEST)]


class Asked(BaseModel):
    """A file without filters."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Ranged(Asked):
    """A file of what happened in a time."""

    since: Annotated[AwareDatetime | None, Field(alias="from", description=INCLUSIVE)] = None
    until: Annotated[AwareDatetime | None, Field(alias="to", description=EXCLUSIVE)] = None

    @property
    def within(self) -> tuple[int, int]:
        """Return the time in Unix milliseconds. Raises a 422 problem for one turned round."""
        since: datetime | None = self.since
        return span(since, self.until)


class CalendarAsked(Ranged):
    """Figures by group; those by the calendar are by that of a zone."""

    zone: Annotated[
        str,
        AfterValidator(zones.known),
        Field(max_length=zones.LONGEST, description=zones.ABOUT),
    ] = zones.UTC


class TradesAsked(TradesWanted):
    """Trades, in the order of their list."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DecisionsAsked(Asked):
    """Decisions."""

    token_address: Mint = None
    signal_id: Row = None


class EventsAsked(Ranged):
    """Events."""

    after: Annotated[int, Field(ge=0, le=LARGEST, description="The last `seq` seen.")] = 0
    order: Annotated[Literal["asc", "desc"], Field(description="`asc`: oldest first.")] = "asc"
    kind: Annotated[
        tuple[str, ...], Field(max_length=32, description="These only; may be repeated.")
    ] = ()
    token_address: Mint = None
    q: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=100,
            pattern=TEXT,
            description="Stands in the kind, or in the name of the token, strategy or reason.",
        ),
    ] = None

    @field_validator("kind")
    @classmethod
    def _known(cls, kinds: tuple[str, ...]) -> tuple[str, ...]:
        known = facts.kinds()
        if not set(kinds) <= set(known):
            message = f"must be one of {', '.join(known)}"
            raise ValueError(message)
        return tuple(sorted(set(kinds)))


class EquityAsked(Ranged):
    """Marks of the wallet's worth."""

    resolution: Literal["1m", "1h", "1d"] = "1m"


class SignalsAsked(Ranged):
    """Signals of the whole platform."""

    status: SignalStatus | None = None
    token_address: Mint = None
    symbol: Annotated[
        str | None,
        Field(min_length=1, max_length=64, pattern=TEXT, description="A part of the token's name."),
    ] = None
    source: Word = None
    reason: Word = None
