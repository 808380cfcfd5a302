"""From a backup to a database: everything is tried beside the old one, which is put aside, and then
names are changed.

What is there already is only replaced when that is asked for, and never while a platform runs on
it. The lease in the backup is let go under a new epoch, so that no process that still remembers the
old one can write.
"""

import asyncio
import os
import shutil
import sqlite3
import uuid
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import func, make_url, select

from app.engine.audit import Finding
from app.engine.backups import LOG_PARTS, audited, remove, url_of
from app.store import dumps
from app.store.copies import check_database, copy_database, fold_log, let_go
from app.store.database import Database
from app.store.errors import BrokenCopyError, LeaseHeldError, StoreError, StoreUnavailableError
from app.store.files import flush_folder, make_file
from app.store.journal import Journal
from app.store.lease import Lease
from app.store.location import POSTGRES, Location, locate, make_folder
from app.store.migrate import upgrade
from app.store.query import Query, table_of
from app.store.tables import User

HELD_MS = 600_000
SQLITE_MAGIC = b"SQLite format 3\x00"
TOLD = 3

_WALLETS: Query[tuple[int]] = Query(select(func.count().label("many")).select_from(table_of(User)))


class RefusedError(Exception):
    """A restore that was not begun, because it would destroy something; the message says what."""


class Restored(NamedTuple):
    """What is there now: the last batch of the record, how many wallets and trades were checked,
    and where what was there before is; None when nothing was.
    """

    batch: int
    checked: int
    before: str | None
    findings: list[Finding]


async def restore(file: Path, url: str, now: datetime, *, force: bool = False) -> Restored:
    """Put a backup where a URL points to.

    With `force` a database with wallets in it is put aside, and a backup whose record does not add
    up is taken, too. Raises RefusedError, StoreError or OSError; nothing is changed then.
    """
    location = locate(url)
    await asyncio.to_thread(_check_kind, file, location)
    aside = f"before-restore-{now:%Y%m%dT%H%M%S}"
    if location.dialect == "postgresql":
        return await _restore_server(file, location, aside, force=force)
    make_folder(location.path)
    return await _restore_file(file, location.path, aside, force=force)


def _check_kind(file: Path, location: Location) -> None:
    with file.open("rb") as opened:
        head = opened.read(len(SQLITE_MAGIC))
    of_server, of_file = head.startswith(dumps.MAGIC), head == SQLITE_MAGIC
    if not (of_server or of_file):
        message = f"{file} is no backup of this platform"
        raise BrokenCopyError(message)
    if of_server != (location.dialect == "postgresql"):
        kinds = {"sqlite": "a SQLite file", "postgresql": "a dump of PostgreSQL"}
        found = kinds["postgresql" if of_server else "sqlite"]
        message = f"{file} is {found}, but {location.shown} takes {kinds[location.dialect]}"
        raise RefusedError(message)


async def _restore_file(file: Path, target: Path, aside: str, *, force: bool) -> Restored:
    there = await asyncio.to_thread(_is_there, target, file)
    claimed = there and await _claim(url_of(target), force=force)
    staged = target.with_name(f".{target.name}.{os.getpid()}.restoring")
    before, old = target.with_name(f"{target.name}.{aside}") if there else None, target
    try:
        cut = await asyncio.to_thread(copy_database, file, staged)
        await asyncio.to_thread(check_database, staged)
        await asyncio.to_thread(upgrade, url_of(staged))
        findings, checked = await audited(url_of(staged))
        _judge(findings, force=force)
        await asyncio.to_thread(let_go, staged)
        await asyncio.to_thread(_swap, staged, target, before)
        old = before or target
    finally:
        remove(staged)
        if claimed:
            await asyncio.to_thread(let_go, old)
    return Restored(cut.batch, checked, None if before is None else str(before), findings)


def _is_there(target: Path, file: Path) -> bool:
    """Tell whether something is in the way. Raises RefusedError when that is the backup itself."""
    if not target.exists():
        return False
    if target.samefile(file):
        message = f"{file} is the database itself"
        raise RefusedError(message)
    return target.stat().st_size > 0


def _swap(staged: Path, target: Path, before: Path | None) -> None:
    """Give the new database its name; there is one of that name at every moment."""
    with staged.open("rb") as file:
        os.fsync(file.fileno())
    if before is not None:
        _put_log_away(target, before)
        _keep(target, before)
    staged.replace(target)
    flush_folder(target.parent)


