"""Backups: the record at one moment as one file, which is called good when it was read and audited.

A file gets its name last. One whose record does not add up is kept, too, because nothing better may
be there, but its name says so; it never takes the place of a good one.
"""

import asyncio
import os
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from alembic.script import ScriptDirectory

from app.engine.audit import Finding, audit
from app.store.copies import check_database, copy_database
from app.store.database import Database
from app.store.dumps import dump
from app.store.errors import StoreUnavailableError
from app.store.files import flush_folder
from app.store.location import SQLITE, Location, locate, make_folder
from app.store.migrate import configuration, upgrade

FOLDER = "backups"
KEPT = 24
FAULTY, PART = ".faulty", ".part"
ABANDONED_SECONDS = 86_400
SUFFIXES = {"sqlite": ".db", "postgresql": ".dump"}
NAME = "autotrader-%Y%m%dT%H%M%SZ"
LOG_PARTS = ("-journal", "-wal", "-shm")


class Backup(NamedTuple):
    """A file that was made: where it is, what it holds, and what its audit found.

    `batch` is the last one in it; `checked` counts wallets and trades. A dump of a server is read
    whole but not audited: both are None then.
    """

    path: Path
    bytes: int
    seconds: float
    batch: int | None
    checked: int | None
    findings: list[Finding]


async def back_up(url: str, target: Path, now: datetime, *, keep: int = KEPT) -> Backup:
    """Back a database up into a folder under a name of the time, and keep the newest there.

    Raises StoreError or OSError; nothing is called a backup then.
    """
    location = locate(url)
    stem, suffix = now.astimezone(UTC).strftime(NAME), SUFFIXES[location.dialect]
    made = await back_up_to(url, target / f"{stem}{suffix}")
    await asyncio.to_thread(_prune, target, suffix, keep)
    return made


async def back_up_to(url: str, target: Path) -> Backup:
    """Back a database up to a file, which is replaced when it is there already. Raises as above."""
    location = locate(url)
    if location.dialect == "sqlite" and _is_same(target, location.path):
        message = f"{target} is the database itself"
        raise StoreUnavailableError(message)
    make_folder(target)
    part, began = target.with_name(f".{target.name}.{os.getpid()}{PART}"), perf_counter()
    try:
        batch, checked, findings = await _fill(location, part)
        if findings:
            target = target.with_name(f"{target.stem}{FAULTY}{target.suffix}")
        size = await asyncio.to_thread(_name, part, target)
    finally:
        remove(part)
    return Backup(target, size, perf_counter() - began, batch, checked, findings)


async def _fill(location: Location, part: Path) -> tuple[int | None, int | None, list[Finding]]:
    if location.dialect == "postgresql":
        await dump(location, part)
        return None, None, []
    cut = await asyncio.to_thread(copy_database, location.path, part)
    await asyncio.to_thread(check_database, part)
    if cut.revision == newest_revision():
        findings, checked = await audited(url_of(part))
        return cut.batch, checked, findings
    # Made before an update of the platform: what it will be after one is audited.
    later = part.with_name(f"{part.name}.upgraded")
    try:
        await asyncio.to_thread(copy_database, part, later)
        await asyncio.to_thread(upgrade, url_of(later))
        findings, checked = await audited(url_of(later))
    finally:
        remove(later)
    return cut.batch, checked, findings


async def audited(url: str) -> tuple[list[Finding], int]:
    """Audit a database that nobody else uses."""
    database = await Database.open(url, readers=1)
    try:
        return await audit(database)
    finally:
        await database.close()


def newest_revision() -> str | None:
    """Return the revision of the schema that this version works with."""
    return ScriptDirectory.from_config(configuration("")).get_current_head()


def url_of(path: Path) -> str:
    """Write the URL of a SQLite file."""
    return f"{SQLITE}:///{path}"


def good_ones(folder: Path) -> list[Path]:
    """List the good backups in a folder by their time, oldest first."""
    found = [path for suffix in SUFFIXES.values() for path in _named(folder, suffix)]
    return sorted(
        (path for path in found if FAULTY not in path.suffixes), key=lambda path: path.stem
    )


def _named(folder: Path, suffix: str) -> list[Path]:
    """List the files in a folder whose names are of this module's making."""
    found = []
    for path in folder.glob(f"autotrader-*{suffix}"):
        with suppress(ValueError):
            datetime.strptime(path.name.split(".")[0], NAME).replace(tzinfo=UTC)
            found.append(path)
    return sorted(found)


def _prune(folder: Path, suffix: str, keep: int) -> None:
    """Remove all but the newest of the good and of the faulty ones, and what died half-way."""
    found = _named(folder, suffix)
    faulty = [path for path in found if FAULTY in path.suffixes]
    good = [path for path in found if FAULTY not in path.suffixes]
    for old in [*good[:-keep], *faulty[:-keep]]:
        old.unlink(missing_ok=True)
    for part in folder.glob(f".autotrader-*{PART}*"):
        with suppress(OSError):
            if part.stat().st_mtime < time.time() - ABANDONED_SECONDS:
                part.unlink()


def _name(part: Path, target: Path) -> int:
    """Give a finished file its name; answers its size."""
    size = part.stat().st_size
    part.replace(target)
    flush_folder(target.parent)
    return size


def remove(path: Path) -> None:
    """Remove a database file that is no longer wanted, and what SQLite kept beside it."""
    for name in (path.name, *(path.name + part for part in LOG_PARTS)):
        with suppress(OSError):
            path.with_name(name).unlink(missing_ok=True)


def _is_same(one: Path, other: Path) -> bool:
    if one.exists() and other.exists():
        return one.samefile(other)
    return one.resolve() == other.resolve()
