"""A database that is locked, full, gone or restarted: people are told, nothing is lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.store.location import locate
from app.store.sqlite import SqliteWriter
from tests.api.stage import Stage, running, until
from tests.databases import on_server
from tests.faults.outage import Outage, Told
from tests.faults.services import Cluster, locked, own_postgres, said_on

LINES_A_MINUTE = 60
"""What a minute without the database may log: a first line of each kind, and summaries."""


def tell(name: str, told: Told) -> None:
    """Say what was measured (`pytest -s` shows it), and bound the log."""
    print(f"{name}: {told}")  # noqa: T201  # for whoever measures
    minutes = 1 + (told.away + told.resumed) / 60
    assert len(told.lines) <= LINES_A_MINUTE * minutes, told.lines


@pytest.mark.parametrize(
    "seconds",
    [7.0, pytest.param(45.0, marks=[pytest.mark.slow, pytest.mark.timeout(300)])],
)
async def test_another_process_locks_the_file(tmp_path: Path, seconds: float) -> None:
    async with running(tmp_path) as stage:
        file = locate(stage.app.state.settings.database_url).path
        told = await Outage(stage).survives(locked(file), seconds)
    tell("locked", told)
    assert "failing" in told.states
    assert told.statuses[503] > 0


@asynccontextmanager
async def full(stage: Stage) -> AsyncIterator[None]:
    """Leave the writer no page to grow by, and wait until the last one that it has is full."""
    writer = stage.app.state.journal._writer
    assert isinstance(writer, SqliteWriter)
    connection = writer._connection
    assert connection is not None
    connection.execute("PRAGMA max_page_count=1")  # SQLite takes it as: not beyond its size now
    await until(lambda: "StoreFullError" in (stage.live.last_failure or ""), 60)
    yield
    connection.execute("PRAGMA max_page_count=1000000000")


@pytest.mark.parametrize(
    "seconds",
    [4.0, pytest.param(60.0, marks=[pytest.mark.slow, pytest.mark.timeout(300)])],
)
async def test_the_disk_is_full(tmp_path: Path, seconds: float) -> None:
    async with running(tmp_path) as stage:
        told = await Outage(stage).survives(full(stage), seconds)
    tell("full", told)


@asynccontextmanager
async def down(cluster: Cluster) -> AsyncIterator[None]:
    """Let a server be away."""
    await asyncio.to_thread(cluster.stop)
    yield
    await asyncio.to_thread(cluster.start)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seconds", [3.0, pytest.param(60.0, marks=pytest.mark.slow)])
async def test_the_server_is_away(tmp_path: Path, seconds: float) -> None:
    async with own_postgres() as cluster, running(tmp_path, database_url=cluster.url) as stage:
        told = await Outage(stage).survives(down(cluster), seconds)
    tell("server away", told)
    assert "failing" in told.states
    assert told.statuses[503] > 0
    assert 503 in told.ready


@pytest.mark.timeout(600)
@pytest.mark.parametrize("restarts", [2, pytest.param(30, marks=pytest.mark.slow)])
async def test_the_server_restarts_again_and_again(tmp_path: Path, restarts: int) -> None:
    """Each restart is in the middle of writes; what was acknowledged is there after all of them."""
    async with own_postgres() as cluster:

        @asynccontextmanager
        async def stumbling() -> AsyncIterator[None]:
            yield
            for _ in range(restarts):
                await asyncio.to_thread(cluster.stop)
                await asyncio.to_thread(cluster.start)
                await asyncio.sleep(0.3)  # time to write a little in between

        async with running(tmp_path, database_url=cluster.url) as stage:
            told = await Outage(stage).survives(stumbling(), 0.5)
    tell(f"{restarts} restarts", told)


REFUSES = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not serialize access' USING ERRCODE = '40001'; END $$
"""
REFUSED = "CREATE TRIGGER refuse BEFORE INSERT ON events EXECUTE FUNCTION refuse()"


@asynccontextmanager
async def conflicting(url: str) -> AsyncIterator[None]:
    """Let every transaction that tells an event fail as a serialization failure does."""
    await said_on(url, REFUSES, REFUSED)
    yield
    await said_on(url, "DROP TRIGGER refuse ON events")


async def test_transactions_that_fail_to_serialize_are_tried_again(
    tmp_path: Path, postgres_template: str, postgres_server: str
) -> None:
    name = f"{postgres_template}_serial"
    await on_server(postgres_server, f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    url = f"postgresql+asyncpg://{postgres_server}/{name}"
    try:
        async with running(tmp_path, database_url=url) as stage:
            told = await Outage(stage).survives(conflicting(url), 2.0)
    finally:
        await on_server(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")
    tell("serialization", told)
    assert "failing" in told.states


@asynccontextmanager
async def exhausted(stage: Stage) -> AsyncIterator[None]:
    """Keep every reader busy."""
    pool = stage.app.state.database._readers._pool
    held = [await pool.acquire() for _ in range(pool.get_max_size())]
    yield
    for connection in held:
        await pool.release(connection)


async def test_no_reader_is_free(
    tmp_path: Path, postgres_template: str, postgres_server: str
) -> None:
    """Exits need no reader: the stops are filled while nobody can read."""
    name = f"{postgres_template}_busy"
    await on_server(postgres_server, f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    url = f"postgresql+asyncpg://{postgres_server}/{name}"
    try:
        async with running(tmp_path, database_url=url) as stage:
            told = await Outage(stage).survives(exhausted(stage), 6.0)
    finally:
        await on_server(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")
    tell("no reader", told)
    assert told.statuses[503] > 0
