"""Bring a database to the schema this version needs, before anything reads or writes it."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from app.store.location import locate, make_folder

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
    Raises UnsupportedUrlError or StoreUnavailableError.
    """
    location = locate(url)
    if location.dialect == "sqlite":
        make_folder(location.path)
    command.upgrade(configuration(url), revision)
