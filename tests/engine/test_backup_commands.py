"""`python -m app backup` and `restore`: what is typed, what is answered, and how it fails."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.__main__ import cli
from app.store.location import locate

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOTRADER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


def typed(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def test_there_and_back(database_url: str, tmp_path: Path) -> None:
    made = typed("backup", "--database-url", database_url)
    assert made.exit_code == 0, made.output
    (file,) = (tmp_path / "data" / "backups").iterdir()
    assert made.stdout.startswith(f"{file}: ")
    assert made.stdout.endswith("up to batch 0; 0 wallets and trades checked, 0 faults\n")
    told = typed("backup", "--database-url", database_url, "--to", "mine.db", "--json")
    assert json.loads(told.stdout)["path"] == "mine.db"
    assert typed("restore", "mine.db", "--data-dir", "new").stdout == (
        "restored up to batch 0; 0 wallets and trades checked, 0 faults\n"
    )
    assert typed("audit", "--database-url", "sqlite+aiosqlite:///new/autotrader.db").exit_code == 0
    again = typed("restore", "mine.db", "--data-dir", "new")
    assert again.exit_code == 0
    assert "what was there before is new/autotrader.db.before-restore-" in again.stdout


def test_what_cannot_be_done_is_said_in_one_line(database_url: str, tmp_path: Path) -> None:
    path = locate(database_url).path
    for words, answer in (
        (("backup", "--database-url", database_url, "--to", path), "is the database itself"),
        (("backup", "--database-url", "sqlite+aiosqlite:///none.db"), "none.db is not there"),
        (("restore", "none.db", "--data-dir", "new"), "No such file"),
        (("restore", __file__, "--data-dir", "new"), "is no backup of this platform"),
        (("restore", path, "--data-dir", "new", "--database-url", "x"), "say either"),
        (("restore", path, "--database-url", "mysql://x"), "use sqlite+aiosqlite"),
    ):
        result = typed(*words)
        assert result.exit_code == 2
        assert answer in result.stderr
        assert result.stderr.count("\n") == 1
    assert not (tmp_path / "none.db").exists()
    assert not (tmp_path / "new" / "autotrader.db").exists()
