"""What the platform makes for its data is its own user's, whatever the umask allows."""

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI

from app import main
from app.engine.backups import FOLDER, back_up, url_of
from app.engine.restoring import restore
from app.store.files import is_open_to_others, lock_file, make_file, replace_file
from app.store.journal import Journal
from app.store.location import locate
from app.store.vault import Vault
from tests.databases import (
    database_kind,
    database_url,
    postgres_server,
    postgres_template,
    sqlite_template,
    unmigrated_url,
)
from tests.logs import heard

__all__ = [
    "database_kind",
    "database_url",
    "postgres_server",
    "postgres_template",
    "sqlite_template",
    "unmigrated_url",
]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="there are no modes")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _everything_allowed() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    """Give the mode of a folder and of whatever is below it, by path."""
    found = [folder, *folder.rglob("*")]
    return {str(path.relative_to(folder)): stat.S_IMODE(path.stat().st_mode) for path in found}


def ours(folder: Path) -> set[str]:
    """Name everything in a folder, all of which must be nobody else's."""
    told = modes(folder)
    folders = {name for name in told if (folder / name).is_dir()}
    assert all(told[name] == (0o700 if name in folders else 0o600) for name in told), told
    return told.keys() - folders


@on_sqlite
async def test_a_new_database_and_its_logs_are_ours(unmigrated_url: str, tmp_path: Path) -> None:
    app = FastAPI()
    async with AsyncExitStack() as stack:
        with heard() as lines:
            await main.open_store(app, unmigrated_url, stack)
        name = f"folder/{locate(unmigrated_url).path.name}"
        assert ours(tmp_path / "new") == {name, f"{name}-wal", f"{name}-shm"}
    assert lines == []


async def test_backups_are_ours(database_url: str, tmp_path: Path) -> None:
    made = await back_up(database_url, tmp_path / "data" / FOLDER, NOW)
    assert ours(tmp_path / "data") == {f"{FOLDER}/{made.path.name}"}


@on_sqlite
async def test_what_is_restored_is_ours(database_url: str, tmp_path: Path) -> None:
    await (await Journal.open(database_url)).close()
    place = tmp_path / "new" / "folder" / "restored.db"
    await restore(locate(database_url).path, url_of(place), NOW)
    assert ours(tmp_path / "new") == {"folder/restored.db"}


def test_folders_of_other_data_are_ours(tmp_path: Path) -> None:
    replace_file(tmp_path / "one" / "two" / "file", lambda file: file.write(b"known to all"))
    with lock_file(tmp_path / "three" / "lock"):
        Vault(tmp_path / "four").close_up("secret", "about")
    told = modes(tmp_path)
    assert {told[name] for name in ("one", "one/two", "three", "four")} == {0o700}
    assert told["three/lock"] == told["four/secrets.key"] == 0o600


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Make a folder that everybody may enter; those above pytest's own are closed."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@on_sqlite
async def test_what_is_there_stays_as_it_is_and_is_told_once(
    database_url: str, open_folder: Path
) -> None:
    path = open_folder / "known.db"
    locate(database_url).path.rename(path).chmod(0o640)
    app = FastAPI()
    async with AsyncExitStack() as stack:
        with heard() as lines:
            await main.open_store(app, url_of(path), stack)
    assert [line["event"] for line in lines] == [
        "other users of this machine can read the database"
    ]
    assert lines[0]["file"] == str(path)
    assert (modes(open_folder)["known.db"], modes(open_folder)["."]) == (0o640, 0o755)


def test_a_file_in_a_closed_folder_is_open_to_nobody(open_folder: Path) -> None:
    file = open_folder / "file"
    file.touch(0o644)
    make_file(file)
    assert is_open_to_others(file)
    open_folder.chmod(0o700)
    assert not is_open_to_others(file)
