"""What the engine's tests share: databases of both kinds, and everything that stands on one."""

from collections.abc import AsyncIterator, Mapping

import pytest

from app import strategies
from app.store.database import Database
from app.store.journal import Journal
from app.trading.entry import EntryStrategy
from tests.databases import (
    database_kind,
    database_url,
    postgres_server,
    postgres_template,
    sqlite_template,
)

__all__ = [
    "database_kind",
    "database_url",
    "postgres_server",
    "postgres_template",
    "sqlite_template",
]


@pytest.fixture(scope="session")
def known() -> Mapping[str, type[EntryStrategy]]:
    """Find the strategies that there are."""
    return strategies.load()


@pytest.fixture
async def journal(database_url: str) -> AsyncIterator[Journal]:
    opened = await Journal.open(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def database(database_url: str, journal: Journal) -> AsyncIterator[Database]:
    del journal  # the file is in WAL mode once it has a writer
    opened = await Database.open(database_url)
    yield opened
    await opened.close()
