"""Strangers' files are read elsewhere: what they do to their reader harms nobody else."""

import json
import os
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from app.research.importing import BadRowsError, Options, read_file
from app.research.importing_apart import read_apart, read_here
from app.research.importing_names import ImportFailedError
from app.research.importing_report import report
from tests.research.series import candles

FRAME = candles(50)


def test_it_says_what_reading_here_says(tmp_path: Path) -> None:
    path = tmp_path / "candles.csv"
    pl.concat([FRAME[:20], FRAME[25:], FRAME[:1]]).write_csv(path)
    options = Options(timeframe="1m", fill="previous_close")
    here, apart = read_file(path, options), read_apart(path, options)
    assert_frame_equal(apart.frame, here.frame)
    assert apart.report == json.loads(json.dumps(report(here)))


def test_it_fails_as_reading_here_fails(tmp_path: Path) -> None:
    path = tmp_path / "candles.csv"
    FRAME.with_columns(close=pl.lit(-1.0)).write_csv(path)
    with pytest.raises(BadRowsError) as here:
        read_file(path)
    with pytest.raises(BadRowsError) as apart:
        read_apart(path, Options())
    assert str(apart.value) == str(here.value)
    assert apart.value.bad == here.value.bad
    told = read_here(path, tmp_path / "never", Options())
    assert (told["count"], told["rows"]) == (50, 50)
    path.write_bytes(b"PAR1")
    with pytest.raises(ImportFailedError, match="cannot be read"):
        read_apart(path, Options())
    with pytest.raises(ImportFailedError, match="No such file"):
        read_apart(tmp_path / "nothing", Options())


@pytest.mark.skipif(os.name != "posix", reason="memory is bounded on POSIX only")
def test_a_file_that_unpacks_to_more_than_there_may_be_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.parquet"
    zeros = "1" + "0" * 4_000_000
    wide = candles(60).with_columns(open=pl.Series([f"{zeros}{row}" for row in range(60)]))
    wide.write_parquet(path, compression="zstd")
    assert path.stat().st_size < 1024**2
    with pytest.raises(ImportFailedError, match="more memory than it may"):
        read_apart(path, Options(), memory=900 * 1024**2)


def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "candles.csv"
    FRAME.write_csv(path)
    with pytest.raises(ImportFailedError, match=r"longer than 0\.001 s"):
        read_apart(path, Options(), seconds=0.001)


def test_the_reader_knows_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOTRADER_DATABASE_URL", "nonsense that nothing here could start with")
    path = tmp_path / "candles.csv"
    FRAME.write_csv(path)
    assert read_apart(path, Options()).report["rows"] == 50
