"""`python -m app candles`: what is typed, what is answered, and how it fails."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from app.commands import candles as command
from app.store.history import History
from tests.research.series import START, candles

FRAME = candles(300)
MINT = "DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263"
MINUTE = 60_000
Run = Callable[..., Any]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("AUTOTRADER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    return lambda *words: runner.invoke(command.cli, ["candles", *map(str, words)])


def lines(result: Any) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_file_is_imported_listed_shown_and_deleted(run: Run, tmp_path: Path) -> None:
    FRAME.write_csv(tmp_path / "bonk.csv")
    first = run("import", "bonk.csv", "--token", MINT, "--symbol", "BONK")
    assert first.exit_code == 0, first.output
    assert first.stdout == f"{MINT} 1m: 300 candles are new\n"
    again = lines(run("import", "bonk.csv", "--token", MINT, "--symbol", "BONK", "--json"))
    assert (again[0]["added"], again[0]["replaced"], again[0]["candles"]) == (0, 0, 300)
    (entry,) = lines(run("list", "--json"))
    assert (entry["symbol"], entry["candles"], entry["source"]) == ("BONK", 300, "file")
    assert MINT in run("list").stdout
    shown = run("show", "BONK", "1h", "--from", "2024-10-04T01:00", "--to", "2024-10-04T03:00")
    hours = pl.read_csv(shown.stdout.encode())
    assert hours["time"].to_list() == [START + 60 * MINUTE, START + 120 * MINUTE]
    assert lines(run("show", MINT, "5m", "--json"))[0]["time"] == START
    assert run("delete", MINT, "1m").stdout == f"{MINT} 1m is deleted\n"
    assert run("list").stdout == "nothing is stored yet\n"


def test_what_a_file_says_wrong_is_told(run: Run, tmp_path: Path) -> None:
    bad = pl.int_range(300).is_in([7, 8])
    broken = FRAME.with_columns(close=pl.when(bad).then(-1.0).otherwise(pl.col("close")))
    other = FRAME[20:21].with_columns(volume=pl.lit(1.0))
    pl.concat([broken[:100], broken[150:], other, FRAME[:1]]).write_csv(tmp_path / "x.csv")
    refused = run("import", "x.csv", "--token", "X")
    assert refused.exit_code == 2
    assert refused.stdout == ""
    assert "2 of 252 rows are no candles, nothing was imported:" in refused.stderr
    assert "row 9, close: found '-1.0', expected a finite number above 0" in refused.stderr
    assert run("list").stdout == "nothing is stored yet\n"
    told = run("import", "x.csv", "--token", "X", "--skip-bad", "--fill", "previous_close")
    assert told.exit_code == 0, told.output
    assert told.stdout.splitlines() == [
        "X 1m: 300 candles are new",
        "2 rows are no candles and were left out:",
        "  row 9, close: found '-1.0', expected a finite number above 0",
        "  row 10, close: found '-1.0', expected a finite number above 0",
        "2 rows were out of order and were sorted in",
        "1 rows said the same again and were dropped",
        "1 rows were overruled by later ones of the same time: 2024-10-04 00:20:00",
        "2 gaps, 52 candles missing, 52 flat candles were put there:",
        "  2024-10-04 00:07:00 to 2024-10-04 00:08:00",
        "  2024-10-04 01:40:00 to 2024-10-04 02:29:00",
    ]
    FRAME.write_csv(tmp_path / "good.csv")
    better = run("import", "good.csv", "--token", "X")
    assert better.stdout.splitlines()[1] == "53 stored candles were replaced by the file's"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("import", "nothing.csv", "--token", "X"), "No such file"),
        (("import", "good.csv", "--token", "../x"), "cannot name stored candles"),
        (("import", "good.csv", "--token", "X", "--timeframe", "2m"), "no timeframe '2m'"),
        (("import", "good.csv", "--token", "X", "--fill", "linear"), "linear"),
        (("delete", "X", "1m"), "stored: nothing"),
        (("delete", "../x", "1m"), "cannot name stored candles"),
        (("show", "X", "1m"), "stored: nothing"),
        (("show", "X", "7m"), "no timeframe '7m'"),
        (("download", MINT, "--from", "yesterday"), "yesterday"),
        (("download", MINT, "--from", "2024-01-02", "--to", "2024-01-01"), "before --to"),
        (("download", "x", "--from", "2024-01-01"), "base58"),
        (("collect",), "upgrade the schema"),
        (("collect", "--database-url", "mysql://x"), "mysql"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_few_lines(
    run: Run, tmp_path: Path, words: tuple[str, ...], why: str
) -> None:
    FRAME.write_csv(tmp_path / "good.csv")
    result = run(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert why in " ".join(result.stderr.split()), result.stderr
    assert "Traceback" not in result.stderr
    assert len(result.stderr.splitlines()) <= 10


def test_a_symbol_cannot_write_to_the_terminal(run: Run, tmp_path: Path) -> None:
    history = History(tmp_path / "data" / "history" / "shared")
    history.merge("X", "[red]\x1b[2J[/nothing]", "1m", FRAME, "file")
    shown = run("list").stdout
    assert "[red] [2J[/nothing]" in shown
    assert "\x1b" not in shown
