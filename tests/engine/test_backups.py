"""A backup is the record at one moment, proven before it is called one; a restore destroys nothing.

The drill: an engine trades, backups are taken meanwhile, and each of them, restored to a new place,
gives the very memory that the rules alone have after the batch at which it was cut.
"""

import asyncio
import shutil
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, update

from app.engine import backups
from app.engine.backups import Backup, back_up, back_up_to, good_ones, url_of
from app.engine.recovery import recover
from app.engine.restoring import RefusedError, restore
from app.store.copies import copy_database
from app.store.database import Database
from app.store.errors import BrokenCopyError, LeaseLostError, StoreUnavailableError
from app.store.journal import Journal
from app.store.lease import Lease
from app.store.location import locate
from app.store.query import Query, table_of
from app.store.tables import User
from app.store.wallets import all_wallets
from app.trading.engine import Engine
from app.trading.ledger import Changes
from tests.databases import on_server, run
from tests.engine.record import Known, keep
from tests.engine.script import RULES, Script
from tests.engine.states import differences, told

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SEED, BATCHES = 17, 150
DRILLS = {"sqlite": 3, "postgresql": 1}

USERS = table_of(User)

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("database_kind", ["postgres"], indirect=True)


@pytest.fixture
async def elsewhere(database_url: str, tmp_path: Path) -> AsyncIterator[str]:
    """Name a database that is not there yet."""
    if locate(database_url).dialect == "sqlite":
        yield url_of(tmp_path / "new" / "folder" / "autotrader.db")
        return
    url = make_url(database_url).set(database=f"restored_{uuid.uuid4().hex[:8]}")
    yield url.render_as_string(hide_password=False)
    drop = f'DROP DATABASE IF EXISTS "{url.database}" WITH (FORCE)'
    run(on_server(f"{url.username}@{url.host}:{url.port}", drop))


async def recovered_from(url: str, known: Known, batch: int, script: Script) -> Engine:
    database = await Database.open(url)
    try:
        return (await recover(database, RULES, known, batch, script.now(batch))).engine
    finally:
        await database.close()


def after(script: Script, batch: int, known: Known) -> Engine:
    """Let the rules alone live the first batches."""
    engine = Engine(RULES, known)
    for number in range(1, batch + 1):
        engine.handle(script.batch(number))
    return engine


async def traded(journal: Journal, known: Known, batches: int = 20) -> Script:
    """Leave a record, and no lease on it."""
    script = Script(SEED, batches)
    await keep(script, journal, known)
    await give_back(journal)
    return script


async def give_back(journal: Journal) -> None:
    """Let the lease go, as a platform that stops does."""
    lease = Lease(journal, "script", 60_000)
    await lease.acquire()
    await lease.release()


async def test_a_drill_while_an_engine_trades(
    database_url: str, journal: Journal, known: Known, elsewhere: str, tmp_path: Path
) -> None:
    script = Script(SEED, BATCHES)
    trading = asyncio.create_task(keep(script, journal, known))
    cuts: list[int] = []
    for number in range(DRILLS[journal.dialect]):
        await asyncio.sleep(0.3)
        made = await back_up_to(database_url, tmp_path / f"{number}.backup")
        assert made.findings == []
        restored = await restore(made.path, elsewhere, NOW + timedelta(seconds=number), force=True)
        assert restored.findings == []
        assert made.batch in {restored.batch, None}
        now = script.now(restored.batch)
        there = await recovered_from(elsewhere, known, restored.batch, script)
        expected = after(script, restored.batch, known)
        assert differences(told(there.state, now), told(expected.state, now)) == []
        cuts.append(restored.batch)
        if restored.before is not None:
            forget(elsewhere, restored.before)
    trading.cancel()
    await asyncio.gather(trading, return_exceptions=True)
    assert cuts == sorted(cuts)
    assert 0 < cuts[-1] <= BATCHES


def forget(url: str, before: str) -> None:
    """Drop what a restore put aside."""
    if locate(url).dialect == "sqlite":
        Path(before).unlink()
        return
    there = make_url(url)
    run(on_server(f"{there.username}@{there.host}:{there.port}", f'DROP DATABASE "{before}"'))


