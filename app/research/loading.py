"""The candles of a run: found, cut to what was asked, checked and named by their hash.

Candles from before the first one asked for warm up the strategies where they are stored; no trade
begins on them.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import polars as pl

from app.research.importing import Options, read_file
from app.research.importing_names import ImportFailedError
from app.research.requests import CandlesIn, Market, timeframe_ms
from app.research.results import TokenRun, Unfit
from app.store.history import HistoryEntry
from app.store.history_candles import digest, faults, holes
from app.store.history_errors import HistoryError
from app.store.history_library import Library, shared_history
from app.trading.amounts import Floats, Ints
from app.trading.entry import CANDLE_SCHEMA
from app.trading.market import TIMEFRAMES

SECONDS_END = 1e11
"""Times below this are seconds, from it on milliseconds."""

FEWEST = 2
PRICES = ("open", "low", "high", "close")
"""The order in which a candle's prices are seen on the path `ohlc`."""

PER_CANDLE = {"close": 1, "ohlc": len(PRICES)}
"""How many prices of a candle trading sees, by path."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where candles are stored: the data folder, and whose own are looked at first.

    `database_url` is where studies are kept.
    """

    data_dir: Path
    wallet: str | None = None
    database_url: str | None = None


class Loaded(NamedTuple):
    """One token's candles (CANDLE_SCHEMA); the first `warm` of them only warm up strategies."""

    run: TokenRun
    frame: pl.DataFrame
    width: int
    warm: int

    def path(self, per_candle: int) -> tuple[Floats, Ints]:
        """Lay out the prices that trading sees and their times: one a candle, or four."""
        frame = self.frame[self.warm :]
        names = PRICES if per_candle == len(PRICES) else ("close",)
        opened = frame.get_column("time").to_numpy()
        prices = np.column_stack([frame.get_column(name).to_numpy() for name in names]).ravel()
        steps = np.arange(1, per_candle + 1) * self.width // per_candle
        return prices, (opened[:, None] + steps).ravel()

    def between(self, since: int, until: int) -> "Loaded":
        """Cut to the candles that open in [since, until), Unix ms; those before warm up."""
        times = self.frame.get_column("time")
        first, last = int(times.search_sorted(since)), int(times.search_sorted(until))
        first = max(first, self.warm)
        if last <= first:
            run = msgspec.structs.replace(self.run, candles=0)
            return Loaded(run, self.frame[:last], self.width, last)
        run = msgspec.structs.replace(
            self.run, candles=last - first, first=int(times[first]), last=int(times[last - 1])
        )
        return Loaded(run, self.frame[:last], self.width, first)


def load(request: Market, sources: Sources, lookback: int) -> list[Loaded]:
    """Read every token of a request; `lookback` candles before the first are wanted too.

    Raises Unfit, which points at the field that names what is not there.
    """
    many = isinstance(request.candles, list)
    found = []
    for number, asked in enumerate(request.sources):
        place: tuple[str | int, ...] = ("candles", number) if many else ("candles",)
        found.append(_load(asked, request, sources, lookback, place))
    for number, one in enumerate(found):
        if one.width != found[0].width:
            detail = (
                f"all tokens need one timeframe: {found[0].run.symbol} has "
                f"{found[0].run.timeframe}, {one.run.symbol} has {one.run.timeframe}"
            )
            raise Unfit(("candles", number, "timeframe"), detail)
    return found


def _load(
    asked: CandlesIn,
    request: Market,
    sources: Sources,
    lookback: int,
    place: tuple[str | int, ...],
) -> Loaded:
    if asked.source == "stored":
        frame, timeframe, symbol = _stored(asked, sources, lookback, place)
    elif asked.source == "file":
        frame, timeframe, symbol = _file(asked, sources, place)
    else:
        frame, timeframe, symbol = _inline(asked, place)
    width = timeframe_ms(timeframe)
    since = None if asked.since is None else int(asked.since.timestamp() * 1000)
    until = None if asked.until is None else int(asked.until.timestamp() * 1000)
    if until is not None:
        frame = frame.filter(pl.col("time") < until)
    warm = 0 if since is None else int(frame.get_column("time").search_sorted(since))
    frame, warm = frame[max(warm - lookback, 0) :], min(warm, lookback)
    if frame.height - warm < FEWEST:
        detail = f"has {frame.height - warm} candles to trade on, a run needs {FEWEST} or more"
        raise Unfit(place, detail)
    times = frame.get_column("time")
    run = TokenRun(
        token=asked.token or asked.symbol or symbol,
        symbol=asked.symbol or symbol,
        decimals=request.decimals if asked.decimals is None else asked.decimals,
        timeframe=timeframe,
        candles=frame.height - warm,
        first=int(times[warm]),
        last=int(times[-1]),
        gaps=holes(frame[warm:], width).gaps,
        data_hash=digest(frame),
    )
    return Loaded(run, frame, width, warm)


