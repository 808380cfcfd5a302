"""Columns hold what they are given exactly, or refuse it."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import bindparam, select

from app.store.database import Database
from app.store.errors import RowError
from app.store.query import DIALECTS, Query, table_of
from app.store.tables import Tick
from app.store.types import LARGEST, SMALLEST, Exact, Real, check_exact

SQLITE = DIALECTS["sqlite"]


@given(st.integers(SMALLEST, LARGEST))
def test_what_fits_64_bits_is_exact(number: int) -> None:
    assert check_exact(number) == number


@pytest.mark.parametrize("value", [1.0, True, "1", None, 2**63, -(2**63) - 1, math.nan])
def test_anything_else_is_no_amount(value: Any) -> None:
    with pytest.raises(RowError):
        check_exact(value)


@pytest.mark.parametrize("value", [math.nan, True, "1", b"1"])
def test_a_price_is_a_number(value: Any) -> None:
    with pytest.raises(RowError):
        Real().process_bind_param(value, SQLITE)


def test_nothing_stays_nothing() -> None:
    assert Real().process_bind_param(None, SQLITE) is None
    assert Exact().process_bind_param(None, SQLITE) is None


async def test_parameters_are_checked_before_they_are_sent(database: Database) -> None:
    column = table_of(Tick).c.seq
    ticks: Query[tuple[int]] = Query(select(column).where(column == bindparam("seq")))
    for wrong in (1.5, 2**63, True, "1"):
        with pytest.raises(RowError):
            await database.rows(ticks, seq=wrong)
    with pytest.raises(KeyError):
        await database.rows(ticks)