@on_sqlite
async def test_a_record_that_does_not_add_up_is_kept_under_another_name(
    database_url: str, journal: Journal, known: Known, elsewhere: str, tmp_path: Path
) -> None:
    await traded(journal, known)
    good = await back_up(database_url, tmp_path / "made", NOW)
    change: Query[Any] = Query(update(User).where(USERS.c.id == 1).values(sol_balance=5))
    await journal.execute(change)
    made = await back_up(database_url, tmp_path / "made", NOW + timedelta(hours=1))
    assert made.path.name == "autotrader-20261121T130000Z.faulty.db"
    assert [(one.what, one.field) for one in made.findings] == [("wallet", "balance")]
    assert good_ones(tmp_path / "made") == [good.path]
    with pytest.raises(RefusedError, match=r"1 faults \(wallet 1: balance\)"):
        await restore(made.path, elsewhere, NOW)
    assert not locate(elsewhere).path.exists()
    assert (await restore(made.path, elsewhere, NOW, force=True)).findings == made.findings


@on_sqlite
async def test_only_the_newest_are_kept(
    database_url: str, journal: Journal, tmp_path: Path
) -> None:
    del journal
    folder = tmp_path / "made"
    folder.mkdir()
    (folder / "autotrader-mine.db").write_text("made by somebody else")
    for hour in range(5):
        await back_up(database_url, folder, NOW + timedelta(hours=hour), keep=2)
    names = sorted(path.name for path in folder.iterdir())
    assert names == [
        "autotrader-20261121T150000Z.db",
        "autotrader-20261121T160000Z.db",
        "autotrader-mine.db",
    ]


