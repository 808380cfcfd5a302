"""Column types that keep what they are given, or refuse it.

Exact    lamports, base units, ids, Unix milliseconds: 64-bit integers, never floats
Real     prices and ratios: float64 on both databases
Flag     true or false

SQLite's tables are STRICT, which knows INTEGER, REAL, TEXT and BLOB only.
"""

import math
from typing import Any

from sqlalchemy import BigInteger, Boolean, Dialect, Double
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.store.errors import RowError

SMALLEST = -(2**63)
LARGEST = 2**63 - 1


def check_exact(value: object) -> int:
    """Return an integer that fits 64 bits.

    Raises RowError for anything else: a float has lost what it cannot show, a bool is no amount.
    """
    if type(value) is not int:
        message = f"an exact column takes an int, not {type(value).__name__} {value!r}"
        raise RowError(message)
    if not SMALLEST <= value <= LARGEST:
        message = f"an exact column holds 64 bits, {value} does not fit"
        raise RowError(message)
    return value


class Exact(TypeDecorator[int]):
    """A 64-bit integer: BIGINT on PostgreSQL, INTEGER on SQLite."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Name the type as the database does."""
        return sqlite.INTEGER() if dialect.name == "sqlite" else BigInteger()

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        """Refuse floats, bools and what does not fit."""
        del dialect
        return None if value is None else check_exact(value)


class Real(TypeDecorator[float]):
    """A float64: DOUBLE PRECISION on PostgreSQL, REAL on SQLite; NaN is refused."""

    impl = Double
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Name the type as the database does."""
        return sqlite.REAL() if dialect.name == "sqlite" else Double()

    def process_bind_param(self, value: Any, dialect: Dialect) -> float | None:
        """Refuse what is not a number."""
        del dialect
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
            message = f"a real column takes a number, not {value!r}"
            raise RowError(message)
        return float(value)


class Flag(TypeDecorator[bool]):
    """True or false: BOOLEAN on PostgreSQL, INTEGER 0 or 1 on SQLite."""

    impl = Boolean
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Name the type as the database does."""
        return sqlite.INTEGER() if dialect.name == "sqlite" else Boolean()

    def process_result_value(self, value: Any, dialect: Dialect) -> bool | None:
        """Turn SQLite's integer back."""
        del dialect
        return None if value is None else bool(value)


class now_ms(FunctionElement[int]):  # noqa: N801  # reads as SQL
    """The database's own clock in Unix milliseconds."""

    inherit_cache = True
    name = "now_ms"
    type = BigInteger()


@compiles(now_ms, "sqlite")
def _now_sqlite(element: now_ms, compiler: SQLCompiler, **kwargs: Any) -> str:
    del element, compiler, kwargs
    return "CAST((julianday('now') - 2440587.5) * 86400000.0 AS INTEGER)"


@compiles(now_ms, "postgresql")
def _now_postgres(element: now_ms, compiler: SQLCompiler, **kwargs: Any) -> str:
    del element, compiler, kwargs
    return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"
