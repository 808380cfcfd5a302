"""A folder of recorded candles: which token each file is of, and what may stand in a file.

    BONK-SOL_5m.parquet or .csv: timestamp, open, high, low, close, volume
    index.json: {"BONK-SOL": {"mint": "...", "symbol": "BONK", "decimals": 5}}

Files are checked strictly, because a backtest believes them. It knows no clock.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import polars as pl

from app.ports import BadPayloadError, RejectedError
from app.providers.payloads import MILLISECONDS_FROM, as_dict
from app.providers.text import clean_symbol
from app.providers.tokenfields import read_decimals
from app.trading.ids import is_address
from app.trading.market import TIMEFRAMES

INDEX = "index.json"
NAME = re.compile(r"(?P<pair>[^_/]+)_(?P<timeframe>\d+[smhd])\.(?:parquet|csv)")
PRICES = ("open", "high", "low", "close")
COLUMNS = ("timestamp", *PRICES, "volume")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The token that a pair's files are of."""

    mint: str
    symbol: str
    decimals: int


@dataclass(frozen=True, slots=True)
class Recording:
    """A file: its pair, token and the length of its candles."""

    path: Path
    pair: str
    token: Recorded
    timeframe: str


def find_recordings(
    folder: Path, tokens: Mapping[str, Recorded] | None = None
) -> dict[str, list[Recording]]:
    """List a folder's files by mint, shortest candles first; files of unknown tokens are left out.

    `tokens` is by pair (`BONK-SOL`); without it the folder's index.json says. Raises RejectedError
    when the folder or index is missing, BadPayloadError when the index says something wrong.
    """
    if not folder.is_dir():
        raise RejectedError(f"there is no folder {folder.name!r} of recorded candles")
    known = read_index(folder) if tokens is None else tokens
    found: dict[str, list[Recording]] = {}
    for path in sorted(folder.iterdir()):
        named = NAME.fullmatch(path.name)
        if named and named["timeframe"] in TIMEFRAMES and named["pair"] in known:
            token = known[named["pair"]]
            one = Recording(path, named["pair"], token, named["timeframe"])
            found.setdefault(token.mint, []).append(one)
    for recordings in found.values():
        recordings.sort(key=lambda one: TIMEFRAMES[one.timeframe])
    return found


def read_index(folder: Path) -> dict[str, Recorded]:
    """Read a folder's index.json. Raises RejectedError when missing, BadPayloadError when wrong."""
    path = folder / INDEX
    try:
        index = as_dict(json.loads(path.read_text(encoding="utf-8")), INDEX)
    except OSError as error:
        raise RejectedError(f"{folder.name} has no {INDEX} that can be read") from error
    except ValueError as error:
        raise BadPayloadError(f"{INDEX} is not JSON: {error}") from error
    return {pair: _token(pair, as_dict(value, pair)) for pair, value in index.items()}


def read_candles(recording: Recording) -> tuple[pl.DataFrame, int]:
    """Read a file: time (Unix ms), open to volume, oldest first; and how many rows were refused.

    Rows that cannot be candles are dropped. Raises BadPayloadError for wrong columns or types,
    times that do not rise or that do not fit the timeframe.
    """
    name = recording.path.name
    raw = _read(recording.path)
    missing = [column for column in COLUMNS if column not in raw.columns]
    if missing:
        raise BadPayloadError(f"{name} has no column {', '.join(missing)}")
    numbers = COLUMNS[1:]
    odd = [f"{one} is {raw[one].dtype}" for one in numbers if not raw[one].dtype.is_numeric()]
    if odd:
        raise BadPayloadError(f"{name}: {', '.join(odd)}, not a number")
    frame = raw.select(_time(raw["timestamp"], name), pl.col(numbers).cast(pl.Float64))
    if frame["time"].null_count() or not frame["time"].is_sorted():
        raise BadPayloadError(f"{name}: its timestamps do not rise")
    if frame["time"].is_duplicated().any():
        raise BadPayloadError(f"{name}: a timestamp stands twice")
    if (frame["time"] % TIMEFRAMES[recording.timeframe] != 0).any():
        raise BadPayloadError(
            f"{name}: a timestamp is not where a {recording.timeframe} candle opens"
        )
    good = frame.filter(_is_candle())
    return good, len(frame) - len(good)


def _token(pair: str, fields: dict[str, object]) -> Recorded:
    mint, symbol = fields.get("mint"), clean_symbol(fields.get("symbol"))
    decimals = read_decimals(fields.get("decimals"))
    if not isinstance(mint, str) or not is_address(mint) or symbol is None or decimals is None:
        raise BadPayloadError(f"{INDEX}: {pair} needs a mint, a symbol and decimals from 0 to 18")
    return Recorded(mint=mint, symbol=symbol, decimals=decimals)


def _read(path: Path) -> pl.DataFrame:
    try:
        if path.suffix == ".csv":
            return pl.read_csv(path, try_parse_dates=True)
        return pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        first = str(error).partition("\n")[0]
        raise BadPayloadError(f"{path.name} cannot be read: {first}") from error


def _time(column: pl.Series, name: str) -> pl.Expr:
    time = pl.col("timestamp")
    if isinstance(column.dtype, pl.Datetime):
        return time.dt.epoch("ms").alias("time")
    if column.dtype.is_integer():
        seconds = cast("int", column.max() or 0) < MILLISECONDS_FROM
        return (time.cast(pl.Int64) * (1_000 if seconds else 1)).alias("time")
    raise BadPayloadError(f"{name}: timestamp is {column.dtype}, not a time or Unix seconds")


def _is_candle() -> pl.Expr:
    prices = [pl.col(one).is_finite() & (pl.col(one) > 0) for one in PRICES]
    around = (pl.col("low") <= pl.min_horizontal("open", "close")) & (
        pl.col("high") >= pl.max_horizontal("open", "close")
    )
    volume = pl.col("volume").is_finite() & (pl.col("volume") >= 0)
    return pl.all_horizontal(*prices, around, volume).fill_null(value=False)
