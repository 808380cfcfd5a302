"""`python -m app backtest` and `sweep`: options, answers, and how they end."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from app.__main__ import cli
from app.research import typed
from app.research.checking import Misfit
from app.store.history_library import shared_history
from app.trading.entry import CANDLE_SCHEMA
from tests.api.runs import SHAPES, backtest, rows, sweep

ROOT = Path(__file__).parents[2]


def run(*words: str, folder: Path) -> Result:
    """Run a command in this process: a new one takes seconds to import."""
    given = {"AUTOTRADER_DATA_DIR": str(folder), "COLUMNS": "160"}
    return CliRunner().invoke(cli, words, env=given)


def asked(folder: Path, body: dict[str, Any]) -> str:
    file = folder / "request.json"
    file.write_text(json.dumps(body))
    return str(file)


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """Store candles that everybody may read."""
    found = [[row[0] * 1000, *row[1:]] for row in rows(1_500)]
    frame = pl.DataFrame(found, schema=CANDLE_SCHEMA, orient="row")
    shared_history(tmp_path).merge("WAVE-SOL", "WAVE", "5m", frame, "test")
    return tmp_path


def test_a_backtest_by_options(stored: Path) -> None:
    report = stored / "report.html"
    words = "--token WAVE --timeframe 5m --strategy sma_crossover --param fast=5 --param slow=15"
    more = "--stop-loss 0.1 --trailing-stop none --take-profit 0.1:0.5 --preset jupiter"
    limit = "--risk max_open_positions=2 --price-path ohlc --from 2023-11-15 --to 2023-11-19"
    options = f"{words} {more} {limit} --report {report}".split()
    found = run("backtest", *options, folder=stored)
    assert found.exit_code == 0, found.stderr
    assert "WAVE 5m, 2023-11-15 00:00:00" in found.stdout
    for title in ("Net P&L", "Profit factor", "Sharpe", "candles a second"):
        assert title in found.stdout
    assert "backtest" in found.stderr
    assert "<h1>Backtest of WAVE</h1>" in report.read_text()
    told = run("backtest", *options, "--json", folder=stored)
    result = json.loads(told.stdout)
    SHAPES["backtests"].validate_python(result)
    assert result["request"]["exit"] == {
        "stop_loss": 0.1,
        "trailing_stop": None,
        "take_profit": [[0.1, 0.5]],
    }
    assert result["request"]["risk"] == {"max_open_positions": 2}
    assert result["statistics"]["trades"] > 0


def test_a_sweep_by_options(stored: Path) -> None:
    report = stored / "report.html"
    words = "--token WAVE --timeframe 15m --param fast=3,5 --param slow=12:20:4"
    options = f"{words} --exit stop_loss=0.05,0.1 --objective sharpe --report {report}".split()
    found = run("sweep", *options, "--rows", "3", folder=stored)
    assert found.exit_code == 0, found.stderr
    assert "Deflated Sharpe" in found.stdout
    assert "┃ No. ┃ fast ┃ slow ┃ stop_loss ┃ In P&L ┃" in found.stdout
    assert "Best 12 of 12" in report.read_text()
    result = json.loads(run("sweep", *options, "--json", folder=stored).stdout)
    SHAPES["sweeps"].validate_python(result)
    assert result["combinations"] == len(result["rows"]) == 12
    assert result["objective"] == "sharpe"


def test_a_request_in_a_file(tmp_path: Path) -> None:
    file = asked(tmp_path, backtest(500))
    found = run("backtest", "--request", file, "--stop-loss", "0.3", "--json", folder=tmp_path)
    result = json.loads(found.stdout)
    assert result["candles"] == 500
    assert result["request"]["exit"] == {"stop_loss": 0.3}
    assert "rows" not in result["request"]["candles"]


BAD = {
    "no candles": ("backtest", "candles: Field required"),
    "backtest --token NOPE": ("", "candles.token: there are no candles of NOPE"),
    "sweep --token NOPE": ("", "candles.token: there are no candles of NOPE"),
    "backtest --token X --strategy y": ("", "entry.strategy: unknown strategy 'y'"),
    "backtest --token X --param fast": ("", "--param: write it as name=value, not 'fast'"),
    "backtest --token X --param a=1 --param a=2": ("", "--param: a is given twice"),
    "backtest --token X --take-profit 1,2": ("", "--take-profit: write tiers as gain:portion"),
    "backtest --token X --stop-loss 3": ("", "exit.stop_loss: Input should be less than 1"),
    "backtest --token X --risk colour=1": ("", "risk.colour: Extra inputs are not permitted"),
    "backtest --request /nowhere.json": ("", "--request: /nowhere.json cannot be read"),
    "sweep --token X --exit stop_los=1": ("", "exit.stop_los: an exit plan has no such field"),
    "sweep --token X --method magic": ("", "search.method: Input should be 'grid'"),
}


@pytest.mark.parametrize("typed_words", BAD)
def test_what_cannot_be_run_is_said_in_a_line(tmp_path: Path, typed_words: str) -> None:
    instead, words = BAD[typed_words]
    found = run(*(instead or typed_words).split(), folder=tmp_path)
    assert found.exit_code == 2
    assert found.stdout == ""
    assert words in found.stderr
    assert len(found.stderr.splitlines()) == 1


def test_a_report_that_cannot_be_written(tmp_path: Path) -> None:
    file = asked(tmp_path, backtest(200))
    found = run("backtest", "--request", file, "--report", "/nowhere/x.html", folder=tmp_path)
    assert found.exit_code == 2
    assert "--report: /nowhere/x.html cannot be written" in found.stderr


INTERRUPTED = """
import os, signal, threading
from app.__main__ import cli
threading.Timer(2, os.kill, (os.getpid(), signal.SIGINT)).start()
cli()
"""


def test_ctrl_c_ends_it_cleanly(tmp_path: Path) -> None:
    body = sweep(
        20_000,
        exit={"stop_loss": {"min": 0.01, "max": 0.5}},
        search={"method": "random", "samples": 5_000},
        walk_forward=20,
    )
    words = ["sweep", "--request", asked(tmp_path, body), "--data-dir", str(tmp_path)]
    script = [sys.executable, "-c", INTERRUPTED, *words]
    ended = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 130, ended.stderr
    assert ended.stdout == ""
    assert "cancelled; nothing is kept" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_words_become_values() -> None:
    assert [typed.plain(word) for word in ("1", "0.5", "true", "none", "x", "[1,2]")] == [
        1,
        0.5,
        True,
        None,
        "x",
        [1, 2],
    ]
    assert typed.several("5,10") == [5, 10]
    assert typed.several("5:50:5") == {"min": 5, "max": 50, "step": 5}
    assert typed.several("0.1:0.5") == {"min": 0.1, "max": 0.5}
    assert typed.several("[[0.3,0.5]]") == [[0.3, 0.5]]
    assert typed.several("x") == "x"
    assert typed.limits(["defaults"]) == {"risk": {}}
    assert typed.tiers("none") == {"take_profit": []}
    value: dict[str, Any] = {"candles": [{"token": "A"}, {"token": "B"}], "entry": [{}, {}]}
    typed.with_candles(value, None, "1h", (None, None))
    assert value["candles"] == [
        {"token": "A", "timeframe": "1h"},
        {"token": "B", "timeframe": "1h"},
    ]
    with pytest.raises(Misfit, match="the request has several"):
        typed.into(value, "entry", {"strategy": "x"})