@on_sqlite
async def test_a_copy_that_fails_its_check_is_no_backup(
    database_url: str, journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del journal

    def damage(source: Path, target: Path) -> object:
        cut = copy_database(source, target)
        shoot(target)
        return cut

    monkeypatch.setattr(backups, "copy_database", damage)
    with pytest.raises(BrokenCopyError):
        await back_up(database_url, tmp_path / "made", NOW)
    assert list((tmp_path / "made").iterdir()) == []


def shoot(path: Path) -> None:
    """Overwrite pages in the middle of a file."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 40_000)


async def test_a_damaged_backup_is_refused_and_nothing_changes(
    database_url: str, journal: Journal, known: Known, elsewhere: str, tmp_path: Path
) -> None:
    await traded(journal, known)
    made = await back_up_to(database_url, tmp_path / "one.backup")
    shoot(made.path)
    with pytest.raises((BrokenCopyError, StoreUnavailableError)):
        await restore(made.path, elsewhere, NOW)
    with pytest.raises(StoreUnavailableError):
        await Database.open(elsewhere)
    wrong = tmp_path / "wrong"
    wrong.write_text("no backup at all")
    with pytest.raises(BrokenCopyError, match="no backup of this platform"):
        await restore(wrong, elsewhere, NOW)


async def backed_up(
    database_url: str, journal: Journal, known: Known, tmp_path: Path
) -> tuple[Backup, Script]:
    script = await traded(journal, known)
    return await back_up_to(database_url, tmp_path / "one.backup"), script


async def test_wallets_are_not_overwritten_unasked(
    database_url: str, journal: Journal, known: Known, tmp_path: Path
) -> None:
    made, script = await backed_up(database_url, journal, known, tmp_path)
    with pytest.raises(RefusedError, match="--force puts it aside"):
        await restore(made.path, database_url, NOW)
    held = await Lease(journal, "platform", 60_000).acquire()
    with pytest.raises(RefusedError, match=r"a platform runs on .*: platform"):
        await restore(made.path, database_url, NOW, force=True)
    assert held.batch == script.batches


async def test_what_was_there_is_put_aside(
    database_url: str, journal: Journal, known: Known, tmp_path: Path
) -> None:
    made, script = await backed_up(database_url, journal, known, tmp_path)
    lost: Query[Any] = Query(update(User).where(USERS.c.id == 1).values(sol_balance=5))
    await journal.execute(lost)
    await journal.close()
    restored = await restore(made.path, database_url, NOW, force=True)
    assert restored.batch == script.batches
    assert restored.before is not None
    there = await recovered_from(database_url, known, restored.batch, script)
    now = script.now(restored.batch)
    expected = after(script, restored.batch, known)
    assert differences(told(there.state, now), told(expected.state, now)) == []
    url = make_url(database_url).set(database=restored.before).render_as_string(False)
    old = await Database.open(url)
    assert (await all_wallets(old))[0].sol_balance == 5
    await old.close()
    forget(database_url, restored.before)


async def test_a_file_that_others_have_open_stays(
    database_url: str, journal: Journal, known: Known, tmp_path: Path
) -> None:
    """The lease is free, but somebody is connected: renaming would lead him to nowhere."""
    made, script = await backed_up(database_url, journal, known, tmp_path)
    with pytest.raises((RefusedError, StoreUnavailableError), match=r"open; stop it|accessed by"):
        await restore(made.path, database_url, NOW, force=True)
    assert (await Lease(journal, "next", 60_000).acquire()).batch == script.batches


async def test_whoever_held_the_lease_at_the_cut_cannot_write(
    database_url: str, journal: Journal, known: Known, elsewhere: str, tmp_path: Path
) -> None:
    await keep(Script(SEED, 20), journal, known)
    epoch = (await Lease(journal, "script", 60_000).state()).epoch
    made = await back_up_to(database_url, tmp_path / "one.backup")
    await restore(made.path, elsewhere, NOW)
    again = await Journal.open(elsewhere)
    again.lease = ("script", epoch)
    with pytest.raises(LeaseLostError):
        await again.commit(Changes(), batch=21)
    assert await Lease(again, "next", 60_000).acquire() == (epoch + 2, 20)
    await again.close()


def beside(path: Path) -> set[str]:
    """List the databases and logs in a folder."""
    return {other.name for other in path.parent.iterdir() if ".db" in other.name}


@on_sqlite
async def test_a_damaged_database_gives_way_when_that_is_asked_for(
    database_url: str, journal: Journal, known: Known, tmp_path: Path
) -> None:
    made, script = await backed_up(database_url, journal, known, tmp_path)
    path = locate(database_url).path
    log = path.with_name(f"{path.name}-wal")
    frames = log.read_bytes()
    await journal.close()
    path.write_bytes(b"this is no database" * 1_000)
    log.write_bytes(frames)
    with pytest.raises(RefusedError, match="cannot be read"):
        await restore(made.path, database_url, NOW)
    restored = await restore(made.path, database_url, NOW, force=True)
    assert restored.batch == script.batches
    assert restored.before is not None
    assert beside(path) == {
        "test.db",
        Path(restored.before).name,
        f"{Path(restored.before).name}-wal",
    }


@on_sqlite
async def test_the_database_itself_is_no_place_for_its_backup(
    database_url: str, journal: Journal, tmp_path: Path
) -> None:
    path = locate(database_url).path
    with pytest.raises(StoreUnavailableError, match="the database itself"):
        await back_up_to(database_url, path)
    await journal.close()
    with pytest.raises(RefusedError, match="the database itself"):
        await restore(path, database_url, NOW, force=True)
    missing = url_of(tmp_path / "missing.db")
    with pytest.raises(StoreUnavailableError, match="is not there"):
        await back_up_to(missing, tmp_path / "copy.db")
    assert not (tmp_path / "missing.db").exists()
    shutil.copy(path, tmp_path / "plain.db")
    with pytest.raises(RefusedError, match="takes a dump of PostgreSQL"):
        await restore(path, "postgresql+asyncpg://nobody@127.0.0.1:1/none", NOW)


@on_postgres
async def test_without_the_servers_tools_it_says_so(
    database_url: str, journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del journal
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StoreUnavailableError, match="pg_dump is not installed"):
        await back_up_to(database_url, tmp_path / "one.dump")
    assert beside(tmp_path / "one.dump") == set()
