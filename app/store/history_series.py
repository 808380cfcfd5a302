"""The files of one token's candles in one timeframe.

    <folder>/about.json          token, symbol, timeframe, sources, spans already downloaded
    <folder>/2024-03.parquet     the candles that open in this month (1s: day, from 1h on: year)

Every file is replaced as a whole. A part carries its own sums in its footer, so that a listing
reads no candle. Who writes holds the lock of `History`; readers need none.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
import polars as pl

from app.store.errors import StoreFullError, StoreUnavailableError
from app.store.files import lock_file, replace_file
from app.store.history_candles import LATEST, holes
from app.store.history_errors import HistoryDamagedError, HistoryNotFoundError
from app.store.history_spans import Span
from app.trading.entry import CANDLE_SCHEMA
from app.trading.market import TIMEFRAMES

ABOUT = "about.json"
SUMS = "autotrader.candles"
HOUR_MS = 3_600_000
FULL = frozenset({28, 122})
"""ENOSPC and EDQUOT."""


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What the names of files cannot say; `covered` holds spans, oldest first and apart."""

    token: str
    symbol: str
    timeframe: str
    sources: tuple[str, ...] = ()
    covered: tuple[Span, ...] = ()


class Sums(msgspec.Struct, frozen=True):
    """What is in a part; times are of the first and last candle's opening."""

    first: int
    last: int
    candles: int
    gaps: int
    missing: int


class Changed(NamedTuple):
    """How many candles are new, and how many say something else than before."""

    added: int
    replaced: int


class Series:
    """One token's candles in one timeframe."""

    def __init__(self, folder: Path, timeframe: str) -> None:
        self.folder = folder
        self.timeframe = timeframe
        self.width = TIMEFRAMES[timeframe]

    def about(self) -> About | None:
        """Read what this is; None when there is nothing. Raises HistoryDamagedError."""
        path = self.folder / ABOUT
        with _reading(path):
            try:
                return msgspec.json.decode(path.read_bytes(), type=About)
            except FileNotFoundError:
                return None

    def describe(self, about: About) -> None:
        """Replace what this is."""
        with writing():
            replace_file(self.folder / ABOUT, lambda file: file.write(msgspec.json.encode(about)))

    def parts(self) -> list[Path]:
        """List the files, oldest first."""
        return sorted(self.folder.glob("[0-9]*.parquet"))

    def sums(self) -> Sums | None:
        """Add up the parts; None when there are none. Raises HistoryDamagedError."""
        total: Sums | None = None
        for part in self.parts():
            one = _footer(part)
            total = one if total is None else _joined(total, one, self.width)
        return total

    def last(self) -> int:
        """Return when the newest candle opens. Raises HistoryDamagedError."""
        return _footer(self.parts()[-1]).last

    def read(self, since: int | None = None, until: int | None = None) -> pl.DataFrame:
        """Read the candles that open in [since, until). Raises HistoryDamagedError."""
        first = self._part(since or 0)
        last = self._part(LATEST - 1 if until is None else max(until - 1, 0))
        wanted = [part for part in self.parts() if first <= part.stem <= last]
        frames = [_read(part) for part in wanted]
        if not frames:
            return pl.DataFrame(schema=CANDLE_SCHEMA)
        time = pl.col("time")
        start, end = since or 0, LATEST if until is None else until
        return pl.concat(frames).filter(time.is_between(start, end, closed="left"))

    def merge(
        self, frame: pl.DataFrame, *, replace: bool, progress: Callable[[int], None]
    ) -> Changed:
        """Write checked candles to their parts; of two with one time `replace` says which stays."""
        named = frame.with_columns(
            part=pl.from_epoch("time", "ms").dt.strftime(_format(self.width))
        )
        added = replaced = 0
        for part in named.partition_by("part", maintain_order=True):
            new = part.drop("part")
            one = self._merge_part(self.folder / f"{part['part'][0]}.parquet", new, replace=replace)
            added, replaced = added + one.added, replaced + one.replaced
            progress(new.height)
        return Changed(added, replaced)

    def delete(self) -> None:
        """Take the folder away: its name first, so that nobody sees half of it."""
        gone = self.folder.with_name(f".{self.folder.name}.deleted")
        with writing():
            shutil.rmtree(gone, ignore_errors=True)
            self.folder.rename(gone)
            shutil.rmtree(gone)

    def _merge_part(self, path: Path, new: pl.DataFrame, *, replace: bool) -> Changed:
        old = _read(path) if path.exists() else pl.DataFrame(schema=CANDLE_SCHEMA)
        order = [old, new] if replace else [new, old]
        joined = pl.concat(order).unique("time", keep="last").sort("time")
        added = joined.height - old.height
        replaced = old.height - joined.join(old, list(CANDLE_SCHEMA), how="semi").height
        if added or replaced:
            self._write_part(path, joined)
        return Changed(added, replaced)

    def _write_part(self, path: Path, frame: pl.DataFrame) -> None:
        first, last = int(frame["time"][0]), int(frame["time"][-1])
        sums = Sums(first, last, frame.height, *holes(frame, self.width))
        metadata = {SUMS: msgspec.json.encode(sums).decode()}
        with writing():
            replace_file(
                path,
                lambda file: frame.write_parquet(file, compression="zstd", metadata=metadata),
            )

    def _part(self, time: int) -> str:
        at = datetime.fromtimestamp(min(max(time, 0), LATEST - 1) / 1_000, UTC)
        return at.strftime(_format(self.width)).zfill(4)


def _format(width: int) -> str:
    if width >= HOUR_MS:
        return "%Y"
    return "%Y-%m-%d" if width == TIMEFRAMES["1s"] else "%Y-%m"


def _joined(before: Sums, after: Sums, width: int) -> Sums:
    between = (after.first - before.last) // width - 1
    return Sums(
        before.first,
        after.last,
        before.candles + after.candles,
        before.gaps + after.gaps + (between > 0),
        before.missing + after.missing + between,
    )


def _footer(path: Path) -> Sums:
    with _reading(path):
        said = pl.read_parquet_metadata(path).get(SUMS)
        if said is not None:
            return msgspec.json.decode(said, type=Sums)
    raise HistoryDamagedError(f"{_shown(path)} was not written here: delete it, import it instead")


def _read(path: Path) -> pl.DataFrame:
    with _reading(path):
        return pl.read_parquet(path, columns=list(CANDLE_SCHEMA), memory_map=False)


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise HistoryNotFoundError(f"{_shown(path)} is gone, it was deleted meanwhile") from error
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, msgspec.MsgspecError) as error:
        text = f"{_shown(path)} is damaged: delete these candles and import them again"
        raise HistoryDamagedError(text) from error
    except OSError as error:
        raise StoreUnavailableError(f"{_shown(path)} cannot be read: {error.strerror}") from error


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let one process and thread at a time change what is below a folder."""
    with ExitStack() as stack:
        with writing():
            stack.enter_context(lock_file(folder / ".lock"))
        yield


@contextmanager
def writing() -> Iterator[None]:
    """Let what the disk refuses leave as an error of the store."""
    try:
        yield
    except OSError as error:
        full = error.errno in FULL
        text = f"candles cannot be written: {error.strerror}"
        raise (StoreFullError if full else StoreUnavailableError)(text) from error


def _shown(path: Path) -> str:
    """Name a file without saying where this machine keeps it."""
    return "/".join(path.parts[-3:])
