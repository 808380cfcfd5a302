"""A disk that loses power: what was not flushed is there in part, in any order, or not at all.

The platform's own writer runs over it: `Driver` takes the place of the `sqlite3` module that opens
connections, and what it opens is SQLite over files that remember what was flushed. Readers see
every write at once, as from a page cache. At the cut everything written since a file's last flush
is kept or lost sector by sector, by chance.

Two things differ from the platform's own connection: the index of the log is in memory (the lock is
exclusive), because shared memory would not survive a cut either; and names of files are on the disk
at once, which SQLite makes sure of by flushing the folder.
"""

import random
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import apsw

SECTOR = 512
KEPT = (0.0, 0.5, 0.9, 1.0)
"""Shares of what was not flushed that a cut leaves; one is chosen at each."""


class PowerCutError(Exception):
    """The power is off."""


class Write(NamedTuple):
    """Bytes that are not flushed yet; None cuts the file off at `offset`."""

    offset: int
    data: bytes | None


class Disk:
    """Files and what of them is flushed; the power goes off at an operation of a number."""

    def __init__(self, chance: random.Random, operations: int) -> None:
        self.chance = chance
        self.left = operations
        self.flushes = 0
        self.flushed: dict[str, bytearray] = {}
        self.waiting: dict[str, list[Write]] = {}

    @property
    def is_off(self) -> bool:
        """Tell whether the power is gone."""
        return self.left <= 0

    def see(self, path: str) -> None:
        """Take what a file holds when it is opened first as flushed."""
        if path not in self.flushed:
            there = Path(path)
            self.flushed[path] = bytearray(there.read_bytes() if there.exists() else b"")
            self.waiting[path] = []

    def spend(self) -> None:
        """Count an operation. Raises PowerCutError from the chosen one on."""
        self.left -= 1
        if self.is_off:
            raise PowerCutError

    def write(self, path: str, write: Write) -> None:
        """Remember a write; the cut may come between it and the next."""
        self.waiting[path].append(write)
        self.spend()

    def flush(self, path: str) -> None:
        """Make what was written to a file stay, unless the power goes meanwhile."""
        self.spend()
        self.flushes += 1
        for write in self.waiting[path]:
            _apply(self.flushed[path], write)
        self.waiting[path].clear()

    def delete(self, path: str) -> None:
        """Forget a file."""
        self.spend()
        self.flushed.pop(path, None)
        self.waiting.pop(path, None)

    def leave(self) -> None:
        """Write to the real files what the cut has left of them."""
        for path, image in self.flushed.items():
            share = self.chance.choice(KEPT)
            for write in self.waiting[path]:
                for part in self._parts(write):
                    if self.chance.random() < share:
                        _apply(image, part)
            Path(path).write_bytes(image)

    def _parts(self, write: Write) -> Iterable[Write]:
        """Take a write apart into the sectors that a disk writes whole."""
        if write.data is None:
            yield write
            return
        start = 0
        while start < len(write.data):
            end = start + SECTOR - (write.offset + start) % SECTOR
            yield Write(write.offset + start, write.data[start:end])
            start = end


def _apply(image: bytearray, write: Write) -> None:
    if write.data is None:
        del image[write.offset :]
        return
    missing = write.offset - len(image)
    if missing > 0:
        image.extend(bytes(missing))
    image[write.offset : write.offset + len(write.data)] = write.data


class PoweredFile(apsw.VFSFile):
    """A file on a disk that may lose its power."""

    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        self._disk = disk
        self._path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        disk.see(self._path)
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802  # SQLite's name
        self._disk.write(self._path, Write(offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        self._disk.write(self._path, Write(newsize, None))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802
        """Flush in the books only: the real disk is not what is tested."""
        del flags
        self._disk.flush(self._path)

    def excepthook(self, *_: Any) -> bool:
        """Say nothing: whoever closes a file without power cannot do more about it."""
        return True


class PoweredFiles(apsw.VFS):
    """The files of a disk, under a name for SQLite."""

    def __init__(self, name: str, disk: Disk) -> None:
        self.name = name
        self._disk = disk
        super().__init__(name, base="")

    def xOpen(self, name: Any, flags: list[int]) -> PoweredFile:  # noqa: N802
        return PoweredFile(self._disk, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        self._disk.delete(filename)
        super().xDelete(filename, syncdir)

    def excepthook(self, *_: Any) -> bool:
        """Say nothing, as above."""
        return True


class Driver:
    """Stands where a module has `sqlite3`: the same in everything, but its files lose power."""

    def __init__(self, disk: Disk, *, synchronous: str = "FULL", checkpoint: int = 1_000) -> None:
        self._files = PoweredFiles(f"powered-{id(disk)}", disk)
        self._synchronous = synchronous
        self._checkpoint = checkpoint

    def __getattr__(self, name: str) -> Any:
        return getattr(sqlite3, name)

    def connect(self, path: Path, **_: Any) -> "Connection":
        """Open a connection as the platform asks for it."""
        return Connection(path, self._files.name, self._synchronous, self._checkpoint)

    def close(self) -> None:
        """Take the files' name from SQLite."""
        self._files.unregister()


class Connection:
    """As much of `sqlite3.Connection` as the writer uses, over APSW."""

    def __init__(self, path: Path, vfs: str, synchronous: str, checkpoint: int) -> None:
        self._synchronous = synchronous
        self._apsw = apsw.Connection(str(path), vfs=vfs)
        self.rowcount = 0
        self._rows: list[Any] = []
        self.execute("PRAGMA locking_mode=EXCLUSIVE")
        self.execute(f"PRAGMA wal_autocheckpoint={checkpoint}")

    @property
    def in_transaction(self) -> bool:
        return self._apsw.in_transaction

    def execute(self, text: str, values: Sequence[Any] = ()) -> "Connection":
        return self.executemany(text, [values])

    def executemany(self, text: str, several: Iterable[Sequence[Any]]) -> "Connection":
        """Run a statement for each of several values; counts rows as `sqlite3` does."""
        text = text.replace("synchronous=FULL", f"synchronous={self._synchronous}")
        changed, self._rows = 0, []
        try:
            for values in several:
                self._rows = list(self._apsw.execute(text, tuple(values)))
                changed += self._apsw.changes()
        except (apsw.Error, PowerCutError) as error:
            raise _translated(error) from error
        self.rowcount = changed
        return self

    def fetchall(self) -> list[Any]:
        return self._rows

    def fetchone(self) -> Any:
        return self._rows[0] if self._rows else None

    def close(self) -> None:
        try:
            self._apsw.close(True)
        except (apsw.Error, PowerCutError):
            return


def _translated(error: Exception) -> sqlite3.OperationalError:
    """Write an error as the driver of the platform would."""
    told = sqlite3.OperationalError(str(error) or type(error).__name__)
    told.sqlite_errorcode = getattr(error, "extendedresult", sqlite3.SQLITE_IOERR)
    return told
