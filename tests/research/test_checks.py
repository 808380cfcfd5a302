"""Strategies that cheat are found, those of the platform do not."""

from typing import ClassVar

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from app import strategies
from app.commands.check_strategy import cli
from app.research.checks import LOOK_AHEAD, WARM_UP, check_strategy, made_up
from app.research.loading import Loaded
from app.research.requests import BacktestRequest
from app.trading.entry import EntryStrategy, Evaluated, column

KNOWN = strategies.load()
CANDLES = made_up(1_500, seed=5)
REQUEST = BacktestRequest.model_validate({"candles": {"token": "made-up"}})


class Prophet(EntryStrategy):
    """Buys before a rise: it reads the next close."""

    summary: ClassVar = "Buys before a rise."
    lookback: ClassVar = 2

    def evaluate(self, candles: pl.DataFrame) -> Evaluated:
        close = column(candles, "close")
        return Evaluated({"rises": np.append(close[1:], close[-1]) > close * 1.02}, {})


class Elephant(EntryStrategy):
    """Remembers the first close that it ever saw."""

    summary: ClassVar = "Buys above the first close."
    lookback: ClassVar = 2

    def evaluate(self, candles: pl.DataFrame) -> Evaluated:
        close = column(candles, "close")
        return Evaluated({"above": close > close[0]}, {})


class Scaled(EntryStrategy):
    """Buys low against the whole history's mean, the future's too."""

    summary: ClassVar = "Buys below the mean of all."
    lookback: ClassVar = 2

    def evaluate(self, candles: pl.DataFrame) -> Evaluated:
        close = column(candles, "close")
        return Evaluated({"low": close < close.mean()}, {})


def found(strategy: EntryStrategy, candles: Loaded = CANDLES) -> set[str]:
    return {one.check for one in check_strategy("it", strategy, candles, REQUEST)}


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_the_platforms_strategies_pass(name: str) -> None:
    kind = KNOWN[name]
    for strategy in (kind(), *(kind(**template) for template in kind.templates.values())):
        assert strategy.evaluate(CANDLES.frame).confirmed.any() or strategy != kind()
        assert found(strategy) == set()


def test_who_reads_the_next_candle_is_found() -> None:
    findings = check_strategy("prophet", Prophet(), CANDLES, REQUEST)
    assert {one.check for one in findings} == {LOOK_AHEAD}
    assert all("after row" in one.what for one in findings)


def test_who_remembers_where_history_began_is_found() -> None:
    assert found(Elephant()) == {WARM_UP}


def test_who_measures_against_all_of_history_is_found_twice() -> None:
    assert found(Scaled()) == {LOOK_AHEAD, WARM_UP}


def test_the_command_checks_every_strategy() -> None:
    ran = CliRunner().invoke(cli, [])
    assert ran.exit_code == 0
    for name in KNOWN:
        assert f"{name}: neither look-ahead" in ran.stdout


def test_the_command_says_what_it_does_not_know() -> None:
    ran = CliRunner().invoke(cli, ["nothing"])
    assert ran.exit_code == 2
    assert "unknown strategy 'nothing', known: " in ran.stderr