def _stored(
    asked: CandlesIn, sources: Sources, lookback: int, place: tuple[str | int, ...]
) -> tuple[pl.DataFrame, str, str]:
    token = asked.token or ""
    entries = _entries(sources)
    mine = [entry for entry in entries if token in (entry.token, entry.symbol)]
    timeframe = asked.timeframe or (mine[0].timeframe if mine else "5m")
    width = timeframe_ms(timeframe)
    since = None if asked.since is None else int(asked.since.timestamp() * 1000)
    until = None if asked.until is None else int(asked.until.timestamp() * 1000)
    first = None if since is None else since - lookback * width
    try:
        if sources.wallet is None:
            frame = shared_history(sources.data_dir).read(token, timeframe, first, until)
        else:
            library = Library(sources.data_dir, sources.wallet)
            frame = library.read(token, timeframe, first, until)
    except HistoryError as error:
        raise Unfit((*place, "token"), str(error)) from error
    return frame, timeframe, mine[0].symbol if mine else token


def _entries(sources: Sources) -> list[HistoryEntry]:
    if sources.wallet is None:
        return shared_history(sources.data_dir).entries()
    return [entry for entry, _ in Library(sources.data_dir, sources.wallet).entries()]


def _file(
    asked: CandlesIn, sources: Sources, place: tuple[str | int, ...]
) -> tuple[pl.DataFrame, str, str]:
    """Read a file that lies where this wallet, or everybody, may read."""
    history = (sources.data_dir / "history").resolve()
    path = (history / (asked.path or "")).resolve()
    roots = [history / "shared"]
    if sources.wallet is not None:
        roots.append(history / "wallets" / sources.wallet)
    elsewhere = not any(path.is_relative_to(root) for root in roots)
    if elsewhere or not path.is_file():
        detail = f"{asked.path!r} is no file below the data folder's history/shared"
        raise Unfit((*place, "path"), detail)
    try:
        found = read_file(path, Options(timeframe=asked.timeframe))
    except (ImportFailedError, HistoryError) as error:
        raise Unfit((*place, "path"), str(error)) from error
    return found.frame, found.timeframe, path.stem


def _inline(asked: CandlesIn, place: tuple[str | int, ...]) -> tuple[pl.DataFrame, str, str]:
    rows = asked.rows or []
    frame = pl.DataFrame(rows, schema=dict.fromkeys(CANDLE_SCHEMA, pl.Float64), orient="row")
    at = pl.col("time")
    in_ms = pl.when(at < SECONDS_END).then(at * 1000).otherwise(at)
    frame = frame.with_columns(in_ms.cast(pl.Int64, strict=False).alias("time"))
    steps = frame.get_column("time").diff()
    if not (steps.drop_nulls() > 0).all():
        number = int((steps <= 0).fill_null(value=False).arg_max() or 0)
        raise Unfit((*place, "rows", number, 0), "times must rise from row to row")
    timeframe = asked.timeframe or _most_frequent(steps, place)
    for fault in faults(timeframe):
        broken = frame.select(fault.broken.alias("broken")).get_column("broken")
        if broken.any():
            number = int(broken.arg_max() or 0)
            column = list(CANDLE_SCHEMA).index(fault.column)
            found = frame.row(number)[column]
            raise Unfit((*place, "rows", number, column), f"must be {fault.expected}, is {found}")
    return frame, timeframe, "inline"


def _most_frequent(steps: pl.Series, place: tuple[str | int, ...]) -> str:
    usual = steps.drop_nulls().mode().sort()
    names = {width: name for name, width in TIMEFRAMES.items()}
    if not usual.len() or int(usual[0]) not in names:
        detail = f"the distance of the rows is no timeframe ({', '.join(TIMEFRAMES)}): give one"
        raise Unfit((*place, "timeframe"), detail)
    return names[int(usual[0])]
