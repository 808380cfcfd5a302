"""Fixtures for tests that keep something: each test gets its own, empty, migrated database.

Import `database_url` (and what it stands on: `sqlite_template`, `postgres_server`,
`postgres_template`) into a conftest; a test that asks for it runs on SQLite and on PostgreSQL. The
server is expected at 127.0.0.1:5432 and trusts us, or where AUTOTRADER_TEST_POSTGRES says
(`user@host:port`). Without a server those tests are skipped; on CI that is a failure.

A new database costs the server three hundred files. So one that a test has left is emptied and used
again, unless the test changed more than rows, or left many.
"""

import asyncio
import os
import shutil
import uuid
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import asyncpg
import pytest

from app.store.migrate import upgrade
from tests.programs import missing

T = TypeVar("T")

GIVEN = os.environ.get("AUTOTRADER_TEST_POSTGRES")
SERVERS = (GIVEN,) if GIVEN else ("postgres@127.0.0.1:5432", "root@127.0.0.1:5432")

MOST_BYTES = 4_000_000
ALONE = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
SHAPE = """
SELECT md5(string_agg(line, ',' ORDER BY line)) FROM (
    SELECT concat_ws(' ', oid, xmin) AS line FROM pg_class WHERE oid >= 16384
    UNION ALL SELECT concat_ws(' ', attrelid, attnum, xmin) FROM pg_attribute
        WHERE attrelid >= 16384
    UNION ALL SELECT concat_ws(' ', oid, xmin) FROM pg_constraint WHERE oid >= 16384
    UNION ALL SELECT concat_ws(' ', oid, xmin) FROM pg_trigger
    UNION ALL SELECT concat_ws(' ', oid, xmin) FROM pg_proc WHERE oid >= 16384
    UNION ALL SELECT concat_ws(' ', oid, xmin) FROM pg_namespace
    UNION ALL SELECT concat_ws(' ', starelid, xmin) FROM pg_statistic WHERE starelid >= 16384
    UNION ALL SELECT concat_ws(' ', version_num, xmin) FROM alembic_version
    UNION ALL SELECT concat_ws(' ', datallowconn, datconnlimit) FROM pg_database
        WHERE datname = current_database()
    UNION ALL SELECT concat_ws(' ', setrole, setconfig) FROM pg_db_role_setting, pg_database
        WHERE setdatabase = pg_database.oid AND datname = current_database()
) AS lines
"""
"""Any change of the schema writes a row of the catalogue; a copy has its template's rows. What is
not the server's own has numbers from 16384 on.
"""

FILLED = """
SELECT quote_ident(relname) AS name, pg_relation_size(oid) AS bytes,
    format('DELETE FROM %I', relname) AS deletion,
    format('SELECT t::text FROM %I t', relname) AS rows
FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0
"""
FILL = """
SELECT format('INSERT INTO %I SELECT (line::%I).* FROM unnest($1::text[]) line', $1::text, $1::text)
"""


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


class Blank(NamedTuple):
    """A database as a test gets it: what only its rows leave alone, and the rows that it has."""

    shape: str
    rows: dict[str, list[str]]


async def blank(server: str, name: str) -> Blank:
    """Look at a database that was just migrated."""
    connection = await asyncpg.connect(f"postgresql://{server}/{name}", timeout=5)
    try:
        found = await connection.fetch(FILLED)
        rows = {
            table["name"]: [line for (line,) in await connection.fetch(table["rows"])]
            for table in found
        }
        return Blank(await connection.fetchval(SHAPE), rows)
    finally:
        await connection.close()


async def emptied(server: str, name: str, like: Blank) -> bool:
    """Close what a test left open and delete its rows; False when that does not make it as new."""
    try:
        return await _emptied(server, name, like)
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return False


async def _emptied(server: str, name: str, like: Blank) -> bool:
    connection = await asyncpg.connect(f"postgresql://{server}/{name}", timeout=5)
    try:
        await connection.execute(ALONE)
        found = await connection.fetch(FILLED)
        changed = await connection.fetchval(SHAPE) != like.shape
        if changed or sum(row["bytes"] for row in found) > MOST_BYTES:
            return False
        await connection.execute("SET session_replication_role = replica")  # without triggers
        for row in found:
            await connection.execute(row["deletion"])
            await connection.execute(f"VACUUM {row['name']}")
        for table, lines in like.rows.items():
            await connection.execute(await connection.fetchval(FILL, table), lines)
        return True
    finally:
        await connection.close()


class Copies:
    """One migrated database and its copies: those in use, and those that tests have left."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._empty: list[str] = []
        self.template = f"autotrader_{uuid.uuid4().hex[:12]}"
        run(on_server(server, f"CREATE DATABASE {self.template}"))
        upgrade(f"postgresql+asyncpg://{server}/{self.template}")
        self._blank = run(blank(server, self.template))

    def take(self) -> str:
        """Give a database with all tables and no rows."""
        if self._empty:
            return self._empty.pop()
        name = f"{self.template}_{uuid.uuid4().hex[:8]}"
        run(on_server(self._server, f"CREATE DATABASE {name} TEMPLATE {self.template}"))
        return name

    def take_back(self, name: str) -> None:
        """Empty a database for the next test, or drop it."""
        if run(emptied(self._server, name, self._blank)):
            self._empty.append(name)
        else:
            run(on_server(self._server, f"DROP DATABASE {name} WITH (FORCE)"))

    def drop(self) -> None:
        """Drop all of them."""
        names = [*self._empty, self.template]
        run(on_server(self._server, *(f"DROP DATABASE {name} WITH (FORCE)" for name in names)))


COPIES: dict[str, Copies] = {}
"""One per server: everybody who imports the fixtures here has the same."""


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
    if postgres_server in COPIES:
        yield COPIES[postgres_server].template
        return
    copies = COPIES[postgres_server] = Copies(postgres_server)
    yield copies.template
    del COPIES[postgres_server]
    copies.drop()


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
    request.getfixturevalue("postgres_template")
    server = request.getfixturevalue("postgres_server")
    copies = COPIES[server]
    name = copies.take()
    yield f"postgresql+asyncpg://{server}/{name}"
    copies.take_back(name)


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
