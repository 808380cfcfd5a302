"""The crossover is the rule as written, read a second time in plain Python."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.strategies import load
from app.strategies.sma_crossover import SmaCrossover
from app.trading.entry import Parameter, resolve
from tests.candles import closes, flat, walk

QUICK = SmaCrossover(fast=2, slow=3)


def reading(candles: pl.DataFrame, fast: int, slow: int, least: float) -> list[bool]:
    """Read the rule literally: sums from the oldest close of each window on."""
    close, volume = candles["close"].to_list(), candles["volume"].to_list()

    def mean(t: int, n: int) -> float:
        total = close[t - n + 1]
        for value in close[t - n + 2 : t + 1]:
            total += value
        return float(total / n)

    def above(t: int) -> bool:
        return mean(t, fast) > mean(t, slow) * (1 + 1e-12)

    return [
        t >= slow and above(t) and not above(t - 1) and (least == 0 or volume[t] >= least)
        for t in range(candles.height)
    ]


@given(
    seed=st.integers(0, 2**32),
    rows=st.integers(0, 80),
    grid=st.sampled_from([0, 2, 5]),
    windows=st.tuples(st.integers(1, 12), st.integers(1, 12)).filter(
        lambda pair: pair[0] < pair[1]
    ),
    least=st.sampled_from([0.0, 1e6]),
)
def test_it_is_the_rule_as_written(
    seed: int, rows: int, grid: int, windows: tuple[int, int], least: float
) -> None:
    candles = walk(seed, rows, grid=grid)
    strategy = SmaCrossover(fast=windows[0], slow=windows[1], min_volume=least)
    confirmed = strategy.evaluate(candles).confirmed
    assert confirmed.tolist() == reading(candles, *windows, least)


def test_it_is_the_rule_as_written_with_its_defaults() -> None:
    candles = walk(1, 5_000)
    confirmed = SmaCrossover().evaluate(candles).confirmed
    assert confirmed.sum() > 50
    assert confirmed.tolist() == reading(candles, 10, 30, 0)


def test_a_crossing_confirms_once() -> None:
    candles = closes(5, 4, 3, 3, 4, 5, 6, 7)
    assert QUICK.evaluate(candles).confirmed.tolist() == [False] * 4 + [True] + [False] * 3
    verdict = QUICK.confirm(candles.head(5))
    assert verdict.confirmed
    assert verdict.reason == "met: fast > slow, fast <= slow a candle before"
    assert verdict.numbers == pytest.approx(
        {"fast": 3.5, "slow": 10 / 3, "fast_before": 3, "slow_before": 10 / 3, "volume": 1}
    )


def test_the_first_average_is_not_a_crossing() -> None:
    assert QUICK.confirm(closes(1, 2, 3)).reason == "needs 4 candles, has 3"
    assert not QUICK.evaluate(closes(1, 2, 3, 4, 5)).confirmed.any()


@given(st.floats(1e-12, 1e6), st.integers(1, 40), st.integers(1, 40))
def test_a_constant_price_never_crosses(price: float, fast: int, more: int) -> None:
    strategy = SmaCrossover(fast=fast, slow=fast + more)
    assert not strategy.evaluate(flat(price, 100)).confirmed.any()


@pytest.mark.parametrize(("least", "confirmed"), [(0, True), (7, True), (7.1, False)])
def test_a_thin_candle_does_not_confirm(least: float, confirmed: bool) -> None:
    candles = closes(5, 4, 3, 3, 4).with_columns(volume=pl.lit(7.0))
    strategy = SmaCrossover(fast=2, slow=3, min_volume=least)
    verdict = strategy.confirm(candles)
    assert verdict.confirmed is confirmed
    if not confirmed:
        assert verdict.reason == "not met: volume >= 7.1"


@pytest.mark.parametrize(
    ("template", "custom", "expected"),
    [
        (None, {}, (10, 30, 0)),
        ("conservative", {}, (20, 50, 1_000_000)),
        ("aggressive", {}, (10, 21, 500_000)),
        ("aggressive", {"fast_ma": 5, "slow_ma": 9}, (5, 9, 500_000)),
        ("aggressive", {"fast": 5, "min_volume": 0}, (5, 21, 0)),
    ],
)
@pytest.mark.parametrize("name", ["sma_crossover", "ma_crossover"])
def test_templates_and_the_names_of_old(
    name: str, template: str | None, custom: dict[str, Parameter], expected: tuple[float, ...]
) -> None:
    made = resolve(load(), name, template, custom)
    assert isinstance(made, SmaCrossover)
    assert made.lookback == expected[1] + 1
    assert (made.fast, made.slow, made.min_volume) == expected


@pytest.mark.parametrize(
    "values", [{"fast": 30}, {"fast": 5, "slow": 5}, {"fast": 0}, {"slow": 501}, {"min_volume": -1}]
)
def test_windows_must_make_sense(values: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        SmaCrossover.model_validate(values)


def test_its_lines_are_the_two_averages() -> None:
    values = QUICK.evaluate(closes(1, 2, 3, 4)).numbers
    assert QUICK.lines == {"fast": "SMA 2", "slow": "SMA 3"}
    assert [float(values[name][-1]) for name in QUICK.lines] == [3.5, 3.0]
