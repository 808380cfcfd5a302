"""Which database a URL names."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from app.store.errors import StoreUnavailableError, UnsupportedUrlError
from app.store.files import make_folders

SQLITE = "sqlite+aiosqlite"
POSTGRES = "postgresql+asyncpg"


@dataclass(frozen=True, slots=True)
class Location:
    """A database: a file, or a server's address without the driver's name."""

    dialect: Literal["sqlite", "postgresql"]
    path: Path
    dsn: str
    shown: str
    """The URL without its password."""


def locate(url: str) -> Location:
    """Read a database URL.

    Raises UnsupportedUrlError when it names neither a SQLite file nor a PostgreSQL server.
    """
    supported = f"use {SQLITE}:///path/to/file.db or {POSTGRES}://user@host:port/database"
    try:
        parsed = make_url(url)
    except ArgumentError:
        message = f"the database URL cannot be read; {supported}"
        raise UnsupportedUrlError(message) from None
    if parsed.drivername == POSTGRES:
        return Location("postgresql", Path(), _plain(parsed), repr(parsed))
    if parsed.drivername != SQLITE:
        message = f"no database is spoken to as {parsed.drivername!r}; {supported}"
        raise UnsupportedUrlError(message)
    if parsed.database in {None, "", ":memory:"} or parsed.query:
        message = f"{parsed!r} names no file that outlives the process; {supported}"
        raise UnsupportedUrlError(message)
    return Location("sqlite", Path(str(parsed.database)), "", repr(parsed))


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def make_folder(path: Path) -> None:
    """Make the folder of a database file, for our user only.

    Raises StoreUnavailableError when that is not possible.
    """
    try:
        make_folders(path.parent)
    except OSError as error:
        message = f"the folder of {path} cannot be made: {error.strerror}"
        raise StoreUnavailableError(message) from error
