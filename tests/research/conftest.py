"""Tests of the past that ask the record run on both databases."""

from collections.abc import AsyncIterator

import pytest

from app.store.database import Database
from app.store.journal import Journal
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
