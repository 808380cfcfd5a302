"""Which database server or library keeps the record, and what is known against it."""

from time import perf_counter
from typing import NamedTuple

from sqlalchemy import String, func, literal, select

from app.store.database import Database
from app.store.query import DialectName, Query
from app.store.types import Exact

TITLES: dict[DialectName, str] = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
LOG_MENDED = (3, 51, 3)
LOG_FAULT = (
    "SQLite {} has a fault in its write-ahead log that two connections writing at once can meet; "
    "3.51.3 mends it. The platform writes through one connection, so it does not meet it: keep "
    "other programs from writing to the file, and update when you can."
)

_ONE: Query[tuple[int]] = Query(select(literal(1, Exact()).label("one")))
_VERSIONS: dict[DialectName, Query[tuple[str]]] = {
    "sqlite": Query(select(func.sqlite_version(type_=String()).label("version"))),
    "postgresql": Query(
        select(func.current_setting("server_version", type_=String()).label("version"))
    ),
}


class Reached(NamedTuple):
    """A database that answered: its version, and how long a question and its answer took."""

    version: str
    seconds: float


async def reach(database: Database) -> Reached:
    """Ask the database something. Raises what the store raises."""
    (version,) = (await database.rows(_VERSIONS[database.dialect]))[0]
    began = perf_counter()
    await database.rows(_ONE)
    return Reached(version.split()[0], perf_counter() - began)


def known_fault(dialect: DialectName, version: str) -> str | None:
    """Say what speaks against a version; None for nothing."""
    if dialect != "sqlite" or _numbers(version) >= LOG_MENDED:
        return None
    return LOG_FAULT.format(version)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
