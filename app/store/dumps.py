"""A PostgreSQL database as one file: written, read back and restored by the server's own tools.

`pg_dump` sees one moment, as every transaction of it does. A password is handed over in the
environment, where other users of the machine cannot see it.
"""

import asyncio
import os
import shutil
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

import asyncpg
from sqlalchemy import make_url

from app.store.errors import BrokenCopyError, StoreError, StoreUnavailableError
from app.store.files import make_file
from app.store.location import Location

MAGIC = b"PGDMP"
ADMIN = "postgres"
"""The database that is there on every server, to make and rename others from."""

_FAILURES = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
_LET_GO = "UPDATE engine_lease SET owner = 'nobody', epoch = epoch + 1, expires_at = 0"
_TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
_BATCH = "SELECT batch FROM engine_lease WHERE id = 1"


async def dump(location: Location, target: Path) -> None:
    """Write a database to a file of our user's only and read it back whole.

    Raises StoreError or OSError.
    """
    make_file(target)
    await _run("pg_dump", "--format=custom", f"--file={target}", location=location)
    with target.open("rb") as file:
        os.fsync(file.fileno())
    await check_dump(target)


async def check_dump(path: Path) -> None:
    """Unpack every table of a file. Raises BrokenCopyError."""
    try:
        await _run("pg_restore", f"--file={os.devnull}", str(path))
    except StoreUnavailableError as error:
        message = f"{path} cannot be read whole: {error}"
        raise BrokenCopyError(message) from error


async def load_dump(path: Path, location: Location) -> None:
    """Fill an empty database from a file, all of it or nothing. Raises StoreError."""
    options = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges")
    await _run("pg_restore", *options, str(path), location=location)


async def _run(tool: str, *arguments: str, location: Location | None = None) -> None:
    """Run one of the server's tools. Raises StoreUnavailableError with what it said last."""
    found = shutil.which(tool)
    if found is None:
        message = f"{tool} is not installed; it comes with PostgreSQL's client programs"
        raise StoreUnavailableError(message)
    environment = dict(os.environ)
    if location is not None:
        url = make_url(location.dsn)
        if url.password:
            environment["PGPASSWORD"] = str(url.password)
        shown = url.set(password=None).render_as_string(hide_password=False)
        arguments = (*arguments, f"--dbname={shown}")
    process = await asyncio.create_subprocess_exec(
        found, *arguments, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE, env=environment
    )
    try:
        _, said = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        lines = said.decode(errors="replace").strip().splitlines() or ["no reason given"]
        message = f"{tool}: {lines[0]}"
        raise StoreUnavailableError(message)


def beside(location: Location, database: str) -> Location:
    """Name another database of the same server."""
    url = make_url(location.dsn).set(database=database)
    dsn = url.render_as_string(hide_password=False)
    return Location("postgresql", Path(), dsn, repr(url))


async def execute(location: Location, *statements: str) -> None:
    """Run statements one by one, each in a transaction of its own. Raises StoreError."""
    try:
        connection = await asyncpg.connect(location.dsn, timeout=10)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()
    except _FAILURES as error:
        message = f"{location.shown}: {error}"
        raise StoreUnavailableError(message) from error


async def _value(location: Location, question: str) -> int | None:
    """Ask for one number. Raises StoreError."""
    try:
        connection = await asyncpg.connect(location.dsn, timeout=10)
        try:
            found: int | None = await connection.fetchval(question)
        finally:
            await connection.close()
    except _FAILURES as error:
        message = f"{location.shown}: {error}"
        raise StoreUnavailableError(message) from error
    return found


async def exists(location: Location) -> bool:
    """Tell whether a database is there and lets us in. Raises StoreError when nobody can tell."""
    try:
        await execute(location)
    except StoreError as error:
        if isinstance(error.__cause__, asyncpg.InvalidCatalogNameError):
            return False
        raise
    return True


async def is_empty(location: Location) -> bool:
    """Tell whether a database has no table of ours. Raises StoreError."""
    return not await _value(location, _TABLES)


async def let_go(location: Location) -> int:
    """Take the lease from whoever held it at the cut; answers the last batch of the record."""
    await execute(location, _LET_GO)
    return await _value(location, _BATCH) or 0


async def swap(location: Location, ready: Location, aside: str | None) -> None:
    """Give a database that is ready its name, and the one that has it another, in one transaction.

    Raises StoreError when somebody is connected to either; nothing is renamed then.
    """
    name = _name(location)
    renames = [f"ALTER DATABASE {_name(ready)} RENAME TO {name}"]
    if aside is not None:
        renames.insert(0, f"ALTER DATABASE {name} RENAME TO {_quoted(aside)}")
    await execute(beside(location, ADMIN), "; ".join(renames))


async def create(location: Location) -> None:
    """Make an empty database. Raises StoreError."""
    statement = f"CREATE DATABASE {_name(location)} TEMPLATE template0"
    await execute(beside(location, ADMIN), statement)


async def drop(location: Location) -> None:
    """Remove a database. Raises StoreError."""
    await execute(beside(location, ADMIN), f"DROP DATABASE IF EXISTS {_name(location)}")


def _name(location: Location) -> str:
    return _quoted(make_url(location.dsn).database or "")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
