"""What a person wishes for a symbol: strategies, exits, size, limits."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.api.shapes.market import TokenOut
from app.api.wire import Id, In, Out, Price, StrategyName, Time
from app.trading.entry import Parameter
from app.trading.plans import ExitPlan, Limits, Sizing

MOST_SYMBOLS = 100
SYMBOL = r"^[^\s\x00-\x1f\x7f/]+$"

Share = Annotated[float, Field(gt=0, lt=1)]
SymbolKey = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=SYMBOL)]


class ParametersIn(In):
    """A template by name, and values of one's own that win over it.

    With several strategies each takes the values whose names it knows.
    """

    template: Annotated[str | None, Field(max_length=64, examples=["aggressive"])] = None
    custom_params: dict[str, Parameter] = Field(
        default_factory=dict, max_length=32, examples=[{"fast_ma": 10, "slow_ma": 21}]
    )


class TrailingStopIn(In):
    """The trailing stop as the original system wrote it."""

    active: bool
    distance: Annotated[Share, Field(examples=[0.03])]


class RiskSettingsIn(ExitPlan, Sizing, Limits):
    """Exit plan, size and limits by name; what is left out keeps the platform's default."""

    trailing_stop: Share | TrailingStopIn | None = Field(  # type: ignore[assignment]  # the original's spelling too
        0.20, description="Fall from the highest price that sells all; null for none."
    )
    position_size: Annotated[
        float | None,
        Field(gt=0, le=1e6, description="Largest buy in SOL, as `max_spend_sol`.", examples=[100]),
    ] = None


class SettingIn(In):
    """A wallet's settings for a symbol."""

    active_strategy: Annotated[
        str | list[str] | None,
        Field(
            description="A name or alias, or several of which any one confirms; "
            "without it the platform's own.",
            examples=["ma_crossover"],
        ),
    ] = None
    parameters: ParametersIn = ParametersIn()
    risk_settings: RiskSettingsIn = RiskSettingsIn()


class EffectiveEntryOut(Out):
    """A strategy with every parameter it will use."""

    strategy: StrategyName
    parameters: Annotated[dict[str, Parameter], Field(examples=[{"fast": 10, "slow": 21}])]


class EffectiveOut(Out):
    """What the settings come to once defaults and templates are filled in."""

    entries: list[EffectiveEntryOut]
    exit: ExitPlan
    sizing: Sizing
    limits: Limits | None


class SettingOut(Out):
    """The settings for a symbol as they were written, and what they come to."""

    symbol: Annotated[str, Field(examples=["SOL-USDC"])]
    version: Annotated[int, Field(description="0 while nothing was written.", examples=[3])]
    updated_at: Time | None
    settings: Annotated[
        SettingIn | None, Field(description="As written; null means the platform's defaults.")
    ]
    effective: EffectiveOut


class VersionOut(Out):
    """One version in the history of a symbol's settings."""

    version: Annotated[int, Field(examples=[3])]
    created_at: Time
    settings: Annotated[SettingIn | None, Field(description="null: they were removed.")]


class VersionsOut(Out):
    """The history of a symbol's settings, newest first."""

    items: list[VersionOut]


class MovedOut(Out):
    """How an open position would stand under another exit plan."""

    trade_id: Id
    token: TokenOut
    strategy: StrategyName
    price: Price
    stop_now: Price
    stop_then: Price
    effect: Annotated[
        Literal["none", "moves", "closes"],
        Field(description="`closes`: the price is at or below the stop of the new plan."),
    ]


class PreviewOut(Out):
    """What a change of settings would do; nothing was changed."""

    effective: EffectiveOut
    open_positions_keep_their_plan: Annotated[
        bool,
        Field(description="True: a trade keeps the exit plan that it was opened with."),
    ]
    positions: Annotated[
        list[MovedOut],
        Field(description="Open positions of the symbol, as the new exit plan would hold them."),
    ]
