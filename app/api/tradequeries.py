"""Which trades a list or a file is about: the filters that both have, and the order."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.api.deps import EXCLUSIVE, INCLUSIVE, span
from app.api.shapes.trades import TradeStatus
from app.store.trade_lists import TradeFilter, TradeSort, TradeTime

TEXT = r"^[^\x00]*$"
"""A text that both databases take."""

Name = Annotated[str | None, Field(max_length=64, pattern=TEXT)]


class TradesWanted(BaseModel):
    """Which trades, in which order."""

    model_config = ConfigDict(frozen=True)

    status: TradeStatus | None = None
    token_address: Name = None
    strategy: Name = None
    source: Annotated[
        Literal["signal", "named"] | None, Field(description="What led to the trade.")
    ] = None
    exit_reason: Annotated[
        str | None,
        Field(max_length=64, pattern=TEXT, description="Why it ended.", examples=["trailing_stop"]),
    ] = None
    symbol: Annotated[
        str | None,
        Field(min_length=1, max_length=64, pattern=TEXT, description="A part of the token's name."),
    ] = None
    since: Annotated[AwareDatetime | None, Field(alias="from", description=INCLUSIVE)] = None
    until: Annotated[AwareDatetime | None, Field(alias="to", description=EXCLUSIVE)] = None
    times: Annotated[
        TradeTime,
        Field(description="What `from` and `to` bound; an open trade is in no time of its exit."),
    ] = "entry_time"
    sort: TradeSort = "entry_time"
    order: Literal["asc", "desc"] = "desc"

    def wanted(self) -> TradeFilter:
        """Ask the record for them. Raises a 422 problem for a time that ends before it begins."""
        first, last = span(self.since, self.until)
        return TradeFilter(
            status=self.status,
            mint=self.token_address,
            strategy=self.strategy,
            source=self.source,
            exit_reason=self.exit_reason,
            symbol=self.symbol,
            since=None if self.since is None else first,
            until=None if self.until is None else last,
            times=self.times,
            sort=self.sort,
            descending=self.order == "desc",
        )
