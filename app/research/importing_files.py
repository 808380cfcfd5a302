"""The rows of a file of candles as they stand there: CSV, Parquet or Feather, told by content.

Times and numbers are left as they are found. It reads the columns of a candle and nothing else,
and no more rows than it may.
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import polars as pl

from app.research.importing_names import (
    HEADERLESS,
    ImportFailedError,
    choose,
    owners,
    shown,
)
from app.trading.entry import CANDLE_SCHEMA

MOST_BYTES = 512 * 1024 * 1024
MOST_ROWS = 5_000_000
DELIMITERS = (",", ";", "\t")
QUOTES = " \t\"'"
HEAD_BYTES = 8
PACKED = {
    b"\x1f\x8b": "gzip",
    b"PK": "zip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
}
FOREIGN = {
    b"\xff\xfe": "text in UTF-16: save it as UTF-8",
    b"\xfe\xff": "text in UTF-16: save it as UTF-8",
    b"FEA1": "Feather version 1: write it as version 2",
    b"\xff\xff\xff\xff": "an Arrow stream: write it as a file (Feather version 2)",
    b"PARE": "an encrypted Parquet file",
    b"{": "JSON: write it as CSV, Parquet or Feather",
    b"[": "JSON: write it as CSV, Parquet or Feather",
    b"<": "a page of HTML or XML",
}


class Ragged(NamedTuple):
    """A row whose number of columns is not the file's."""

    row: int
    columns: int


class Table(NamedTuple):
    """The rows of a file: `row` (from 1; of a CSV its line) and the six columns, not yet read.

    `names` are the file's own words for the columns; `width` is how many columns a row has.
    """

    frame: pl.DataFrame
    names: dict[str, str]
    width: int
    ragged: Sequence[Ragged] = ()


def read_table(source: Path | bytes, most_rows: int = MOST_ROWS) -> Table:
    """Read a file, or the bytes of one. Raises ImportFailedError."""
    with _readable():
        size = source.stat().st_size if isinstance(source, Path) else len(source)
        if size > MOST_BYTES:
            most = f"{MOST_BYTES // 1024**2} MiB"
            raise ImportFailedError(f"the file has {size / 1024**2:.0f} MiB, {most} is the most")
        head = _head(source)
        for magic, name in PACKED.items():
            if head.startswith(magic):
                raise ImportFailedError(f"the file is packed with {name}: unpack it first")
        for magic, what in FOREIGN.items():
            if head.startswith(magic):
                raise ImportFailedError(f"the file is {what}")
        if head.startswith(b"PAR1"):
            return _columnar(pl.scan_parquet(_open(source)), most_rows)
        if head.startswith(b"ARROW1"):
            return _columnar(pl.scan_ipc(_open(source)), most_rows)
        return _text(_open(source), most_rows)


def _open(source: Path | bytes) -> Path | io.BytesIO:
    return source if isinstance(source, Path) else io.BytesIO(source)


def _head(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source[:HEAD_BYTES]
    with source.open("rb") as file:
        return file.read(HEAD_BYTES)


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        first = str(error).partition("\n")[0][:200]
        if "invalid utf8" in first:
            first = "it is neither UTF-8 text nor Parquet nor Feather"
        raise ImportFailedError(f"the file cannot be read: {first}") from error
    except OSError as error:
        raise ImportFailedError(f"the file cannot be read: {error.strerror or error}") from error


def _columnar(found: pl.LazyFrame, most_rows: int) -> Table:
    schema = found.collect_schema()
    names = schema.names()
    chosen = {column: names[place] for column, place in choose(names).items()}
    _check_rows(int(found.select(pl.len()).collect().item()), most_rows)
    for column, name in chosen.items():
        kind = schema[name]
        fits = kind.is_numeric() or kind == pl.String or (column == "time" and kind.is_temporal())
        if not fits:
            wanted = "a time" if column == "time" else "numbers"
            raise ImportFailedError(f"column {shown(name)} holds {kind}, expected {wanted}")
    for place in owners(names):
        _check_owner(found.select(pl.col(names[place]).unique()).collect()[names[place]])
    frame = found.select(**{column: pl.col(name) for column, name in chosen.items()}).collect()
    return Table(frame.with_row_index("row", offset=1), chosen, len(names))


def _text(source: Path | io.BytesIO, most_rows: int) -> Table:
    lines = pl.read_lines(source, n_rows=2 * most_rows + 2).with_row_index("row", offset=1)
    full = lines.height > 2 * most_rows
    lines = lines.with_columns(pl.col("line").str.strip_chars("\r\ufeff"))
    lines = lines.filter(pl.col("line").str.strip_chars(" \t,;") != "")
    if lines.is_empty():
        raise ImportFailedError("the file holds no rows")
    _check_rows(most_rows + 1 if full else lines.height - 1, most_rows)
    delimiter, head = _first_line(lines["line"][0])
    chosen, has_names = _columns(head)
    cells = _split(lines[1:] if has_names else lines, delimiter, len(head))
    if has_names:
        for place in owners(head):
            _check_owner(cells[str(place)])
    names = {column: head[place] if has_names else "" for column, place in chosen.items()}
    columns = {column: pl.col(str(place)) for column, place in chosen.items()}
    uneven = cells.filter(pl.col("width") != len(head))
    return Table(
        frame=cells.filter(pl.col("width") == len(head)).select("row", **columns),
        names=names,
        width=len(head),
        ragged=[Ragged(row, width) for row, width in uneven.select("row", "width").rows()],
    )


def _split(lines: pl.DataFrame, delimiter: str, width: int) -> pl.DataFrame:
    """Cut lines into cells 0, 1, …, and count the cells of each line."""
    line = pl.col("line")
    cells = line.str.split_exact(delimiter, width - 1).struct.rename_fields(
        [str(number) for number in range(width)]
    )
    counted = lines.select(
        "row", width=line.str.count_matches(delimiter, literal=True) + 1, cells=cells
    )
    texts = pl.col(str(number) for number in range(width))
    return counted.unnest("cells").with_columns(texts.str.strip_chars(QUOTES))


def _first_line(line: str) -> tuple[str, list[str]]:
    delimiter = max(DELIMITERS, key=line.count)
    head = [cell.strip(QUOTES) for cell in line.split(delimiter)]
    if len(head) < len(CANDLE_SCHEMA):
        raise ImportFailedError(
            f"the first row is {shown(line)}; expected at least {len(CANDLE_SCHEMA)} columns "
            "with comma, semicolon or tab between them"
        )
    return delimiter, head


def _columns(head: Sequence[str]) -> tuple[dict[str, int], bool]:
    """Find the columns by the first row, and tell whether that holds names."""
    if all(map(_is_number, head[1 : len(CANDLE_SCHEMA)])):
        if len(head) not in HEADERLESS:
            raise ImportFailedError(
                f"the file has {len(head)} columns and no names above them; without names "
                f"expected are 6: {', '.join(CANDLE_SCHEMA)}"
            )
        return {column: place for place, column in enumerate(CANDLE_SCHEMA)}, False
    return choose(head), True


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _check_rows(rows: int, most: int) -> None:
    if rows > most:
        raise ImportFailedError(f"the file has more than {most:,} rows, split it by time")


def _check_owner(values: pl.Series) -> None:
    different = values.drop_nulls().unique().sort()
    if different.len() > 1:
        some = ", ".join(shown(value) for value in different.head(3))
        raise ImportFailedError(
            f"the file holds candles of {different.len()} tokens ({some}, …): import each by itself"
        )
