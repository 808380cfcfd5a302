"""What every entry strategy promises, whoever adds it: asked of all that the registry finds."""

import ast
import inspect
import math
import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import strategies
from app.strategies import load
from app.trading.entry import EntryStrategy, Verdict, find_name, resolve
from tests.candles import walk

FOUND = load()
LONGEST = 1_000
VARIANTS = [
    pytest.param(resolve(FOUND, name, template), id=f"{name}-{template or 'default'}")
    for name, kind in FOUND.items()
    for template in (None, *kind.templates)
]

every_strategy = pytest.mark.parametrize("name", FOUND)
every_variant = pytest.mark.parametrize("strategy", VARIANTS)
histories = st.builds(
    walk, st.integers(0, 2**32), st.integers(0, 160), grid=st.sampled_from([0, 0, 3])
)


def told(strategy: EntryStrategy, candles: pl.DataFrame, row: int) -> Verdict:
    return strategy.confirm(candles.head(row + 1))


def hexes(numbers: dict[str, float | None]) -> dict[str, str | None]:
    return {name: None if value is None else value.hex() for name, value in numbers.items()}


def test_every_file_is_a_strategy() -> None:
    folder = Path(inspect.getfile(strategies)).parent
    files = {path.stem for path in folder.glob("*.py") if not path.stem.startswith("_")}
    assert set(FOUND) == files
    assert {"sma_crossover", "breakout"} <= files


@every_strategy
def test_it_is_described(name: str) -> None:
    kind = FOUND[name]
    assert kind.__doc__
    assert kind.__doc__ != EntryStrategy.__doc__
    assert kind.summary.endswith(".")
    assert kind.__doc__.strip().endswith(".")


@every_strategy
def test_its_parameters_draw_a_form(name: str) -> None:
    schema = FOUND[name].model_json_schema()
    assert schema["additionalProperties"] is False
    assert "required" not in schema, "a form starts from defaults"
    assert schema["properties"].keys() == FOUND[name].model_fields.keys()
    for field, drawn in schema["properties"].items():
        assert drawn.get("description"), f"{field} has no description"
        if drawn["type"] in {"integer", "number"}:
            assert {"minimum", "exclusiveMinimum"} & drawn.keys(), f"{field} has no lower bound"
            assert {"maximum", "exclusiveMaximum"} & drawn.keys(), f"{field} has no upper bound"


@every_strategy
def test_its_names_are_its_own(name: str) -> None:
    kind = FOUND[name]
    others = {one for other, known in FOUND.items() if other != name for one in known.aliases}
    assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
    assert not {name, *kind.aliases} & others
    assert all(find_name(FOUND, alias) == name for alias in kind.aliases)
    assert set(kind.spellings.values()) <= kind.model_fields.keys()
    assert not kind.spellings.keys() & kind.model_fields.keys()


@every_strategy
def test_its_templates_are_valid_and_differ(name: str) -> None:
    kind = FOUND[name]
    made = [resolve(FOUND, name, template) for template in kind.templates]
    assert len({*made, kind()}) == len(made) + 1
    assert all(values.keys() <= kind.model_fields.keys() for values in kind.templates.values())


@every_strategy
def test_it_knows_no_clock_and_no_network(name: str) -> None:
    tree = ast.parse(Path(inspect.getfile(FOUND[name])).read_text(encoding="utf-8"))
    imported = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    roots = {module.split(".")[0] for module in imported}
    assert roots <= {"app", "collections", "math", "numpy", "polars", "pydantic", "typing"}
    assert all(one.startswith("app.trading.") for one in imported if one.split(".")[0] == "app")


@every_variant
def test_it_reads_a_bounded_window(strategy: EntryStrategy) -> None:
    assert 1 <= strategy.lookback <= LONGEST
    short = walk(3, strategy.lookback - 1)
    assert not strategy.evaluate(short).confirmed.any()
    verdict = strategy.confirm(short)
    assert verdict == Verdict(
        confirmed=False, numbers={}, reason=f"needs {strategy.lookback} candles, has {short.height}"
    )


