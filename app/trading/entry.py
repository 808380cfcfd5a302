"""When to enter: what an entry strategy is, what it answers, and how a name becomes one.

A strategy is its parameters and one answer per closed candle. It reads a bounded window of candles
and says how long that is, so that live and backtest cannot differ by warm-up: `evaluate` answers
for every row of a history, `confirm` for the last one, from the same code. It knows no wallet, no
clock and no open position.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, model_validator

from app.trading.amounts import Floats

Bools = NDArray[np.bool_]

CANDLE_SCHEMA = {
    "time": pl.Int64,
    "open": pl.Float64,
    "high": pl.Float64,
    "low": pl.Float64,
    "close": pl.Float64,
    "volume": pl.Float64,
}
"""What a strategy is shown: closed candles, oldest first, times in Unix ms, prices in SOL."""

Parameter = float | int | bool | str


class Evaluated(NamedTuple):
    """What a strategy says of every row: each condition it asks for, and the numbers it used.

    A number is NaN where it cannot be known, and a condition on it does not hold.
    """

    conditions: dict[str, Bools]
    numbers: dict[str, Floats]

    @property
    def confirmed(self) -> Bools:
        """Tell for each row whether every condition holds; computed anew at each call."""
        confirmed: Bools = np.logical_and.reduce(list(self.conditions.values()))
        return confirmed


class Verdict(NamedTuple):
    """What a strategy says of the newest closed candle; a number it could not know is None."""

    confirmed: bool
    numbers: dict[str, float | None]
    reason: str


class EntryStrategy(BaseModel, ABC):
    """An entry strategy: its fields are its parameters, its module's file name is its name.

    Fields carry their range and a description: the dashboard draws its form from the JSON Schema.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    summary: ClassVar[str]
    templates: ClassVar[Mapping[str, Mapping[str, Parameter]]] = {}
    aliases: ClassVar[tuple[str, ...]] = ()
    spellings: ClassVar[Mapping[str, str]] = {}
    """Other names under which a parameter may be given, with the field each stands for."""

    @model_validator(mode="before")
    @classmethod
    def _spell(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        spelled = {}
        for key, value in given.items():
            field = cls.spellings.get(key, key)
            if field in spelled:
                message = f"{field} is given twice"
                raise ValueError(message)
            spelled[field] = value
        return spelled

    @property
    @abstractmethod
    def lookback(self) -> int:
        """Number of closed candles that an answer needs; older ones cannot change it."""

    @property
    def lines(self) -> Mapping[str, str]:
        """Titles of those numbers of `evaluate` that are prices and shown as lines on a chart."""
        return {}

    @abstractmethod
    def evaluate(self, candles: pl.DataFrame) -> Evaluated:
        """Answer for every row of `candles` (CANDLE_SCHEMA) from the `lookback` rows ending there.

        Rows with fewer than that confirm nothing.
        """

    def confirm(self, candles: pl.DataFrame) -> Verdict:
        """Answer for the last row of `candles` (CANDLE_SCHEMA)."""
        if candles.height < self.lookback:
            reason = f"needs {self.lookback} candles, has {candles.height}"
            return Verdict(confirmed=False, numbers={}, reason=reason)
        conditions, numbers = self.evaluate(candles.tail(self.lookback))
        unmet = [name for name, holds in conditions.items() if not holds[-1]]
        return Verdict(
            confirmed=not unmet,
            numbers={name: _known(float(values[-1])) for name, values in numbers.items()},
            reason=f"not met: {', '.join(unmet)}" if unmet else f"met: {', '.join(conditions)}",
        )


class UnknownStrategyError(ValueError):
    """No strategy has this name or alias."""


class UnknownTemplateError(ValueError):
    """The strategy has no template of this name."""


def column(candles: pl.DataFrame, name: str) -> Floats:
    """Read a column of candles as float64; a missing value is NaN."""
    return candles.get_column(name).cast(pl.Float64).to_numpy()


def find_name(strategies: Mapping[str, type[EntryStrategy]], name: str) -> str:
    """Look up the one name of a strategy by that name or an alias.

    Raises UnknownStrategyError, which names those that exist.
    """
    if name in strategies:
        return name
    for known, strategy in strategies.items():
        if name in strategy.aliases:
            return known
    message = f"unknown strategy {name!r}, known: {', '.join(sorted(strategies))}"
    raise UnknownStrategyError(message)


def resolve(
    strategies: Mapping[str, type[EntryStrategy]],
    name: str,
    template: str | None = None,
    custom_params: Mapping[str, Parameter] | None = None,
) -> EntryStrategy:
    """Make a strategy of a name or alias: defaults, then the template's values, then custom ones.

    Raises UnknownStrategyError, UnknownTemplateError, or pydantic's ValidationError.
    """
    strategy = strategies[find_name(strategies, name)]
    if template is not None and template not in strategy.templates:
        known = ", ".join(sorted(strategy.templates)) or "none"
        message = f"{name} has no template {template!r}, known: {known}"
        raise UnknownTemplateError(message)
    custom = custom_params or {}
    given = {strategy.spellings.get(key, key) for key in custom}
    chosen = strategy.templates[template] if template is not None else {}
    kept = {key: value for key, value in chosen.items() if key not in given}
    return strategy.model_validate({**kept, **custom})


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
