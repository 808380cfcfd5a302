"""A SQLite database as one file that stands for itself: copied while others write, then checked.

A copy is what one reader sees: everything up to one commit and nothing of the next, however many
commits pass meanwhile. It is in no write-ahead mode, so that the one file is all of it.
"""

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from app.store.errors import BrokenCopyError, StoreUnavailableError
from app.store.files import make_file
from app.store.sqlite import BUSY_TIMEOUT_MS, connect, explain

PAGES = 1_000
PAUSE_SECONDS = 0.002
"""After so many pages the disk is left to the journal's flushes for a moment."""

MOST_TOLD = 3

_BATCH = "SELECT batch FROM engine_lease WHERE id = 1"
_REVISION = "SELECT version_num FROM alembic_version"
_LET_GO = "UPDATE engine_lease SET owner = 'nobody', epoch = epoch + 1, expires_at = 0"


class Cut(NamedTuple):
    """Where a copy ends: the last batch in it, and the revision of its schema."""

    batch: int
    revision: str


def copy_database(source: Path, target: Path) -> Cut:
    """Copy a database as it is at one moment, and make the copy durable and our user's only.

    Raises StoreError; what was written of the copy is then still there.
    """
    if not source.is_file():
        message = f"{source} is not there"
        raise StoreUnavailableError(message)
    try:
        make_file(target)
        with (
            closing(connect(source, readonly=True, busy_timeout_ms=BUSY_TIMEOUT_MS)) as read,
            closing(sqlite3.connect(target, isolation_level=None)) as written,
        ):
            read.execute("BEGIN")  # one moment for all steps: no commit makes them begin again
            cut = _cut(read, source)
            read.backup(written, pages=PAGES, progress=_pause)
            read.execute("ROLLBACK")
            written.execute("PRAGMA journal_mode=DELETE")
    except (OSError, sqlite3.Error) as error:
        raise explain(error) from error
    return cut


def _pause(status: int, remaining: int, total: int) -> None:
    del status, total
    if remaining:
        time.sleep(PAUSE_SECONDS)


def _cut(connection: sqlite3.Connection, path: Path) -> Cut:
    try:
        batch = connection.execute(_BATCH).fetchone()
        (revision,) = connection.execute(_REVISION).fetchone()
    except (sqlite3.Error, TypeError) as error:
        message = f"{path} is no database of this platform"
        raise BrokenCopyError(message) from error
    return Cut(batch[0] if batch else 0, revision)


def check_database(path: Path) -> None:
    """Read every page, index and reference of a copy. Raises BrokenCopyError for a fault."""
    try:
        with closing(connect(path, readonly=True, busy_timeout_ms=0)) as connection:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.Error as error:
        message = f"{path} cannot be read whole: {error}"
        raise BrokenCopyError(message) from error
    if found != ["ok"]:
        message = f"{path} is damaged: {'; '.join(found[:MOST_TOLD])}"
        raise BrokenCopyError(message)
    if orphans:
        message = f"{path} has {len(orphans)} rows that refer to nothing, first in {orphans[0][0]}"
        raise BrokenCopyError(message)


def let_go(path: Path) -> None:
    """Take the lease in a copy from whoever held it at the cut: a new epoch, and nobody's."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(_LET_GO)


def fold_log(path: Path) -> bool:
    """Bring the write-ahead log into its database; false when somebody else has it open."""
    try:
        with closing(sqlite3.connect(path, timeout=1.0, isolation_level=None)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            return False
        if error.sqlite_errorcode not in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}:
            raise explain(error) from error
    # The last one who closes a database removes its log.
    return not path.with_name(path.name + "-wal").exists()
