"""The schema that migrations make is the schema that the code knows."""

import asyncio
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from alembic import command

from app.store.columns import Kept
from app.store.database import Database
from app.store.errors import UnsupportedUrlError
from app.store.journal import Journal
from app.store.location import locate
from app.store.migrate import configuration, upgrade
from app.store.wallets import all_wallets
from tests.store import samples

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


async def works(url: str) -> bool:
    journal = await Journal.open(url)
    await journal.write(samples.world())
    database = await Database.open(url)
    found = await all_wallets(database)
    await database.close()
    await journal.close()
    return found == [samples.wallet()]


def test_migrations_make_the_schema_of_the_code(unmigrated_url: str) -> None:
    upgrade(unmigrated_url)
    command.check(configuration(unmigrated_url))
    upgrade(unmigrated_url)
    assert asyncio.run(works(unmigrated_url))


def test_down_and_up_again(unmigrated_url: str) -> None:
    upgrade(unmigrated_url)
    command.downgrade(configuration(unmigrated_url), "base")
    upgrade(unmigrated_url)
    assert asyncio.run(works(unmigrated_url))


def test_the_folder_of_this_process_does_not_matter(
    unmigrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    upgrade(unmigrated_url)
    assert asyncio.run(works(unmigrated_url))


def test_two_processes_may_start_at_once(unmigrated_url: str) -> None:
    root = Path(__file__).resolve().parents[2]
    code = f"from app.store.migrate import upgrade; upgrade({unmigrated_url!r})"
    processes = [subprocess.Popen([sys.executable, "-c", code], cwd=root) for _ in range(2)]
    assert [process.wait(60) for process in processes] == [0, 0]
    assert asyncio.run(works(unmigrated_url))


async def test_it_works_beside_a_running_loop(unmigrated_url: str) -> None:
    await asyncio.to_thread(upgrade, unmigrated_url)
    assert await works(unmigrated_url)


@on_sqlite
def test_a_migration_that_dies_leaves_nothing(unmigrated_url: str) -> None:
    path = locate(unmigrated_url).path
    path.parent.mkdir(parents=True)
    blocked = sqlite3.connect(path)
    # The last tables cannot be made, so the first must not be there either.
    blocked.execute("CREATE TABLE positions (x INTEGER)")
    blocked.commit()
    with pytest.raises(Exception, match="positions"):
        upgrade(unmigrated_url)
    tables = blocked.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    assert tables == [("positions",)]
    blocked.execute("DROP TABLE positions")
    blocked.commit()
    blocked.close()
    upgrade(unmigrated_url)
    assert asyncio.run(works(unmigrated_url))


@on_sqlite
def test_sqlite_keeps_types_strictly(database_url: str) -> None:
    connection = sqlite3.connect(locate(database_url).path)
    rows = connection.execute("PRAGMA table_list").fetchall()
    own = {name: strict for _, name, _, _, _, strict in rows if not name.startswith("sqlite_")}
    connection.close()
    assert own.pop("alembic_version") == 0
    assert set(own) == set(Kept.metadata.tables)
    assert set(own.values()) == {1}


def test_a_url_of_another_database_is_refused() -> None:
    with pytest.raises(UnsupportedUrlError):
        upgrade("mysql://127.0.0.1/test")


@on_sqlite
def test_a_schema_that_is_there_costs_next_to_nothing(database_url: str) -> None:
    started = time.monotonic()
    upgrade(database_url)
    assert time.monotonic() - started < 1.0
