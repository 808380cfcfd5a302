"""The power goes off while the journal writes, and the record is what was acknowledged.

The journal, its writer, its statements and its settings are the platform's own; only the disk below
them loses what was not flushed. After each cut the whole record is held against the rules, row for
row. The control runs the same with `synchronous=NORMAL` and must lose what was acknowledged: if it
did not, the cuts would prove nothing.
"""

import os
import random
import shutil
import sqlite3
import sys
from pathlib import Path

import pytest

from app.engine.recovery import recover
from app.store import sqlite
from app.store.copies import check_database
from app.store.database import Database
from app.store.errors import StoreUnavailableError
from app.store.journal import Journal
from app.store.lease import Lease
from app.store.location import locate
from app.trading.engine import Engine
from tests.crash.child import KNOWN
from tests.crash.lives import Life, Lives
from tests.crash.power import Disk, Driver
from tests.engine.script import RULES

CUTS = int(os.environ.get("AUTOTRADER_TEST_CUTS", "1000"))
PER_SCRIPT = 40
MOST_OPERATIONS = 250
OFTEN = 30
"""Pages after which half of the lives bring the log into the database."""

LOG_PARTS = ("", "-wal", "-journal")

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


class Powered:
    """Lives of one script on a disk that loses power; `look` is a copy that may be opened."""

    def __init__(self, path: Path, seed: int, batches: int, synchronous: str = "FULL") -> None:
        self.path = path
        self.look = self.path.with_name("look.db")
        self.lives = Lives(f"sqlite+aiosqlite:///{self.look}", seed, batches)
        self.chance = random.Random(f"power {seed}")
        self.synchronous = synchronous
        self.flushes = 0
        self.acknowledged = -1

    async def live(self, monkeypatch: pytest.MonkeyPatch) -> bool:
        """Trade until the power goes or the script ends; tells whether it went."""
        disk = Disk(self.chance, self.chance.randrange(1, MOST_OPERATIONS))
        often = self.chance.random() < 0.5
        checkpoint = OFTEN if often else 1_000
        driver = Driver(disk, synchronous=self.synchronous, checkpoint=checkpoint)
        engine, number = await self._recovered()
        with monkeypatch.context() as patched:
            patched.setattr(sqlite, "sqlite3", driver)
            try:
                await self._trade(engine, number)
            except StoreUnavailableError:
                assert disk.is_off
        driver.close()
        self.flushes += disk.flushes
        disk.leave()
        self._copy()
        return disk.is_off

    async def _trade(self, engine: Engine, number: int) -> None:
        journal = await Journal.open(f"sqlite+aiosqlite:///{self.path}")
        try:
            await Lease(journal, "powered", 60_000).acquire()
            while number < self.lives.script.batches:
                number += 1
                changes = engine.handle(self.lives.script.batch(number)).changes
                await journal.commit(changes, batch=number)
                self.acknowledged = number
        finally:
            await journal.close()

    async def _recovered(self) -> tuple[Engine, int]:
        """Build the engine from the copy, so that nothing but the cut touches the real files."""
        if not self.look.exists():
            self._copy()
        database = await Database.open(self.lives.url)
        number = self.number()
        recovered = await recover(database, RULES, KNOWN, number, self.lives.script.now(number))
        await database.close()
        return recovered.engine, number

    def number(self) -> int:
        """Return the last batch in the copy."""
        connection = sqlite3.connect(self.look)
        found = connection.execute("SELECT batch FROM engine_lease").fetchone()
        connection.close()
        return 0 if found is None else int(found[0])

    async def check(self) -> None:
        """Hold the copy against the rules: what was acknowledged, and one batch more at most."""
        check_database(self.look)
        await self.lives.check(Life(self.acknowledged, 1))

    def _copy(self) -> None:
        for part in LOG_PARTS:
            source = self.path.with_name(self.path.name + part)
            target = self.look.with_name(self.look.name + part)
            target.unlink(missing_ok=True)
            if source.exists():
                shutil.copy(source, target)
        self.look.with_name(f"{self.look.name}-shm").unlink(missing_ok=True)


async def cut_again_and_again(powered: Powered, cuts: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """Cut the power often, look after each, and end the script."""
    cut = 0
    while cut < cuts and not powered.lives.over:
        cut += await powered.live(monkeypatch)
        await powered.check()
    return cut


@on_sqlite
async def test_power_cuts_lose_nothing_acknowledged(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    powered = Powered(locate(database_url).path, seed=21, batches=400)
    assert await cut_again_and_again(powered, 20, monkeypatch) == 20
    assert powered.lives.kept > 20
    await powered.lives.check_memory()
    assert powered.flushes > powered.lives.kept


@pytest.mark.parametrize("cuts", [8, pytest.param(200, marks=pytest.mark.slow)])
@pytest.mark.parametrize("synchronous", ["NORMAL", "FULL"])
async def test_the_control_without_flushes_loses(
    synchronous: str,
    cuts: int,
    sqlite_template: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same cuts, and only the setting differs."""
    gone = 0
    for seed in range(cuts):
        path = tmp_path / str(seed) / "test.db"
        path.parent.mkdir()
        shutil.copy(sqlite_template, path)
        powered = Powered(path, seed, 400, synchronous)
        await powered.live(monkeypatch)
        gone += powered.number() < powered.acknowledged
    sys.stdout.write(f"{synchronous}: {gone} of {cuts} cuts lost acknowledged batches\n")
    assert (gone > 0) is (synchronous == "NORMAL")


@pytest.mark.slow
@on_sqlite
@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("seed", range(-(-CUTS // PER_SCRIPT)))
async def test_a_thousand_power_cuts(
    database_url: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forty cuts in each of many markets; `AUTOTRADER_TEST_CUTS` says how many in all."""
    powered = Powered(locate(database_url).path, seed, 2_000)
    assert await cut_again_and_again(powered, PER_SCRIPT, monkeypatch) == PER_SCRIPT
    await powered.lives.check_memory()
