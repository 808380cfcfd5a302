"""Where messages go, what they are about, and what became of them."""

from typing import Annotated, Literal

from pydantic import Field

from app.api.wire import Id, In, Out, Time
from app.engine.notices import KINDS, NoticeKind

MOST_TARGETS = 10
LONGEST_NAME = 40
LONGEST_ADDRESS = 1_000
Name = Annotated[
    str, Field(min_length=1, max_length=LONGEST_NAME, description="Yours.", examples=["my phone"])
]
Kinds = Annotated[
    list[NoticeKind],
    Field(
        max_length=len(KINDS),
        description="What to be told. A stop is also a closed trade; both together tell it once.",
        examples=[["trade_closed", "risk_pause"]],
    ),
]
AddressIn = Annotated[
    str,
    Field(
        min_length=3,
        max_length=LONGEST_ADDRESS,
        description="As Apprise writes it: `discord://…`, `tgram://…`, `ntfy://topic`, "
        "`mailtos://…`, `jsons://host/path`. It is a secret: kept encrypted, never shown again.",
        examples=["ntfy://my-secret-topic"],
    ),
]


class TargetIn(In):
    """A new place that messages go to."""

    name: Name
    address: AddressIn
    kinds: Kinds


class TargetChangeIn(In):
    """What becomes of one; without an address the old one stays."""

    name: Name
    kinds: Kinds
    paused: Annotated[bool, Field(description="Nothing is sent.")] = False
    address: AddressIn | None = None


class TargetOut(Out):
    """A place that messages go to."""

    id: Id
    name: Name
    service: Annotated[str, Field(examples=["ntfy"])]
    shown: Annotated[
        str, Field(description="What of its address is no secret.", examples=["ntfy://…opic"])
    ]
    kinds: Kinds
    paused: bool
    created_at: Time


class TargetsOut(Out):
    """Where a wallet's messages go, and what there is to choose from."""

    items: list[TargetOut]
    kinds: Annotated[list[NoticeKind], Field(description="All that there are.")]
    most: Annotated[int, Field(description="Targets that a wallet may have.", examples=[10])]
    most_an_hour: Annotated[int, Field(description="Messages to all of them.", examples=[120])]


class DeliveryOut(Out):
    """A message, and what became of it."""

    target_id: Id
    kind: Annotated[str, Field(description="A kind, or `test`.", examples=["trade_closed"])]
    title: Annotated[str, Field(examples=["BONK: closed, trailing stop"])]
    created_at: Time
    status: Literal["waiting", "sent", "failed", "skipped"]
    attempts: Annotated[int, Field(examples=[1])]
    next_at: Annotated[Time | None, Field(description="When it is tried again.")]
    done_at: Time | None
    error: Annotated[
        str | None,
        Field(description="Why not; never what the service said.", examples=[None]),
    ]


class DeliveriesOut(Out):
    """The newest messages first."""

    items: list[DeliveryOut]
