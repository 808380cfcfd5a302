"""Every figure is defined once, and a figure that does not exist says why."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.trading.definitions import MISSING, missing
from app.trading.glossary import EVERY
from app.trading.returns import Marks
from app.trading.statistics import Statistics, TradeStatistics, group, summarise
from tests.histories import NO_MARKS, NOTHING, by_day, lost_and_won


def test_every_figure_is_defined_once() -> None:
    names = [(one.topic, one.name) for one in EVERY]
    assert len(names) == len(set(names))
    assert set(Statistics.__struct_fields__) <= {one.name for one in EVERY}
    assert all(one.title and one.text.endswith(".") for one in EVERY)


def test_every_figure_that_may_be_none_has_reasons() -> None:
    optional = {
        field.name
        for field in msgspec.structs.fields(Statistics)
        if type(None) in getattr(field.type, "__args__", ())
    }
    assert optional <= MISSING.keys()


@given(
    st.lists(st.integers(-3, 3), max_size=5),
    st.lists(st.integers(1, 4), max_size=5).map(lambda values: by_day(*values)),
)
def test_exactly_what_is_none_has_a_reason(pnl: list[int], marks: Marks) -> None:
    figures = summarise(lost_and_won(*pnl), marks)
    nothing = {name for name in figures.__struct_fields__ if getattr(figures, name) is None}
    assert missing(figures).keys() == nothing
    for one in group(lost_and_won(*pnl), "weekday"):
        nothing = {name for name in TradeStatistics.__struct_fields__ if getattr(one, name) is None}
        assert missing(one).keys() == nothing


@pytest.mark.parametrize(
    ("pnl", "values", "name", "words"),
    [
        ((), (), "profit_factor", "no finished trade yet"),
        ((5, 7), (), "profit_factor", "no losing trade yet"),
        ((5,), (), "sqn", "two finished trades are needed"),
        ((5, 5), (), "sqn", "every trade came to the same"),
        ((-5,), (), "average_win_lamports", "no winning trade yet"),
        ((), (100,), "sharpe", "two days of history are needed"),
        ((), (100, 110, 121), "sharpe", "all days returned the same"),
        ((), (100, 110, 120), "sortino", "no losing day yet"),
        ((), (100, 110, 120), "calmar", "the value never fell at a day's end"),
        ((), (1, 1000), "cagr", "growth is too large to be written as a yearly rate"),
        ((), (100, 90), "drawdown_recovery", "the peak is not reached again yet"),
        ((), (100, 100), "drawdown_recovery", "the value never fell at a day's end"),
        ((), (), "total_return", "no value of the wallet is recorded yet"),
    ],
)
def test_reasons(pnl: tuple[int, ...], values: tuple[int, ...], name: str, words: str) -> None:
    marks = by_day(*values) if values else NO_MARKS
    assert missing(summarise(lost_and_won(*pnl), marks))[name] == words


def test_nothing_has_reasons_for_everything() -> None:
    assert len(missing(summarise(NOTHING, NO_MARKS))) == len(MISSING) - 1  # `excursions` is 0
