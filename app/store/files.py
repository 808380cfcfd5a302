"""Files that are there as a whole or not at all, whatever dies meanwhile, and nobody else's.

What the platform makes for its data is its own user's (modes 0700 and 0600, where the system has
modes); what is there already stays as it is.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # pragma: no cover  # Windows has another one, and there nobody shares a folder
    fcntl = None  # type: ignore[assignment]


FOLDER_MODE, FILE_MODE = 0o700, 0o600
OTHERS_READ, OTHERS_ENTER = 0o044, 0o011


def make_folders(folder: Path) -> None:
    """Make a folder, and those above it that are not there, for our user only. Raises OSError."""
    for above in reversed([one for one in folder.parents if not one.exists()]):
        above.mkdir(mode=FOLDER_MODE, exist_ok=True)
    folder.mkdir(mode=FOLDER_MODE, exist_ok=True)


def make_file(path: Path) -> None:
    """Make an empty file for our user only, unless something has its name. Raises OSError.

    One that is there is not even opened: to close it would let go of SQLite's locks on it.
    """
    if path.exists():
        return
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, FILE_MODE))


def is_open_to_others(path: Path) -> bool:
    """Tell whether a file, and the folders above it, let other users of the machine read it.

    Where the system has no modes nobody can tell, and the answer is no. Raises OSError.
    """
    if os.name != "posix" or not path.stat().st_mode & OTHERS_READ:
        return False
    return all(above.stat().st_mode & OTHERS_ENTER for above in path.resolve().parents)


def replace_file(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write a file under another name, make it durable, then give it its name.

    Its folder is made when it is not there. Raises OSError; the file is then as it was.
    """
    make_folders(path.parent)
    half = path.with_suffix(".part")
    try:
        with half.open("wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    except BaseException:
        with suppress(OSError):
            half.unlink(missing_ok=True)
        raise
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Make a folder's new names durable, where the system can."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def lock_file(path: Path) -> Iterator[None]:
    """Wait until no other process or thread holds a lock file, and hold it. Raises OSError.

    It is let go when its holder dies; the empty file stays.
    """
    make_folders(path.parent)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, FILE_MODE)
    try:
        if fcntl is not None:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
