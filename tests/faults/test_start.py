"""A database that cannot be used when the platform starts: one line says so, and what helps."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from app.store.errors import StoreDamagedError, StoreUnavailableError
from app.store.journal import Journal
from tests.programs import free_port

ROOT = Path(__file__).resolve().parents[2]
FAILED = 3
"""How the server says that nothing started."""

WRITE_VERSION = 18
"""Where a file says who may write it; nobody, for a number that SQLite does not know."""


def start(folder: Path, url: str) -> subprocess.CompletedProcess[str]:
    """Start the platform as people do, and wait for it to give up."""
    program = ["-m", "uvicorn", "app.main:app", "--port", str(free_port())]
    known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    given = {"AUTOTRADER_DATABASE_URL": url, "AUTOTRADER_DATA_DIR": str(folder / "data")}
    return subprocess.run(
        [sys.executable, *program, "--app-dir", str(ROOT)],
        cwd=folder,
        env=known | given,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=100,
        check=False,
    )


def nonsense(path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(50_000))


def broken_page(path: Path) -> None:
    """Overwrite the page at which the wallets begin."""
    with sqlite3.connect(path) as file:
        size = file.execute("PRAGMA page_size").fetchone()[0]
        place = file.execute("SELECT rootpage FROM sqlite_master WHERE name = 'users'").fetchone()
    file.close()
    with path.open("r+b") as opened:
        opened.seek((place[0] - 1) * size)
        opened.write(random.Random(2).randbytes(size))


def readonly(path: Path) -> None:
    with path.open("r+b") as opened:
        opened.seek(WRITE_VERSION)
        opened.write(b"\x03")


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (nonsense, "the database is damaged"),
        (broken_page, "the database is damaged"),
        pytest.param(readonly, "the database cannot be used", marks=pytest.mark.slow),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_one_line(
    tmp_path: Path, sqlite_template: Path, harm: object, says: str
) -> None:
    path = tmp_path / "record.db"
    shutil.copy(sqlite_template, path)
    assert callable(harm)
    harm(path)
    ended = start(tmp_path, f"sqlite+aiosqlite:///{path}")
    assert ended.returncode == FAILED, ended.stdout
    lines = [line for line in ended.stdout.splitlines() if "did not start" in line]
    assert len(lines) == 1, ended.stdout
    assert says in lines[0]
    assert ("python -m app restore" in lines[0]) == ("damaged" in says)
    assert "Traceback" not in ended.stdout


@pytest.mark.slow
def test_a_server_that_is_not_there_is_told_without_its_password(tmp_path: Path) -> None:
    url = f"postgresql+asyncpg://me:hidden-word@127.0.0.1:{free_port()}/record"
    ended = start(tmp_path, url)
    assert ended.returncode == FAILED, ended.stdout
    assert "the database cannot be used" in ended.stdout
    assert "Traceback" not in ended.stdout
    assert "hidden-word" not in ended.stdout


@pytest.mark.parametrize(
    ("harm", "error"),
    [(nonsense, StoreDamagedError), (readonly, StoreUnavailableError)],
)
async def test_the_journal_says_what_is_wrong(
    tmp_path: Path, sqlite_template: Path, harm: object, error: type[Exception]
) -> None:
    path = tmp_path / "record.db"
    shutil.copy(sqlite_template, path)
    assert callable(harm)
    harm(path)
    with pytest.raises(error):
        await Journal.open(f"sqlite+aiosqlite:///{path}")
