"""The same figures from another library, where its definitions are ours.

Its Sortino is ours too: downside deviation over all days, against a required return of 0. It starts
a drawdown at 100 before the first return, as we do. A figure without a value is NaN there.
"""

import math
import warnings
from itertools import pairwise
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.trading.returns import YEAR_DAYS
from app.trading.statistics import summarise
from tests.histories import NOTHING, VECTOR, by_day

NAMES = {
    "max_drawdown": "max_drawdown",
    "sharpe": "sharpe_ratio",
    "sortino": "sortino_ratio",
    "cagr": "annual_return",
    "calmar": "calmar_ratio",
}


@pytest.fixture(scope="module")
def peer() -> ModuleType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found: ModuleType = pytest.importorskip(
            "empyrical", reason="empyrical-reloaded is not installed"
        )
        return found


def asked(peer: ModuleType, name: str, values: list[int]) -> float:
    returns = np.array([now / before - 1 for before, now in pairwise(values)])
    given_days = {} if name == "max_drawdown" else {"annualization": YEAR_DAYS}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answer = float(getattr(peer, NAMES[name])(returns, **given_days))
    return -answer if name == "max_drawdown" else answer


@pytest.mark.parametrize("name", NAMES)
def test_the_vector_agrees(peer: ModuleType, name: str) -> None:
    values = np.cumsum([1000, *(VECTOR.get(day, 0) for day in range(1, 21))]).tolist()
    ours = getattr(summarise(NOTHING, by_day(*values)), name)
    assert ours == pytest.approx(asked(peer, name, values), rel=1e-9)


@given(st.lists(st.integers(10**6, 10**7), min_size=4, max_size=60))
def test_any_history_agrees(peer: ModuleType, values: list[int]) -> None:
    figures = summarise(NOTHING, by_day(*values))
    for name in NAMES:
        ours, theirs = getattr(figures, name), asked(peer, name, values)
        if ours is None:
            assert not math.isfinite(theirs), name
        else:
            assert ours == pytest.approx(theirs, rel=1e-6, abs=1e-9), name
