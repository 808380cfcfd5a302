"""How much room the record takes."""

from contextlib import suppress

from sqlalchemy import func, select

from app.store.database import Database
from app.store.errors import StoreError
from app.store.location import locate
from app.store.patience import patient
from app.store.query import Query
from app.store.types import Exact

SECONDS = 1.0


_OF_SERVER: Query[tuple[int]] = Query(
    select(func.pg_database_size(func.current_database(), type_=Exact()).label("bytes"))
)


async def size_of(database: Database, url: str) -> int | None:
    """Return the bytes of a database, its log included; None when it cannot be said soon."""
    location = locate(url)
    if location.dialect == "sqlite":
        return sum(
            file.stat().st_size
            for name in (location.path.name, f"{location.path.name}-wal")
            if (file := location.path.with_name(name)).exists()
        )
    with suppress(StoreError), patient(SECONDS):
        return (await database.rows(_OF_SERVER))[0][0]
    return None
