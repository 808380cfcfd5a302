"""Bring a database to the schema this version needs, before anything reads or writes it."""

from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from app.store import postgres, sqlite
from app.store.errors import StoreError, StoreUnavailableError
from app.store.location import Location, locate, make_folder

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def configuration(url: str) -> Config:
    """Return what Alembic needs to work on a database, wherever this process was started."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Run what is missing, all of it or nothing; call it in a thread when an event loop runs.

    A SQLite file and its folder are made when they are not there.
    Raises UnsupportedUrlError or StoreError.
    """
    location = locate(url)
    if location.dialect == "sqlite":
        make_folder(location.path)
    try:
        command.upgrade(configuration(url), revision)
    except CommandError as error:
        message = f"{location.shown} is not of this version, perhaps of a newer one: {error}"
        raise StoreUnavailableError(message) from error
    except (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        raise _explained(location, error) from error


def _explained(location: Location, error: Exception) -> StoreError:
    """Say what kept a schema from being upgraded."""
    cause = getattr(error, "orig", None) or error
    means = sqlite.explain if location.dialect == "sqlite" else postgres.explain
    found = means(cause)
    return type(found)(f"{location.shown} cannot be upgraded: {found}")
