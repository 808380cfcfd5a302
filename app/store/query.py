"""A question to the database, compiled once per dialect and asked of the bare driver.

A session per request costs seven times the query. So a query is a SQLAlchemy Core statement that is
turned into text, parameter places and converters when it is first asked; after that it is a
dictionary look-up.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, Literal, TypeVar, cast

from sqlalchemy import Column, Dialect, Select, Table, UpdateBase, bindparam, inspect
from sqlalchemy.dialects import registry
from sqlalchemy.sql.selectable import CompoundSelect
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel

from app.store.types import Exact, Flag

R = TypeVar("R", bound=tuple[Any, ...])
Statement = Select[*tuple[Any, ...]] | CompoundSelect[Any] | UpdateBase
DialectName = Literal["sqlite", "postgresql"]
Convert = Callable[[Any], Any]

DIALECTS: dict[DialectName, Dialect] = {
    "sqlite": registry.load("sqlite.pysqlite")(paramstyle="qmark"),
    "postgresql": registry.load("postgresql.asyncpg")(),
}


LIMIT = bindparam("limit", type_=Exact())
"""How many rows a query may give."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement's text for one driver.

    `places` are (name, whether it must be given, else its value, converter) in the driver's order.
    """

    text: str
    places: tuple[tuple[str, bool, Any, Convert | None], ...]
    converters: tuple[tuple[int, Convert], ...]

    def arguments(self, given: dict[str, Any]) -> list[Any]:
        """Put named parameters in the driver's order; those it does not name are left out.

        Raises RowError for a value that does not fit, KeyError for a parameter that is missing.
        """
        values: list[Any] = []
        for name, needed, fixed, convert in self.places:
            value = given[name] if needed else fixed
            values.append(value if convert is None else convert(value))
        return values


def fields_of(kind: type[tuple[Any, ...]]) -> tuple[str, ...]:
    """Return the fields of a NamedTuple class."""
    fields: tuple[str, ...] = vars(kind)["_fields"]
    return fields


def table_of(model: type[SQLModel]) -> Table:
    """Return the table of a model."""
    table = inspect(model).local_table
    if not isinstance(table, Table):
        message = f"{model.__name__} is no table"
        raise TypeError(message)
    return table


def picked(model: type[SQLModel], kind: type[tuple[Any, ...]]) -> list[Column[Any]]:
    """Return those columns of a table that a NamedTuple class has fields for, in its order."""
    columns = table_of(model).c
    return [columns[name] for name in fields_of(kind) if name in columns]


class Query(Generic[R]):
    """A statement and the NamedTuple its rows become; its columns must bear the fields' names."""

    __slots__ = ("_compiled", "make", "parameters", "returns", "statement")

    def __init__(self, statement: Statement, make: type[R] | None = None) -> None:
        self.statement = statement
        self.make = make
        names = tuple(column.name for column in statement.exported_columns)
        self.returns = bool(names)
        fields = names if make is None else fields_of(make)
        if names != fields:
            message = f"the statement gives {names}, the row wants {fields}"
            raise TypeError(message)
        self._compiled: dict[DialectName, Compiled] = {}

    def compiled(self, name: DialectName) -> Compiled:
        """Return the statement for a dialect, compiling it the first time."""
        found = self._compiled.get(name)
        if found is None:
            found = self._compiled[name] = _compile(self.statement, name)
        return found

    def typed(self, rows: Sequence[Iterable[Any]], name: DialectName) -> list[R]:
        """Turn the driver's rows into this query's."""
        converters = self.compiled(name).converters
        if converters:
            rows = [_converted(row, converters) for row in rows]
        if self.make is None:
            return cast("list[R]", list(map(tuple, rows)) if name == "postgresql" else list(rows))
        # As `_make` does, without its frame of Python and its check: the statement has the fields.
        return list(map(partial(tuple.__new__, self.make), rows))


def _converted(row: Iterable[Any], converters: tuple[tuple[int, Convert], ...]) -> list[Any]:
    values = list(row)
    for index, convert in converters:
        values[index] = convert(values[index])
    return values


def _compile(statement: Statement, dialect_name: DialectName) -> Compiled:
    dialect = DIALECTS[dialect_name]
    compiled = statement.compile(dialect=dialect)
    fixed = compiled.params
    places = tuple(
        (name, bind.required, fixed[name], _bound(bind.type, dialect))
        for name, bind in ((name, compiled.binds[name]) for name in compiled.positiontup or ())
    )
    shown = [_shown(column.type, dialect) for column in statement.exported_columns]
    converters = tuple((index, convert) for index, convert in enumerate(shown) if convert)
    return Compiled(str(compiled), places, converters)


def _bound(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _shown(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    # The drivers give all other types as they are wanted.
    if not isinstance(kind, Flag):
        return None
    return kind.dialect_impl(dialect).result_processor(dialect, None)
