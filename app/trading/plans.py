"""What a wallet wants: exit plan, limits and strategies for a symbol, validated, with a key for
equal wishes.

Wallets that want the same share one `Profile`; the engine works per profile, never per wallet. A
profile's key is a hash of its canonical JSON, so that it is the same in every process and can
stand in the record.
"""

import hashlib
import math
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

MAX_TIERS = 8
MAX_GUARDED_STOPS = 1_000
ANY_SYMBOL = "*"

Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class _Wish(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class ExitPlan(_Wish):
    """When to leave a position; gains, distances and portions are fractions, portions are of the
    initial quantity.
    """

    stop_loss: float = Field(0.15, gt=0, lt=1, description="Fall from the entry that sells all.")
    take_profit: tuple[tuple[float, float], ...] = Field(
        ((0.30, 0.33), (0.75, 0.33)),
        max_length=MAX_TIERS,
        description="Tiers of (gain, portion of the initial quantity).",
    )
    trailing_stop: float | None = Field(
        0.20, gt=0, lt=1, description="Fall from the highest price that sells all."
    )
    breakeven_after_tier: int | None = Field(
        1,
        ge=0,
        le=MAX_TIERS,
        description="Tier after which the stop rises to the entry; 0 or null: never.",
    )
    trailing_after_tier: int | None = Field(
        1,
        ge=0,
        le=MAX_TIERS,
        description="Tiers to take before the trailing stop follows; 0: from the first price.",
    )
    max_holding_candles: int | None = Field(
        None, ge=1, le=1_000_000, description="Candles after which all is sold."
    )

    @property
    def trails_after(self) -> int | None:
        """Return the tiers to take before the trailing stop follows; None when it never does."""
        return None if self.trailing_stop is None else self.trailing_after_tier

    @field_validator("take_profit")
    @classmethod
    def _tiers_rise(cls, tiers: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
        gains = [gain for gain, _ in tiers]
        if (
            any(not (math.isfinite(gain) and gain > 0) for gain in gains)
            or sorted(set(gains)) != gains
        ):
            message = f"gains must be positive and rise from tier to tier, got {gains}"
            raise ValueError(message)
        portions = [portion for _, portion in tiers]
        if any(not 0 < portion <= 1 for portion in portions) or sum(portions) > 1 + 1e-9:
            message = f"portions must be above 0 and add up to at most 1, got {portions}"
            raise ValueError(message)
        return tiers


class Sizing(_Wish):
    """How much one trade spends."""

    risk_per_trade: Fraction = Field(
        0.02, gt=0, description="Share of equity that one trade spends."
    )
    min_spend_sol: float = Field(0.01, ge=0, le=1e6, description="Smaller buys are refused.")
    reserve_sol: float = Field(0.0, ge=0, le=1e6, description="SOL that is never spent.")
    max_spend_sol: float | None = Field(None, gt=0, le=1e6, description="Largest buy.")


class Limits(_Wish):
    """The veto layer's limits; shares are fractions of equity."""

    max_open_positions: int = Field(10, ge=1, le=1_000, description="Open trades at once.")
    max_open_per_token: int = Field(
        1, ge=1, le=100, description="Open trades at once in one token."
    )
    max_token_exposure: Fraction = Field(0.10, description="Largest share of equity in one token.")
    max_exposure: Fraction = Field(0.50, description="Largest share of equity in all tokens.")
    max_daily_loss: Fraction = Field(
        0.10, description="Loss since UTC midnight that stops entries until the next."
    )
    max_drawdown: Fraction = Field(
        0.30, description="Fall from the highest equity that pauses the wallet."
    )
    loss_cooldown_minutes: float = Field(
        30, ge=0, le=100_000, description="Wait in a token after a loss in it."
    )
    stop_guard_count: int = Field(
        4,
        ge=1,
        le=MAX_GUARDED_STOPS,
        description="Stops within the guard's window that pause entries.",
    )
    stop_guard_minutes: float = Field(
        60, ge=0, le=100_000, description="The guard's window, and its pause."
    )


class Entry(_Wish):
    """A strategy by name with its template and own values."""

    strategy: str = Field(min_length=1, max_length=64)
    template: str | None = Field(None, max_length=64)
    custom_params: dict[str, float | int | bool | str] = Field(default_factory=dict, max_length=32)

    @field_validator("custom_params")
    @classmethod
    def _in_order(
        cls, given: dict[str, float | int | bool | str]
    ) -> dict[str, float | int | bool | str]:
        return dict(sorted(given.items()))


class Profile(_Wish):
    """Everything the engine asks about a wallet's wishes for a symbol; any one of the entries
    confirms.
    """

    entries: tuple[Entry, ...] = Field(
        (Entry(strategy="sma_crossover"), Entry(strategy="breakout")), max_length=8
    )
    exit: ExitPlan = ExitPlan()
    sizing: Sizing = Sizing()
    limits: Limits | None = Limits()
    side: Literal["LONG"] = "LONG"

    @model_validator(mode="after")
    def _entries_differ(self) -> Self:
        names = [entry.strategy for entry in self.entries]
        if len(set(names)) != len(names):
            message = f"each strategy may stand once, got {names}"
            raise ValueError(message)
        return self

    def canonical(self) -> str:
        """Write it as JSON text that is the same for equal wishes."""
        return self.model_dump_json()

    def key(self) -> int:
        """Hash the canonical text to 63 bits."""
        return int.from_bytes(hashlib.sha256(self.canonical().encode()).digest()[:8], "big") >> 1
