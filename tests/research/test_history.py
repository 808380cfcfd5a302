"""Stored candles: what is merged can be read, names stay inside, and nothing is half there."""

import errno
import json
import multiprocessing
import os
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from app.store.errors import StoreFullError, StoreUnavailableError
from app.store.history import History, HistoryEntry
from app.store.history_candles import digest, resample
from app.store.history_errors import (
    HistoryDamagedError,
    HistoryNotFoundError,
    NoCandlesError,
    UnknownTimeframeError,
    UnsafeNameError,
)
from app.trading.entry import CANDLE_SCHEMA
from app.trading.market import TIMEFRAMES
from tests.research.series import DAY, START, candles

MINT = "DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263"
MINUTE = TIMEFRAMES["1m"]


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "history")


def put(
    history: History, frame: pl.DataFrame, timeframe: str = "1m", **changes: Any
) -> tuple[int, int, int]:
    words = {"token": MINT, "symbol": "BONK", "source": "file"} | changes
    token, symbol, source = words.pop("token"), words.pop("symbol"), words.pop("source")
    return history.merge(token, symbol, timeframe, frame, source, **words)


@pytest.mark.parametrize("timeframe", TIMEFRAMES)
def test_what_is_merged_is_read(history: History, timeframe: str) -> None:
    width = TIMEFRAMES[timeframe]
    frame = candles(1_000, timeframe, start=START - 300 * width)
    assert put(history, frame, timeframe) == (1_000, 0, 0)
    assert_frame_equal(history.read(MINT, timeframe), frame)
    since, until = START - width // 2, START + 7 * width
    assert history.read(MINT, timeframe, since, until)["time"].to_list() == [
        START + number * width for number in range(7)
    ]
    assert history.entries() == [
        HistoryEntry(
            token=MINT,
            symbol="BONK",
            timeframe=timeframe,
            first=START - 300 * width,
            last=START + 699 * width,
            candles=1_000,
            gaps=0,
            missing=0,
            source="file",
        )
    ]


@given(
    cuts=st.lists(st.tuples(st.integers(0, 400), st.integers(1, 200)), min_size=1, max_size=4),
    many=st.data(),
)
def test_merging_is_overwriting(
    tmp_path_factory: pytest.TempPathFactory,
    cuts: list[tuple[int, int]],
    many: st.DataObject,
) -> None:
    history = History(tmp_path_factory.mktemp("history"))
    kept: dict[int, tuple[float, ...]] = {}
    for number, (first, rows) in enumerate(cuts):
        replace = many.draw(st.booleans())
        frame = candles(rows, "4h", start=START + first * TIMEFRAMES["4h"], seed=number)
        said = {row[0]: row for row in frame.rows()}
        added = len(said.keys() - kept.keys())
        both = said.keys() & kept.keys()
        changed = sum(said[time] != kept[time] for time in both) if replace else 0
        kept = {**kept, **said} if replace else {**said, **kept}
        times = sorted(kept)
        gaps = sum(b - a > TIMEFRAMES["4h"] for a, b in pairwise(times))
        assert put(history, frame, "4h", replace=replace) == (added, changed, gaps)
    assert history.read(MINT, "4h").rows() == [kept[time] for time in sorted(kept)]
    entry = history.entry(MINT, "4h")
    span = (entry.last - entry.first) // TIMEFRAMES["4h"] + 1
    assert (entry.candles, entry.missing) == (len(kept), span - len(kept))


def test_the_same_candles_again_change_no_file(history: History) -> None:
    frame = candles(2_000, "5m")
    put(history, frame, "5m")
    before = {path: path.stat().st_mtime_ns for path in history.folder.rglob("*.*")}
    assert put(history, frame, "5m") == (0, 0, 0)
    assert {path: path.stat().st_mtime_ns for path in history.folder.rglob("*.*")} == before


def test_a_timeframe_that_is_not_stored_is_made_of_a_finer_one(history: History) -> None:
    fine = candles(3 * 1_440 + 30)
    put(history, fine)
    put(history, candles(10, "1s"), "1s")
    hours = resample(fine, "1m", "1h")
    assert_frame_equal(history.read(MINT, "1h"), hours)
    assert hours.height == 72
    assert history.read(MINT, "1d").height == 3
    hour = TIMEFRAMES["1h"]
    part = history.read(MINT, "1h", START + 1, START + 2 * hour + 1)
    assert part["time"].to_list() == [START + hour, START + 2 * hour]
    # A gap at a candle's end is no reason to leave it out while there is more behind it.
    put(history, pl.concat([candles(55), candles(125)[60:]]), token="HOLES")
    assert history.read("HOLES", "1h", None, START + hour).height == 1
    with pytest.raises(HistoryNotFoundError):
        history.read("HOLES", "1s")


