"""How a column of the schema is written: one word per kind, nullable where annotated."""

from typing import Any

from sqlalchemy import Index, LargeBinary, MetaData, Text
from sqlmodel import Field, SQLModel

from app.store.types import Exact, Flag, Real

STRICT = {"sqlite_strict": True}
"""Table options: SQLite refuses a value of another type instead of keeping it as it came."""

CLUSTERED = {"sqlite_strict": True, "sqlite_with_rowid": False}
"""The same for tables read along their composite key only: rows live in the key's own tree."""

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Kept(SQLModel):
    """The base of every table; one convention names constraints, so that migrations can."""

    metadata = MetaData(naming_convention=CONVENTION)


def key(parent: str | None = None, *, text: bool = False) -> Any:
    """Write a column of the primary key: an integer given by the writer, never by the database."""
    kind = Text if text else Exact
    options: dict[str, Any] = {"sa_column_kwargs": {"autoincrement": False}}
    if parent is not None:
        options["foreign_key"] = parent
    return Field(sa_type=kind, primary_key=True, **options)


def refers(parent: str) -> Any:
    """Write a reference to another table's key."""
    return Field(sa_type=Exact, foreign_key=parent)


def exact() -> Any:
    """Write an exact integer: lamports, base units, counts, Unix milliseconds."""
    return Field(sa_type=Exact)


def real() -> Any:
    """Write a float64: prices, ratios, percentages."""
    return Field(sa_type=Real)


def flag() -> Any:
    """Write true or false."""
    return Field(sa_type=Flag)


def words(*, unique: bool = False) -> Any:
    """Write a text."""
    return Field(sa_type=Text, unique=unique)


def blob() -> Any:
    """Write bytes."""
    return Field(sa_type=LargeBinary)


def index(*columns: str, **options: Any) -> Index:
    """Write an index, named by the convention."""
    return Index(None, *columns, **options)
