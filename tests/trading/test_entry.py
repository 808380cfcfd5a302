"""A name with own values becomes a strategy; a strategy answers for its last candle."""

import json
import math
from typing import ClassVar

import numpy as np
import polars as pl
import pytest
from pydantic import Field, ValidationError

from app.trading.entry import (
    EntryStrategy,
    Evaluated,
    Parameter,
    UnknownStrategyError,
    UnknownTemplateError,
    Verdict,
    column,
    find_name,
    resolve,
)
from app.trading.indicators import before, silent
from tests.candles import closes


class Rise(EntryStrategy):
    """Buy what rose and did not rise too far."""

    summary: ClassVar = "Buys what rose."
    templates: ClassVar = {"wild": {"least": 0.5, "most": 9.0}, "calm": {"most": 0.2}}
    aliases: ClassVar = ("climb",)
    spellings: ClassVar = {"min_rise": "least"}

    least: float = Field(0.1, ge=0, description="Least rise.")
    most: float = Field(1.0, le=10, description="Most rise.")

    @property
    def lookback(self) -> int:
        """This candle and the one before."""
        return 2

    @silent
    def evaluate(self, candles: pl.DataFrame) -> Evaluated:
        """Answer for every row."""
        close = column(candles, "close")
        rise = close / before(close) - 1
        return Evaluated(
            {"enough": rise > self.least, "not too much": rise < self.most}, {"rise": rise}
        )


class Still(EntryStrategy):
    """Never buy."""

    summary: ClassVar = "Never buys."

    @property
    def lookback(self) -> int:
        """The last candle."""
        return 1

    def evaluate(self, candles: pl.DataFrame) -> Evaluated:
        """Answer no."""
        return Evaluated({"ever": np.zeros(candles.height, np.bool_)}, {})


KNOWN: dict[str, type[EntryStrategy]] = {"rise": Rise, "still": Still}


def test_a_strategy_shows_no_line_unless_it_says_so() -> None:
    assert dict(Still().lines) == {}


@pytest.mark.parametrize(
    ("prices", "verdict"),
    [
        ((1.0,), Verdict(False, {}, "needs 2 candles, has 1")),
        ((), Verdict(False, {}, "needs 2 candles, has 0")),
        ((1.0, 1.5), Verdict(True, {"rise": 0.5}, "met: enough, not too much")),
        ((9.0, 1.0, 1.5), Verdict(True, {"rise": 0.5}, "met: enough, not too much")),
        ((1.0, 1.0), Verdict(False, {"rise": 0.0}, "not met: enough")),
        ((1.0, 3.0), Verdict(False, {"rise": 2.0}, "not met: not too much")),
        ((math.nan, 1.0), Verdict(False, {"rise": None}, "not met: enough, not too much")),
        ((5e-324, 1e300), Verdict(False, {"rise": None}, "not met: not too much")),
    ],
)
def test_the_last_candle_is_judged(prices: tuple[float, ...], verdict: Verdict) -> None:
    answer = Rise().confirm(closes(*prices))
    assert answer == verdict
    assert json.loads(json.dumps(answer.numbers, allow_nan=False)) == verdict.numbers


def test_every_row_needs_every_condition() -> None:
    evaluated = Rise().evaluate(closes(1.0, 1.5, 1.5, 9.0, 9.9 + 1e-9))
    assert evaluated.confirmed.tolist() == [False, True, False, False, True]
    assert evaluated.confirmed.dtype == np.bool_


def test_a_missing_value_is_not_a_number() -> None:
    candles = closes(1.0, 2.0).with_columns(volume=pl.Series([None, 3], dtype=pl.Int64))
    volume = column(candles, "volume")
    assert volume.dtype == np.float64
    assert np.isnan(volume[0])
    assert volume[1] == 3.0


@pytest.mark.parametrize(
    ("name", "template", "custom", "expected"),
    [
        ("rise", None, None, Rise()),
        ("climb", None, {}, Rise()),
        ("rise", "wild", {}, Rise(least=0.5, most=9)),
        ("rise", "calm", {}, Rise(most=0.2)),
        ("rise", "wild", {"most": 3}, Rise(least=0.5, most=3)),
        ("climb", "wild", {"min_rise": 0.7}, Rise(least=0.7, most=9)),
        ("rise", None, {"min_rise": 0.7}, Rise(least=0.7)),
        ("still", None, {}, Still()),
    ],
)
def test_a_name_becomes_a_strategy(
    name: str, template: str | None, custom: dict[str, Parameter] | None, expected: EntryStrategy
) -> None:
    made = resolve(KNOWN, name, template, custom)
    assert made == expected
    assert hash(made) == hash(expected)


def test_an_alias_has_one_name() -> None:
    assert find_name(KNOWN, "climb") == find_name(KNOWN, "rise") == "rise"


@pytest.mark.parametrize("name", ["fall", "", "Rise"])
def test_an_unknown_strategy_is_told_who_is_known(name: str) -> None:
    with pytest.raises(UnknownStrategyError, match=f"unknown strategy '{name}', known: rise, stil"):
        resolve(KNOWN, name)


def test_an_unknown_template_is_told_which_are_known() -> None:
    with pytest.raises(UnknownTemplateError, match="climb has no template 'x', known: calm, wild"):
        resolve(KNOWN, "climb", "x")
    with pytest.raises(UnknownTemplateError, match="still has no template 'x', known: none"):
        resolve(KNOWN, "still", "x")


@pytest.mark.parametrize(
    ("custom", "complaint"),
    [
        ({"least": -1}, "greater than or equal to 0"),
        ({"most": 11}, "less than or equal to 10"),
        ({"least": math.nan}, "finite number"),
        ({"least": math.inf}, "finite number"),
        ({"lest": 1}, "Extra inputs are not permitted"),
        ({"least": "much"}, "valid number"),
        ({"least": 0.2, "min_rise": 0.3}, "least is given twice"),
    ],
)
@pytest.mark.parametrize("template", [None, "wild"])
def test_values_that_cannot_be_are_refused(
    custom: dict[str, Parameter], complaint: str, template: str | None
) -> None:
    with pytest.raises(ValidationError, match=complaint):
        resolve(KNOWN, "rise", template, custom)


def test_what_is_no_object_is_refused() -> None:
    with pytest.raises(ValidationError, match="valid dictionary or instance of Rise"):
        Rise.model_validate([1, 2])
    assert Rise.model_validate(Rise(most=2)) == Rise(most=2)


def test_parameters_stay_as_they_are() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        setattr(Rise(), "least", 0.5)  # noqa: B010 - a type checker would not let it through
    assert Rise(least=0.3) != Rise()