def _put_log_away(target: Path, before: Path) -> None:
    """Bring a database's log into it, so that the next one does not find it; a damaged database
    keeps its log, under the new name. Raises RefusedError when somebody is connected.
    """
    if _is_file(target) and fold_log(target):
        return
    if _is_readable(target):
        message = f"another program has {target} open; stop it first"
        raise RefusedError(message)
    for part in LOG_PARTS:
        with suppress(FileNotFoundError):
            target.with_name(target.name + part).rename(before.with_name(before.name + part))


def _keep(path: Path, name: Path) -> None:
    """Give a file a second name, or a copy where the disk knows no second names."""
    try:
        name.hardlink_to(path)
    except OSError:
        make_file(name)
        shutil.copy2(path, name)
        with name.open("rb") as file:
            os.fsync(file.fileno())


def _is_file(path: Path) -> bool:
    """Tell whether a file begins as SQLite's do: opening another one can cost it its log."""
    with path.open("rb") as file:
        return file.read(len(SQLITE_MAGIC)) == SQLITE_MAGIC


def _is_readable(path: Path) -> bool:
    """Tell whether SQLite can read a file's schema."""
    if not _is_file(path):
        return False
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.DatabaseError:
        return False
    return True


async def _claim(url: str, *, force: bool) -> bool:
    """Take the lease of what is there, so that no platform begins on it meanwhile; false when it
    cannot be read and may be put aside all the same.

    Raises RefusedError when one runs, or when wallets are there and nobody said that they may go.
    """
    try:
        await asyncio.to_thread(_check_head, locate(url))
        many = await _wallets(url)
        if many and not force:
            message = f"{locate(url).shown} holds {many} wallets; --force puts it aside"
            raise RefusedError(message)
        journal = await Journal.open(url)
        try:
            await Lease(journal, f"restore:{os.getpid()}", HELD_MS).acquire()
        finally:
            await journal.close()
    except LeaseHeldError as held:
        message = f"a platform runs on {locate(url).shown}: {held.owner}; stop it first"
        raise RefusedError(message) from held
    except StoreError as error:
        if not force:
            message = (
                f"{locate(url).shown} is there and cannot be read ({error}); --force puts it aside"
            )
            raise RefusedError(message) from error
        return False
    return True


def _check_head(location: Location) -> None:
    if location.dialect == "sqlite" and not _is_file(location.path):
        message = "it is no database"
        raise StoreUnavailableError(message)


async def _wallets(url: str) -> int:
    database = await Database.open(url, readers=1)
    try:
        found = await database.one(_WALLETS)
    finally:
        await database.close()
    return found[0] if found else 0


def _judge(findings: list[Finding], *, force: bool) -> None:
    if not findings or force:
        return
    first = "; ".join(f"{one.what} {one.id}: {one.field}" for one in findings[:TOLD])
    message = f"the backup's record has {len(findings)} faults ({first}); --force takes it as it is"
    raise RefusedError(message)


async def _restore_server(file: Path, location: Location, aside: str, *, force: bool) -> Restored:
    name = make_url(location.dsn).database or ""
    there = await dumps.exists(location)
    url = _url(location)
    claimed = there and not await dumps.is_empty(location) and await _claim(url, force=force)
    staged = dumps.beside(location, f"{name}_restoring_{uuid.uuid4().hex[:8]}")
    before, old = f"{name}_{aside.replace('-', '_').lower()}" if there else None, location
    try:
        await dumps.create(staged)
        await dumps.load_dump(file, staged)
        await asyncio.to_thread(upgrade, _url(staged))
        findings, checked = await audited(_url(staged))
        _judge(findings, force=force)
        batch = await dumps.let_go(staged)
        await dumps.swap(location, staged, before)
        old = dumps.beside(location, before) if before else location
    except BaseException:
        with suppress(StoreError):
            await dumps.drop(staged)
        raise
    finally:
        if claimed:
            await dumps.let_go(old)
    return Restored(batch, checked, before, findings)


def _url(location: Location) -> str:
    return make_url(location.dsn).set(drivername=POSTGRES).render_as_string(hide_password=False)