def test_what_is_stored_itself_comes_first(history: History) -> None:
    put(history, candles(120))
    own = candles(1, "1h", seed=9)
    put(history, own, "1h")
    assert_frame_equal(history.read(MINT, "1h"), own)


def test_a_symbol_that_one_token_has_is_enough(history: History) -> None:
    put(history, candles(5))
    assert history.read("BONK", "1m").height == 5
    put(history, candles(5), token="OTHER")
    with pytest.raises(HistoryNotFoundError, match="no candles of BONK in 1m; stored: Dez"):
        history.read("BONK", "1m")


def test_what_is_not_there_is_told_with_what_is(history: History) -> None:
    with pytest.raises(HistoryNotFoundError, match="stored: nothing"):
        history.read(MINT, "1m")
    for number in range(14):
        put(history, candles(2, "5m"), "5m", token=f"COIN{number:02}", symbol=f"C{number}")
    with pytest.raises(HistoryNotFoundError, match=r"stored: COIN00 5m, .* and 2 more"):
        history.read("COIN00", "1m")
    with pytest.raises(HistoryNotFoundError):
        history.entry("COIN00", "1h")
    with pytest.raises(UnknownTimeframeError, match="only 1s, 1m"):
        history.read("COIN00", "2m")


@pytest.mark.parametrize(
    "name",
    [
        "..",
        ".",
        "",
        "/etc/passwd",
        "../../etc",
        "a/../../b",
        "a\\..\\b",
        "a\0b",
        ".hidden",
        "ends.",
        "-rf",
        "a b",
        "a\n",
        "CON",
        "nul.x",
        "é",
        "x" * 65,
        "~root",
        "a:b",
        "%2e%2e",
    ],
)
def test_a_name_stays_in_the_folder(tmp_path: Path, name: str) -> None:
    history = History(tmp_path / "deep" / "history")
    put(history, candles(5), token="SAFE")
    before = sorted(tmp_path.rglob("*"))
    for act in (
        lambda: put(history, candles(5), token=name),
        lambda: history.read(name, "1m"),
        lambda: history.entry(name, "1m"),
        lambda: history.delete(name, "1m"),
        lambda: history.covered(name, "1m"),
        lambda: history.cover(name, "S", "1m", (0, 1), "file"),
    ):
        with pytest.raises(UnsafeNameError, match="letters, digits"):
            act()
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("timeframe", ["..", "../x", "", "2m", "1M"])
def test_a_timeframe_stays_in_the_folder(history: History, timeframe: str) -> None:
    with pytest.raises(UnknownTimeframeError):
        put(history, candles(5), timeframe)
    with pytest.raises(UnknownTimeframeError):
        history.delete(MINT, timeframe)
    assert not history.folder.exists()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda frame: frame.reverse(), "oldest first"),
        (lambda frame: pl.concat([frame, frame[-1:]]), "each once"),
        (lambda frame: frame.with_columns(pl.col("time") + 1), "a whole number of 1m"),
        (lambda frame: frame.with_columns(pl.col("time") - 3 * START), "from 1970"),
        (lambda frame: frame.with_columns(high=0.5 * pl.col("low")), "at least open"),
        (lambda frame: frame.with_columns(close=pl.lit(float("nan"))), "above 0"),
        (lambda frame: frame.with_columns(volume=-1.0), "at least 0"),
        (lambda frame: frame.with_columns(low=pl.lit(None, pl.Float64)), "above 0"),
        (lambda frame: frame.drop("volume"), "columns"),
    ],
)
def test_only_candles_are_stored(history: History, change: Any, why: str) -> None:
    with pytest.raises(NoCandlesError, match=why):
        put(history, change(candles(5)))
    assert not history.folder.exists()


def test_nothing_to_merge_makes_nothing(history: History) -> None:
    assert put(history, pl.DataFrame(schema=CANDLE_SCHEMA)) == (0, 0, 0)
    assert history.entries() == []
    assert not history.folder.exists()


def test_sources_and_the_newest_symbol_are_kept(history: History) -> None:
    put(history, candles(5), symbol="OLD", source="file")
    put(history, candles(5), symbol=f" NEW {'x' * 40}", source="download")
    put(history, candles(6), symbol="  ", source="file")
    (entry,) = history.entries()
    assert (entry.source, entry.symbol) == ("file, download", MINT[:32])


def test_covered_spans_join(history: History) -> None:
    assert history.covered(MINT, "1m") == []
    for span in ((30, 40), (0, 10), (10, 20), (35, 50)):
        history.cover(MINT, "BONK", "1m", span, "download")
    assert history.covered(MINT, "1m") == [(0, 20), (30, 50)]
    assert history.entries() == []
    put(history, candles(5))
    assert history.covered(MINT, "1m") == [(0, 20), (30, 50)]


