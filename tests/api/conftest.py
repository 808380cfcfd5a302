"""One platform for each module of these tests."""

from collections.abc import AsyncIterator

import pytest

from tests.api.stage import Person, Stage, running
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


@pytest.fixture(scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with running(tmp_path_factory.mktemp("record")) as started:
        yield started


@pytest.fixture
async def person(stage: Stage) -> Person:
    return await stage.register()
