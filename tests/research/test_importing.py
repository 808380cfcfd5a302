"""Files of candles: every way to write them is read, and every fault is told with its row."""

import io
from contextlib import suppress
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from app.research.importing import BadRowsError, Gap, Options, read_file
from app.research.importing_names import ImportFailedError
from app.store.history_candles import Holes, check, faults
from app.store.history_errors import UnknownTimeframeError
from app.trading.entry import CANDLE_SCHEMA
from app.trading.market import TIMEFRAMES, Candle, is_candle
from tests.research.series import START, candles

FRAME = candles(50)
MINUTE = TIMEFRAMES["1m"]
SKIP = Options(skip_bad=True)


def csv(frame: pl.DataFrame, delimiter: str = ",", *, header: bool = True) -> bytes:
    return frame.write_csv(separator=delimiter, include_header=header).encode()


def parquet(frame: pl.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.write_parquet(file)
    return file.getvalue()


def feather(frame: pl.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.write_ipc(file, compression="zstd")
    return file.getvalue()


FORMATS: dict[str, Any] = {
    "comma": csv,
    "semicolon": lambda frame: csv(frame, ";"),
    "tab": lambda frame: csv(frame, "\t"),
    "parquet": parquet,
    "feather": feather,
}
moment = pl.from_epoch("time", "ms")
TIMES: dict[str, pl.Expr] = {
    "seconds": pl.col("time") // 1_000,
    "seconds with a point": (pl.col("time") // 1_000).cast(pl.Float64),
    "milliseconds": pl.col("time"),
    "microseconds": pl.col("time") * 1_000,
    "nanoseconds": pl.col("time") * 1_000_000,
    "a datetime without a zone": moment,
    "a datetime in UTC": moment.dt.replace_time_zone("UTC"),
    "a datetime in Tokyo": moment.dt.replace_time_zone("UTC").dt.convert_time_zone("Asia/Tokyo"),
    "nanosecond datetimes": moment.cast(pl.Datetime("ns")),
    "texts of numbers": (pl.col("time") // 1_000).cast(pl.String),
    "ISO with Z": moment.dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
    "ISO with milliseconds": moment.dt.strftime("%Y-%m-%d %H:%M:%S.000"),
    "ISO with an offset": moment.dt.offset_by("2h").dt.strftime("%Y-%m-%dT%H:%M:%S+02:00"),
    "ISO with a short offset": moment.dt.offset_by("-3h").dt.strftime("%Y-%m-%d %H:%M:%S-0300"),
    "an offset of hours": moment.dt.strftime("%Y-%m-%d %H:%M:%S+00"),
    "ISO without seconds": moment.dt.strftime("%Y-%m-%d %H:%M"),
    "slashes": moment.dt.strftime("%Y/%m/%d %H:%M:%S"),
    "UTC behind": moment.dt.strftime("%Y-%m-%d %H:%M:%S UTC"),
}


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("time", TIMES)
def test_every_format_and_time_is_read(kind: str, time: str) -> None:
    read = read_file(FORMATS[kind](FRAME.with_columns(time=TIMES[time])))
    assert_frame_equal(read.frame, FRAME)
    assert (read.timeframe, read.rows, read.bad_rows, read.holes) == ("1m", 50, 0, Holes(0, 0))
    check(read.frame, read.timeframe)


@pytest.mark.parametrize(
    "names",
    [
        "timestamp open high low close volume",
        "Date,Open,High,Low,Close,Volume",
        "t o h l c v",
        "open_time open high low close volume",
        "Unix Time|Open Price|High Price|Low Price|Close Price|Volume (BONK)",
        "datetime price_open price_high price_low price_close volume_traded",
        '"time" "open" "high" "low" "close" "vol"',
    ],
)
def test_every_way_to_name_columns_is_read(names: str) -> None:
    words = names.split("|") if "|" in names else names.replace(",", " ").split()
    named = FRAME.rename(dict(zip(FRAME.columns, words, strict=True)))
    assert_frame_equal(read_file(csv(named.select(reversed(words)))).frame, FRAME)
    assert read_file(parquet(named)).columns == dict(zip(FRAME.columns, words, strict=True))


def test_other_columns_are_passed_over() -> None:
    more = FRAME.with_columns(
        date=pl.lit("not read"), volume_usd=pl.lit("?"), trades=pl.lit([1]), symbol=pl.lit("BONK")
    )
    assert_frame_equal(read_file(parquet(more)).frame, FRAME)
    assert_frame_equal(read_file(csv(more.drop("trades"))).frame, FRAME)


def test_names_may_be_missing() -> None:
    read = read_file(csv(FRAME, header=False))
    assert_frame_equal(read.frame, FRAME)
    assert set(read.columns.values()) == {""}
    exchange = FRAME.with_columns(pl.lit(0).alias(f"more {number}") for number in range(6))
    assert_frame_equal(read_file(csv(exchange, ";", header=False)).frame, FRAME)


def test_a_file_on_the_disk_is_read(tmp_path: Path) -> None:
    path = tmp_path / "what it is called says nothing.txt"
    for make in FORMATS.values():
        path.write_bytes(make(FRAME))
        assert_frame_equal(read_file(path).frame, FRAME)


def test_what_editors_add_is_no_fault() -> None:
    text = csv(FRAME).replace(b"\n", b"\r\n").replace(b"\r\n", b"\r\n\r\n", 3)
    assert_frame_equal(read_file(b"\xef\xbb\xbf" + text + b"\r\n\r\n").frame, FRAME)
    quoted = FRAME.write_csv(quote_style="always").encode()
    assert_frame_equal(read_file(quoted).frame, FRAME)


@pytest.mark.parametrize("timeframe", TIMEFRAMES)
def test_the_timeframe_is_the_most_frequent_distance(timeframe: str) -> None:
    frame = candles(40, timeframe)
    holed = pl.concat([frame[:10], frame[15:20], frame[21:]])
    assert read_file(csv(holed)).timeframe == timeframe
    assert read_file(csv(frame[:2]), Options(timeframe="1s")).timeframe == "1s"


BAD = {
    "no time": ("time", "", "nothing", "Unix seconds"),
    "a day first": ("time", "03/04/2024", "'03/04/2024'", "ISO 8601"),
    "before 1970": ("time", "-60000", "'-60000'", "Unix seconds"),
    "another unit": ("time", str(START // 1_000), f"'{START // 1_000}'", "all rows alike"),
    "between two candles": ("time", str(START + 1), f"'{START + 1}'", "a whole number of 1m"),
    "a word": ("close", "abc", "'abc'", "a finite number above 0"),
    "a comma": ("open", "1.234.5", "'1.234.5'", "above 0"),
    "nothing": ("high", "", "nothing", "above 0"),
    "not a number": ("low", "NaN", "'NaN'", "above 0"),
    "infinity": ("high", "inf", "'inf'", "above 0"),
    "zero": ("low", "0", "'0'", "above 0"),
    "a negative price": ("low", "-1e-7", "'-1e-7'", "above 0"),
    "high below": ("high", "1e-30", "'1e-30'", "at least open and close"),
    "low above": ("low", "1e30", "'1e30'", "at most open and close"),
    "negative volume": ("volume", "-1", "'-1'", "at least 0"),
    "a terminal's codes": ("close", "\x1b[2J", "'\\x1b[2J'", "above 0"),
    "a book": ("close", "x" * 5_000, "'xxx", "above 0"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_row_is_told(name: str) -> None:
    column, value, found, expected = BAD[name]
    texts = FRAME.cast(pl.String)
    at = pl.int_range(pl.len()) == 20
    broken = texts.with_columns(pl.when(at).then(pl.lit(value)).otherwise(column).alias(column))
    for raw, row in ((csv(broken), 22), (parquet(broken), 21)):
        with pytest.raises(BadRowsError) as caught:
            read_file(raw)
        assert caught.value.count == 1
        told = [one for one in caught.value.bad if one.column == column]
        assert told[0].row == row
        assert told[0].found.startswith(found)
        assert len(told[0].found) <= 40
        assert expected in told[0].expected
        assert f"row {row}, {column}: found" in str(caught.value)
        assert str(caught.value).isprintable() or "\n" in str(caught.value)
        skipped = read_file(raw, SKIP)
        assert (skipped.bad_rows, skipped.rows) == (1, 50)
        assert [one.row for one in skipped.bad] == [row] * len(skipped.bad)
        assert_frame_equal(skipped.frame, FRAME.filter(~at))
        assert skipped.holes == Holes(1, 1)


def test_rows_of_another_width_are_told() -> None:
    lines = csv(FRAME).decode().splitlines()
    lines[10] += ",7"
    lines[20] = lines[20].rpartition(",")[0]
    raw = "\n".join(lines).encode()
    with pytest.raises(BadRowsError) as caught:
        read_file(raw)
    assert [(one.row, one.found, one.expected) for one in caught.value.bad] == [
        (11, "7 columns", "6"),
        (21, "5 columns", "6"),
    ]
    assert read_file(raw, SKIP).frame.height == 48


def test_at_most_twenty_rows_are_shown() -> None:
    frame = candles(100).with_columns(close=pl.lit(-1.0))
    with pytest.raises(BadRowsError) as caught:
        read_file(csv(frame))
    assert (len(caught.value.bad), caught.value.count) == (20, 100)
    text = str(caught.value)
    assert text.startswith("100 of 100 rows are no candles, nothing was imported:\n  row 2, close:")
    assert text.endswith("and 80 more")
    with pytest.raises(BadRowsError):
        read_file(csv(frame), SKIP)


@given(row=st.tuples(*[st.floats() | st.sampled_from([0.0, 1.0, 2.0])] * 5))
def test_columns_are_judged_as_single_candles_are(row: tuple[float, ...]) -> None:
    frame = pl.DataFrame([(MINUTE, *row)], CANDLE_SCHEMA, orient="row")
    broken = frame.select(pl.any_horizontal(one.broken for one in faults("1m"))).item()
    assert broken is not is_candle(Candle(MINUTE, *row))


def test_rows_out_of_order_are_sorted_and_counted() -> None:
    read = read_file(csv(FRAME.reverse()))
    assert_frame_equal(read.frame, FRAME)
    assert read.unordered == 49
    swapped = pl.concat([FRAME[:10], FRAME[20:], FRAME[10:20]])
    assert read_file(csv(swapped)).unordered == 1


def test_of_rows_with_one_time_the_last_counts() -> None:
    other = FRAME[5:8].with_columns(volume=pl.lit(9.0))
    read = read_file(csv(pl.concat([FRAME, other, FRAME[:3], FRAME[6:7]])))
    expected = pl.concat([FRAME[:5], other[:1], FRAME[6:7], other[2:], FRAME[8:]])
    assert_frame_equal(read.frame, expected)
    assert (read.duplicates, read.conflicts) == (4, 3)
    assert read.conflict_times == [START + number * MINUTE for number in (5, 6, 7)]


def test_gaps_are_told_and_filled_when_asked() -> None:
    holed = pl.concat([FRAME[:10], FRAME[13:20], FRAME[21:]])
    read = read_file(csv(holed))
    assert_frame_equal(read.frame, holed)
    assert (read.holes, read.filled) == (Holes(2, 4), 0)
    ten, twenty = START + 10 * MINUTE, START + 20 * MINUTE
    assert read.gaps == [Gap(ten, ten + 2 * MINUTE), Gap(twenty, twenty)]
    filled = read_file(csv(holed), Options(fill="previous_close"))
    assert (filled.holes, filled.filled, filled.gaps) == (read.holes, 4, read.gaps)
    close = FRAME["close"][9]
    assert filled.frame.row(11) == (START + 11 * MINUTE, close, close, close, close, 0.0)
    assert_frame_equal(filled.frame.join(holed, "time", how="semi"), holed)
    check(filled.frame, "1m")


UNREADABLE = {
    "nothing": (b"", "no rows"),
    "blank lines": (b"\n\n  \n", "no rows"),
    "names only": (b"time,open,high,low,close,volume\n", "no rows"),
    "five columns": (b"time,open,high,low,close\n1,1,1,1,1\n", "at least 6 columns"),
    "no volume": (b"time,open,high,low,close,x\n1,1,1,1,1,1\n", "no column for volume"),
    "seven without names": (b"1,1,1,1,1,1,1\n", "7 columns and no names"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0", "neither UTF-8 text"),
    "gzip": (b"\x1f\x8b\x08\0\0\0\0\0", "gzip: unpack"),
    "zip": (b"PK\x03\x04", "zip: unpack"),
    "UTF-16": ("time,open".encode("utf-16"), "UTF-8"),
    "JSON": (b'{"time": 1}', "JSON"),
    "a web page": (b"<html>", "HTML"),
    "old Feather": (b"FEA1....", "version 2"),
    "half a Parquet file": (parquet(FRAME)[:-50], "cannot be read"),
    "a Parquet file's head": (b"PAR1", "cannot be read"),
    "half a Feather file": (feather(FRAME)[:-50], "cannot be read"),
    "other columns": (parquet(pl.DataFrame({"a": [1]})), "no column for time"),
    "lists": (parquet(FRAME.with_columns(open=pl.lit([1.0]))), "expected numbers"),
    "flags": (feather(FRAME.with_columns(volume=pl.lit(value=True))), "expected numbers"),
    "one row": (csv(FRAME[:1]), "name the timeframe"),
    "two minutes": (csv(FRAME.gather_every(2)), "120 s apart, expected one of 1s"),
    "two tokens": (csv(FRAME.with_columns(symbol=pl.Series(["A", "B"] * 25))), "2 tokens"),
    "two mints": (parquet(FRAME.with_columns(mint=pl.Series(["A", "B"] * 25))), "2 tokens"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_told(name: str) -> None:
    raw, why = UNREADABLE[name]
    with pytest.raises(ImportFailedError, match=why) as caught:
        read_file(raw)
    assert len(str(caught.value)) < 500


def test_a_file_must_be_there(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.csv", tmp_path):
        with pytest.raises(ImportFailedError, match="cannot be read"):
            read_file(path)


def test_a_timeframe_must_exist_and_fit() -> None:
    with pytest.raises(UnknownTimeframeError, match="no timeframe '2m'"):
        read_file(csv(FRAME), Options(timeframe="2m"))
    with pytest.raises(BadRowsError, match="a whole number of 5m"):
        read_file(csv(FRAME), Options(timeframe="5m"))
    sparse = read_file(csv(FRAME.gather_every(2)), Options(timeframe="1m"))
    assert sparse.holes == Holes(24, 24)


def test_size_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for make in FORMATS.values():
        assert read_file(make(FRAME), Options(most_rows=50)).rows == 50
        with pytest.raises(ImportFailedError, match="more than 49 rows"):
            read_file(make(FRAME), Options(most_rows=49))
    with pytest.raises(ImportFailedError, match="more than 5 rows"):
        read_file(b"x\n" * 100, Options(most_rows=5))
    far = pl.concat([FRAME, FRAME.with_columns(pl.col("time") + 10**12 // MINUTE * MINUTE)])
    with pytest.raises(ImportFailedError, match="with its gaps filled"):
        read_file(csv(far), Options(fill="previous_close"))
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(513 * 1024 * 1024)
    with pytest.raises(ImportFailedError, match="513 MiB, 512 MiB is the most"):
        read_file(path)


@pytest.mark.parametrize("kind", FORMATS)
@given(places=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_broken_file_never_breaks_us(kind: str, places: list[tuple[float, int]]) -> None:
    raw = bytearray(FORMATS[kind](FRAME))
    for place, value in places:
        raw[int(place * (len(raw) - 1))] = value
    with suppress(ImportFailedError):
        read = read_file(bytes(raw))
        check(read.frame, read.timeframe)


@given(raw=st.binary(max_size=300))
def test_no_bytes_break_us(raw: bytes) -> None:
    for start in (b"", b"time,open,high,low,close,volume\n", b"PAR1", b"ARROW1\0\0"):
        with pytest.raises(ImportFailedError):
            read_file(start + raw)
