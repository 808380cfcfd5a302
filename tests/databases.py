"""Fixtures for tests that keep something: each test gets its own, empty, migrated database.

Import `database_url` (and what it stands on: `sqlite_template`, `postgres_server`,
`postgres_template`) into a conftest; a test that asks for it runs on SQLite and on PostgreSQL. The
server is expected at 127.0.0.1:5432 and trusts us, or where AUTOTRADER_TEST_POSTGRES says
(`user@host:port`). Without a server those tests are skipped; on CI that is a failure.
"""

import asyncio
import os
import shutil
import uuid
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import pytest

from app.store.migrate import upgrade
from tests.programs import missing

T = TypeVar("T")

GIVEN = os.environ.get("AUTOTRADER_TEST_POSTGRES")
SERVERS = (GIVEN,) if GIVEN else ("postgres@127.0.0.1:5432", "root@127.0.0.1:5432")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run asynchronous work to its end in a thread, whatever loop this one has."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def on_server(server: str, *statements: str) -> None:
    """Run statements that manage databases."""
    connection = await asyncpg.connect(f"postgresql://{server}/postgres", timeout=5)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate one file that others are copies of."""
    path = tmp_path_factory.mktemp("store") / "template.db"
    upgrade(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """Find the server, as `user@host:port`."""
    reasons = []
    for server in SERVERS:
        try:
            run(on_server(server, "SELECT 1"))
        except (OSError, TimeoutError, asyncpg.PostgresError) as error:
            reasons.append(f"{server}: {error}")
        else:
            return server
    reason = f"no PostgreSQL server to test with ({'; '.join(reasons)})"
    return missing(reason)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """Migrate one database that others are copies of."""
    name = f"autotrader_{uuid.uuid4().hex[:12]}"
    run(on_server(postgres_server, f"CREATE DATABASE {name}"))
    upgrade(f"postgresql+asyncpg://{postgres_server}/{name}")
    yield name
    run(on_server(postgres_server, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(params=["sqlite", "postgres"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Name the database a test runs on; parametrise it to pick one."""
    return str(request.param)


@pytest.fixture
def database_url(
    database_kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[str]:
    """Give a database with all tables and no rows."""
    if database_kind == "sqlite":
        path = tmp_path / "test.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite+aiosqlite:///{path}"
        return
    template = request.getfixturevalue("postgres_template")
    server = request.getfixturevalue("postgres_server")
    name = f"{template}_{uuid.uuid4().hex[:8]}"
    run(on_server(server, f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield f"postgresql+asyncpg://{server}/{name}"
    run(on_server(server, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def unmigrated_url(
    database_kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[str]:
    """Give a database without anything in it; on SQLite not even its folder is there."""
    if database_kind == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'new' / 'folder' / 'test.db'}"
        return
    server = request.getfixturevalue("postgres_server")
    name = f"autotrader_{uuid.uuid4().hex[:12]}"
    run(on_server(server, f"CREATE DATABASE {name}"))
    yield f"postgresql+asyncpg://{server}/{name}"
    run(on_server(server, f"DROP DATABASE {name} WITH (FORCE)"))