def test_delete_takes_one_timeframe(history: History) -> None:
    put(history, candles(5))
    put(history, candles(5, "1h"), "1h")
    history.delete(MINT, "1m")
    assert [entry.timeframe for entry in history.entries()] == ["1h"]
    with pytest.raises(HistoryNotFoundError, match=r"stored: .* 1h"):
        history.delete(MINT, "1m")
    history.delete(MINT, "1h")
    assert [path.name for path in history.folder.iterdir()] == [".lock"]


def damage(history: History, name: str, content: bytes) -> None:
    (path,) = history.folder.rglob(name)
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("*.parquet", b""),
        ("*.parquet", b"PAR1" + b"\xff" * 64 + b"PAR1"),
        ("about.json", b"{}"),
        ("about.json", b"\xff"),
    ],
)
def test_a_damaged_file_is_named(history: History, name: str, content: bytes) -> None:
    put(history, candles(5))
    damage(history, name, content)
    with pytest.raises(HistoryDamagedError, match=re.escape(f"{MINT}/1m/")) as caught:
        history.entries()
    assert str(history.folder) not in str(caught.value)
    history.delete(MINT, "1m")
    assert history.entries() == []


def test_a_file_of_somebody_else_is_refused(history: History) -> None:
    put(history, candles(5))
    (path,) = history.folder.rglob("*.parquet")
    candles(5).write_parquet(path)
    with pytest.raises(HistoryDamagedError, match="import it instead"):
        history.entries()


@pytest.mark.parametrize(
    ("number", "kind"), [(errno.ENOSPC, StoreFullError), (errno.EIO, StoreUnavailableError)]
)
def test_a_full_disk_leaves_what_was_there(
    history: History, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[Exception]
) -> None:
    put(history, candles(50)[:5])

    def full(_: int) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr("app.store.files.os.fsync", full)
        with pytest.raises(kind):
            put(history, candles(50))
    assert not list(history.folder.rglob("*.part"))
    assert_frame_equal(history.read(MINT, "1m"), candles(50)[:5])
    assert put(history, candles(50)) == (45, 0, 0)


def test_a_process_that_died_left_a_half_file(history: History) -> None:
    put(history, candles(10)[:5])
    (path,) = history.folder.rglob("*.parquet")
    path.with_suffix(".part").write_bytes(b"half")
    assert history.read(MINT, "1m").height == 5
    assert put(history, candles(10)) == (5, 0, 0)
    assert not list(history.folder.rglob("*.part"))


def _write(folder: Path, first: int) -> None:
    history = History(folder)
    for number in range(first, first + 20):
        put(history, candles(1, start=START + number * MINUTE), source=f"process {first}")


def test_two_processes_lose_nothing(history: History) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(history.folder, n)) for n in (0, 20)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
        assert one.exitcode == 0
    entry = history.entry(MINT, "1m")
    assert (entry.candles, entry.missing) == (40, 0)
    assert sorted(entry.source.split(", ")) == ["process 0", "process 20"]


def test_parts_are_bounded(history: History) -> None:
    put(history, candles(90_000, "1s"), "1s")
    put(history, candles(90_000), "1m")
    put(history, candles(800, "1d"), "1d")
    found = {}
    for timeframe in ("1s", "1m", "1d"):
        folder = history.folder / MINT / timeframe
        found[timeframe] = sorted(path.stem for path in folder.glob("*.parquet"))
        assert json.loads((folder / "about.json").read_text())["token"] == MINT
    assert found == {
        "1s": ["2024-10-04", "2024-10-05"],
        "1m": ["2024-10", "2024-11", "2024-12"],
        "1d": ["2024", "2025", "2026"],
    }


def test_the_digest_is_of_the_data() -> None:
    frame = candles(100)
    known = digest(frame)
    assert known == digest(pl.concat([frame[:40], frame[40:]]))
    assert known == digest(frame.clone())
    assert len(known) == 64
    others = [
        frame[:-1],
        frame.with_columns(pl.col("time") + DAY),
        frame.with_columns(close=pl.col("close") * (1 + 1e-15)),
        frame.rename({"open": "close", "close": "open"}).select(list(CANDLE_SCHEMA)),
    ]
    assert len({known, *map(digest, others)}) == 5
    zero = frame.with_columns(volume=0.0)
    assert digest(zero) == digest(zero.with_columns(volume=-0.0))
    # The same on every machine and with every version.
    one = pl.DataFrame([(60_000, 1.0, 2.0, 0.5, 1.5, 0.0)], CANDLE_SCHEMA, orient="row")
    assert digest(one) == "9c21f246318cfdc59a8d529201ca4020a6a2a128668c8b53c22886c86f0c70c4"
