"""A text inside a column of JSON, on both databases."""

from typing import Any

from sqlalchemy import ColumnElement, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class json_text(FunctionElement[str]):  # noqa: N801  # reads as SQL
    """What a field of a JSON object holds, as text; null where it has no such field."""

    inherit_cache = False
    name = "json_text"
    type = Text()

    def __init__(self, column: ColumnElement[str], field: str) -> None:
        super().__init__(column, field)


@compiles(json_text, "sqlite")
def _sqlite(element: json_text, compiler: SQLCompiler, **kwargs: Any) -> str:
    column, field = element.clauses
    return f"json_extract({compiler.process(column, **kwargs)}, '$.{_name(field)}')"


@compiles(json_text, "postgresql")
def _postgres(element: json_text, compiler: SQLCompiler, **kwargs: Any) -> str:
    column, field = element.clauses
    return f"(CAST({compiler.process(column, **kwargs)} AS JSON) ->> '{_name(field)}')"


def _name(field: Any) -> str:
    """Return the field's name; only names of our own code are written into a statement."""
    name = str(field.value)
    if not name.isidentifier():
        message = f"{name!r} is no field"
        raise ValueError(message)
    return name


def pattern(text: str) -> str:
    """Write a LIKE pattern for what contains a text, as it is; `ESCAPE` is the backslash."""
    for sign in ("\\", "%", "_"):
        text = text.replace(sign, "\\" + sign)
    return f"%{text}%"
