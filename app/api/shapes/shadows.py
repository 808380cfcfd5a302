"""Shadows of a wallet, and how they compare with it."""

from typing import Annotated, Literal

from pydantic import Field

from app.api.shapes.analytics import OverallOut
from app.api.shapes.settings import MOST_SYMBOLS, EffectiveOut, SettingIn, SymbolKey
from app.api.shapes.trades import TradeOut
from app.api.shapes.wallets import SnapshotOut
from app.api.wire import Address, In, Out, Sol, Time

LONGEST_NAME = 60
EXAMPLE = {"*": {"risk_settings": {"stop_loss": 0.08}}}

Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, examples=["A tighter stop"])]
Number = Annotated[int, Field(description="The first is 1; none is given twice.", examples=[1])]
Every = Annotated[
    dict[SymbolKey, SettingIn],
    Field(
        max_length=MOST_SYMBOLS,
        description="All of its settings: `*` for every symbol, without it the platform's own.",
        examples=[EXAMPLE],
    ),
]
Symbols = Annotated[list[str], Field(examples=[["*"]])]


class ShadowIn(In):
    """A shadow to begin."""

    name: Name
    settings: Every
    initial_sol: Annotated[
        float | None,
        Field(ge=0, le=1e7, description="Without it, what the wallet is worth.", examples=[12.5]),
    ] = None


class ShadowChangeIn(In):
    """What to change of a shadow; what is left out stays."""

    name: Name | None = None
    settings: Annotated[
        Every | None, Field(description="All of them: symbols that are left out lose theirs.")
    ] = None
    paused: Annotated[bool | None, Field(description="No new entries; exits go on.")] = None


class ShadowOut(Out):
    """A shadow and what it is worth now."""

    number: Number
    name: str
    wallet_address: Annotated[Address, Field(description="Nobody can sign in with it.")]
    since: Time
    retired_at: Annotated[
        Time | None, Field(description="It enters nothing any more and goes once it holds nothing.")
    ]
    paused: bool
    pause_reason: Annotated[str | None, Field(examples=["drawdown"])]
    initial_sol_balance: Sol
    sol_balance: Sol
    total_value: Sol
    overall_pnl: Sol
    open_positions: Annotated[int, Field(examples=[2])]
    settings: Annotated[
        dict[str, SettingIn], Field(description="As written, by symbol.", examples=[EXAMPLE])
    ]


class ShadowsOut(Out):
    """A wallet's shadows in the order of their numbers."""

    items: list[ShadowOut]


class ShadowDetailOut(ShadowOut):
    """A shadow with what its settings come to, its figures, newest trades and value over time."""

    effective: Annotated[
        dict[str, EffectiveOut], Field(description="By symbol, and for `*` in any case.")
    ]
    statistics: OverallOut
    trades: Annotated[list[TradeOut], Field(description="The newest 100, by their entry.")]
    history: Annotated[list[SnapshotOut], Field(description="The newest 1,000, oldest first.")]


class AdoptShadowIn(In):
    """What becomes of symbols that the wallet has settings for and the shadow has not."""

    replace: Annotated[
        bool,
        Field(description="True: their settings are removed. False: they stay as they are."),
    ] = False


class AdoptedOut(Out):
    """What adopting changed of the wallet's settings; every version before can be written again."""

    changed: Annotated[Symbols, Field(description="Symbols that have the shadow's settings now.")]
    removed: Annotated[Symbols, Field(description="Symbols whose settings are gone.")]
    kept: Annotated[Symbols, Field(description="Symbols that only the wallet has settings for.")]


class DifferenceOut(Out):
    """The shadow's mean less the wallet's, with a bootstrap 95 % interval over paired days."""

    value: Annotated[float, Field(examples=[0.21])]
    low: Annotated[float, Field(examples=[0.04])]
    high: Annotated[float, Field(examples=[0.39])]


class PairOut(Out):
    """A shadow beside its wallet, over the time since the shadow began."""

    number: Number
    name: str
    since: Time
    until: Time
    days: Annotated[int, Field(description="UTC days, the first and the last in part.")]
    wallet: OverallOut
    shadow: OverallOut
    daily_return_percent: Annotated[
        DifferenceOut | None, Field(description="Percent a day; null under 10 days.")
    ]
    trade_pnl_sol: Annotated[
        DifferenceOut | None,
        Field(
            description="SOL a finished trade, as if both had begun with what the wallet was "
            "worth; null under 10 days or 10 finished trades of either."
        ),
    ]
    verdict: Annotated[
        Literal["better", "worse", "cannot tell yet"],
        Field(
            description="Of the shadow, by daily returns. Its interval is wider than the one shown "
            "when several are compared: of many, one looks better by luck."
        ),
    ]


class ComparisonOut(Out):
    """Each shadow beside its wallet."""

    compared: Annotated[int, Field(description="How many at once.", examples=[3])]
    items: list[PairOut]
