"""What happens when the database cannot: nothing is half written, and it goes on afterwards."""

import asyncio
import sqlite3
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import delete, func, literal_column, select, text

from app.store.database import Database
from app.store.errors import (
    StoreBusyError,
    StoreFullError,
    StoreUnavailableError,
    UnsupportedUrlError,
)
from app.store.events import events_after
from app.store.journal import Journal
from app.store.location import locate
from app.store.query import Query, table_of
from app.store.sqlite import SqliteWriter
from app.store.tables import User
from app.store.wallets import all_wallets
from tests.store import samples

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("database_kind", ["postgres"], indirect=True)


def long_events(first: int, many: int) -> list[tuple[object, ...]]:
    return [samples.event(seq)._replace(data="x" * 2_000) for seq in range(first, first + many)]


@on_sqlite
async def test_a_full_disk_fails_cleanly_and_heals(journal: Journal, database: Database) -> None:
    await journal.write([samples.wallet()])
    writer = journal._writer
    assert isinstance(writer, SqliteWriter)
    assert writer._connection is not None
    pages = writer._connection.execute("PRAGMA page_count").fetchone()[0]
    writer._connection.execute(f"PRAGMA max_page_count={pages + 20}")
    results = await asyncio.gather(
        journal.write([samples.event(1)]),
        journal.write(long_events(100, 500)),
        journal.write([samples.event(2)]),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [type(None), StoreFullError, type(None)]
    assert [row.seq for row in await events_after(database, 1, 0)] == [1, 2]
    writer._connection.execute("PRAGMA max_page_count=1000000")
    await journal.write(long_events(100, 500))
    assert len(await events_after(database, 1, 2, limit=1_000)) == 500


@on_sqlite
async def test_a_locked_database_is_busy_and_then_works(database_url: str) -> None:
    journal = await Journal.open(database_url, busy_timeout_ms=50)
    other = sqlite3.connect(locate(database_url).path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusyError):
        await journal.write([samples.wallet(1)])
    other.execute("ROLLBACK")
    await journal.write([samples.wallet(2)])
    assert other.execute("SELECT id FROM users").fetchall() == [(2,)]
    other.close()
    await journal.close()


@on_sqlite
async def test_a_damaged_file_is_unavailable(database_url: str) -> None:
    path = locate(database_url).path
    journal = await Journal.open(database_url)
    await journal.write([samples.wallet()])
    await journal.close()
    path.write_bytes(b"this is no database" * 1_000)
    with pytest.raises(StoreUnavailableError):
        await Journal.open(database_url)


async def test_a_folder_that_cannot_be_made_says_which(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnavailableError, match="file"):
        await Journal.open(f"sqlite+aiosqlite:///{tmp_path}/file/test.db")
    with pytest.raises(StoreUnavailableError, match=r"nothing\.db"):
        await Database.open(f"sqlite+aiosqlite:///{tmp_path}/nothing.db")


@pytest.mark.parametrize(
    "url",
    [
        "mysql://root@127.0.0.1/test",
        "sqlite:///file.db",
        "postgresql://root@127.0.0.1/test",
        "sqlite+aiosqlite://",
        "sqlite+aiosqlite:///:memory:",
        "sqlite+aiosqlite:///file.db?mode=ro",
        "nonsense",
        "",
    ],
)
def test_an_unknown_url_says_what_is_supported(url: str) -> None:
    with pytest.raises(UnsupportedUrlError, match=r"sqlite\+aiosqlite.*postgresql\+asyncpg"):
        locate(url)


def test_a_url_is_shown_without_its_password() -> None:
    location = locate("postgresql+asyncpg://me:secret@127.0.0.1/test")
    assert "secret" not in location.shown
    assert location.dsn == "postgresql://me:secret@127.0.0.1/test"


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    url = "postgresql+asyncpg://me:secret@127.0.0.1:1/test"
    with pytest.raises(StoreUnavailableError) as refusal:
        await Journal.open(url)
    assert "secret" not in str(refusal.value)
    with pytest.raises(StoreUnavailableError):
        await Database.open(url)


@on_postgres
async def test_a_cut_connection_is_unavailable_and_then_works(
    journal: Journal, database: Database, database_url: str
) -> None:
    await journal.write([samples.wallet(1)])
    await all_wallets(database)
    other = await asyncpg.connect(locate(database_url).dsn)
    cut = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await other.execute(cut)
    await other.close()
    for number in range(2, 5):
        try:
            await journal.write([samples.wallet(number)])
        except StoreUnavailableError:
            continue
        break
    else:
        pytest.fail("the journal did not connect again")
    found = None
    for _ in range(5):
        try:
            found = await all_wallets(database)
        except StoreUnavailableError:
            continue
        break
    assert found is not None
    assert found[0].id == 1


@on_postgres
async def test_a_lock_that_is_held_is_busy(journal: Journal, database_url: str) -> None:
    writer = journal._writer
    assert not isinstance(writer, SqliteWriter)
    await writer._connection.execute("SET lock_timeout = '50ms'")
    other = await asyncpg.connect(locate(database_url).dsn)
    transaction = other.transaction()
    await transaction.start()
    await other.execute("LOCK TABLE users IN ACCESS EXCLUSIVE MODE")
    with pytest.raises(StoreBusyError):
        await journal.write([samples.wallet(1)])
    await transaction.rollback()
    await other.close()
    await journal.write([samples.wallet(1)])


async def test_a_query_that_takes_too_long_is_stopped(journal: Journal, database_url: str) -> None:
    endless: dict[str, Query[tuple[int]]] = {
        "sqlite": Query(
            select(func.count().label("n")).select_from(
                text(
                    "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                    "SELECT i FROM n)"
                )
            )
        ),
        "postgresql": Query(select(literal_column("1").label("n"), func.pg_sleep(30))),
    }
    del journal
    database = await Database.open(database_url, timeout_seconds=0.2)
    with pytest.raises(StoreBusyError):
        await database.rows(endless[database.dialect])
    assert await all_wallets(database) == []
    await database.close()


async def test_readers_cannot_write(journal: Journal, database: Database) -> None:
    await journal.write([samples.wallet()])
    empty: Query[tuple[int]] = Query(delete(User).returning(table_of(User).c.id))
    with pytest.raises(StoreUnavailableError, match=r"read-?only"):
        await database.rows(empty)
    assert len(await all_wallets(database)) == 1


async def test_closed_readers_say_so(database_url: str, journal: Journal) -> None:
    del journal
    database = await Database.open(database_url)
    await database.close()
    with pytest.raises(StoreUnavailableError):
        await all_wallets(database)


async def test_a_reader_that_gives_up_stops_nobody(journal: Journal, database: Database) -> None:
    await journal.write([samples.wallet()])
    impatient = [asyncio.ensure_future(all_wallets(database)) for _ in range(20)]
    await asyncio.sleep(0)
    for task in impatient:
        task.cancel()
    assert await all_wallets(database) == [samples.wallet()]
    results = await asyncio.gather(*impatient, return_exceptions=True)
    assert {type(result) for result in results} == {asyncio.CancelledError}