@every_variant
@given(candles=histories)
def test_live_and_backtest_give_the_same_bits(
    strategy: EntryStrategy, candles: pl.DataFrame
) -> None:
    evaluated = strategy.evaluate(candles)
    confirmed = evaluated.confirmed
    assert len(confirmed) == candles.height
    for row in range(strategy.lookback - 1, candles.height):
        verdict = told(strategy, candles, row)
        assert verdict.confirmed == confirmed[row]
        numbers = {name: float(values[row]) for name, values in evaluated.numbers.items()}
        assert hexes(verdict.numbers) == {name: value.hex() for name, value in numbers.items()}


@every_variant
@given(candles=histories, cut=st.integers(0, 80))
def test_where_history_starts_changes_nothing(
    strategy: EntryStrategy, candles: pl.DataFrame, cut: int
) -> None:
    settled = strategy.lookback - 1
    whole, part = strategy.evaluate(candles), strategy.evaluate(candles.slice(cut))
    assert (part.confirmed[settled:] == whole.confirmed[cut:][settled:]).all()
    assert not part.confirmed[:settled].any()
    for name, values in part.numbers.items():
        assert values[settled:].tobytes() == whole.numbers[name][cut:][settled:].tobytes()


@every_variant
@given(candles=histories, later=histories, cut=st.integers(0, 160))
def test_the_future_changes_nothing(
    strategy: EntryStrategy, candles: pl.DataFrame, later: pl.DataFrame, cut: int
) -> None:
    past = candles.head(cut)
    other = strategy.evaluate(pl.concat([past, later]))
    then = strategy.evaluate(past)
    assert (other.confirmed[: past.height] == then.confirmed).all()
    for name, values in then.numbers.items():
        assert values.tobytes() == other.numbers[name][: past.height].tobytes()


@every_variant
@given(candles=histories)
def test_it_is_deterministic_and_leaves_candles_alone(
    strategy: EntryStrategy, candles: pl.DataFrame
) -> None:
    copy = candles.clone()
    first, again = strategy.confirm(candles), type(strategy)(**strategy.model_dump()).confirm(copy)
    assert first == again
    assert candles.equals(copy)


@every_variant
def test_its_numbers_are_known_once_it_answers(strategy: EntryStrategy) -> None:
    evaluated = strategy.evaluate(walk(5, 300))
    assert evaluated.numbers
    for values in evaluated.numbers.values():
        assert values.dtype == np.float64
        assert np.isfinite(values[strategy.lookback - 1 :]).all()
    assert all(holds.dtype == np.bool_ for holds in evaluated.conditions.values())


@every_variant
def test_its_lines_are_prices_among_its_numbers(strategy: EntryStrategy) -> None:
    candles = walk(5, 300)
    numbers = strategy.evaluate(candles).numbers
    titles = list(strategy.lines.values())
    assert strategy.lines.keys() <= numbers.keys()
    assert all(titles)
    assert len(set(titles)) == len(titles)
    low, high = candles["low"].to_numpy().min(), candles["high"].to_numpy().max()
    for name in strategy.lines:
        known = numbers[name][strategy.lookback - 1 :]
        assert ((known >= low) & (known <= high)).all(), f"{name} is off the chart"


@every_variant
def test_a_hole_in_the_candles_confirms_nothing_near_it(strategy: EntryStrategy) -> None:
    candles = walk(6, 1_500)
    prices = [pl.col(name) for name in ("open", "high", "low", "close", "volume")]
    row = pl.int_range(pl.len())
    holed = candles.with_columns(pl.when(row != 700).then(price) for price in prices)
    evaluated, whole = strategy.evaluate(holed), strategy.evaluate(candles)
    after = 700 + strategy.lookback
    assert not evaluated.confirmed[700]
    assert (evaluated.confirmed[after:] == whole.confirmed[after:]).all()
    assert not math.isnan(evaluated.numbers[next(iter(evaluated.numbers))][after])


@every_variant
def test_it_confirms_sometimes(strategy: EntryStrategy) -> None:
    confirmed = strategy.evaluate(walk(8, 20_000)).confirmed
    assert 0 < confirmed.sum() < 10_000
