"""Backups that the platform makes of itself: when, by whom, and what becomes known of them."""

import asyncio
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from app.engine import backing_up
from app.engine.apart import KEPT
from app.engine.backing_up import Backups
from app.engine.backups import FOLDER, back_up
from app.store.journal import Journal
from app.store.location import locate

HOUR = 3_600.0

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


async def test_a_backup_is_made_and_told(
    database_url: str, journal: Journal, tmp_path: Path
) -> None:
    backups = Backups(database_url, tmp_path, 1.0)
    assert backups.snapshot()["last_at"] is None
    assert backups.due_in(time.time()) < 0
    await backups.back_up()
    told = backups.snapshot()
    assert told["last_error"] is None, told
    names = [path.name for path in (tmp_path / FOLDER).iterdir()]
    assert names == [told["file"]]
    assert 0 < backups.due_in(time.time()) <= HOUR
    again = Backups(database_url, tmp_path, 2.0)
    assert again.snapshot() == told | {"every_hours": 2.0}
    await journal.close()


async def test_its_process_gets_no_setting_but_what_it_is_asked(
    database_url: str, journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await journal.close()
    for name in ("REDIS_URL", "OTEL_ENDPOINT", "SIGNALS_URL", "DATABASE_URL"):
        monkeypatch.setenv(f"AUTOTRADER_{name}", "https://person:hidden@example.org")
    monkeypatch.setenv("SOMEBODY_ELSES_TOKEN", "hidden")
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    process = await Backups(database_url, tmp_path, 1.0)._start()
    given = psutil.Process(process.pid)
    variables, words = given.environ(), given.cmdline()
    process.kill()
    await process.communicate()
    assert variables["PGSSLMODE"] == "verify-full"
    assert {"PGSSLMODE", "PYTHONPATH"} <= variables.keys() <= {*KEPT, "PGSSLMODE", "PYTHONPATH"}
    assert not any("hidden" in one or database_url in one for one in (*variables.values(), *words))


async def test_what_fails_is_told_and_tried_again(
    database_url: str, journal: Journal, tmp_path: Path
) -> None:
    await journal.close()
    await asyncio.to_thread(locate(database_url).path.unlink)
    backups = Backups(database_url, tmp_path, 1.0)
    await backups.back_up()
    told = backups.snapshot()
    assert str(told["last_error"]).startswith("no backup was made: ")
    assert "is not there" in str(told["last_error"])
    assert told["last_at"] is None
    assert 0 < backups.due_in(time.time()) <= backing_up.RETRY_SECONDS


async def test_a_platform_that_stops_ends_it(
    database_url: str, journal: Journal, tmp_path: Path
) -> None:
    del journal
    backups = Backups(database_url, tmp_path, 1.0)
    process = await backups._start()
    process.kill()
    await process.communicate()
    task = asyncio.create_task(backups.back_up())
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(list, (tmp_path / FOLDER).glob("autotrader-*")) == []


async def test_it_waits_for_its_time(
    database_url: str, journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A young backup is good enough; an old one is not, whoever made it."""
    del journal
    monkeypatch.setattr(backing_up, "FIRST_SECONDS", 0.0)
    monkeypatch.setattr(backing_up, "LOOK_SECONDS", 0.01)
    made: list[float] = []
    second = asyncio.Event()

    class Told(Backups):
        async def back_up(self) -> None:
            made.append(time.time())
            os.utime(young.path)
            second.set()

    young = await back_up(database_url, tmp_path / FOLDER, datetime.now(UTC))
    backups = Told(database_url, tmp_path, 1.0)
    task = asyncio.create_task(backups.run())
    await asyncio.sleep(0.1)
    assert made == []
    os.utime(young.path, (0, time.time() - HOUR - 1))
    async with asyncio.timeout(10):
        await second.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert len(made) == 1
    await Told(database_url, tmp_path, 0.0).run()
    assert len(made) == 1
