"""Recorded candles on their way back: which files are played, and when each candle closes now.

    BONK-SOL_5m.parquet: timestamp (UTC), open, high, low, close, volume; prices in the second name
    index.json, for pairs not known here: {"BONK-SOL": {"mint": "...", "decimals": 5}}

Recorded time is laid onto the clock's: as it was, or from a start on, each candle as long as the
listener wants them. It knows no route.
"""

import json
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from app.ports import Clock
from app.simulator.keys import address
from app.simulator.tokens import INDEX_MINT, USDC_MINT

USDT_MINT = "Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB"
QUOTES = {"SOL": INDEX_MINT, "USDC": USDC_MINT, "USDT": USDT_MINT}
KNOWN = {
    "BONK-SOL": ("DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263", 5),
    "WIF-SOL": ("EKpQGSJtjMFqKZ9KQanSqYXRcF8fBopzLHYxdM65zcjm", 6),
    "BOME-SOL": ("ukHH6c7mMyiWCf1b9pnWe25TSpkDDt3H5pQZgZ74J82", 6),
    "SOL-USDT": (INDEX_MINT, 9),
    "SOL-USDC": (INDEX_MINT, 9),
}
"""Mint and decimals of pairs that need no index.json."""

LENGTHS = {"1s": 1_000, "1m": 60_000, "5m": 300_000}
"""Milliseconds of the candles that can be recorded and played."""
WARM_UP = 300
"""Candles that are told before the start, so that strategies have something to stand on."""
COLUMNS = ("open", "high", "low", "close", "volume")


class NotARecording(ValueError):
    """A folder or file that cannot be played; the message says which and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A recorded token: its mint, its pool here, and its candles by opening time (clock's ms)."""

    symbol: str
    quote: str
    mint: str
    pool: str
    decimals: int
    times: list[int]
    rows: list[tuple[float, ...]]

    def closed(self, now: int, length: int, before: int | None, limit: int) -> range:
        """Number the candles closed by `now` that open before a time, the newest `limit`."""
        end = bisect_right(self.times, now - length)
        if before is not None:
            end = min(end, bisect_left(self.times, before))
        return range(max(0, end - limit), end)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedConfig:
    """What is played, and how.

    Without `start` the clock tells the recording's own time and candles keep their length. With it
    (Unix ms) the recording stands there when the market is made, and each candle takes as long as
    one of `timeframe` does. Each token is signalled every `signals_every` candles, one after the
    other. Raises ValueError.
    """

    folder: Path
    start: int | None = None
    timeframe: str = "1s"
    signals_every: int = 60
    keepalive_every: float = 2.0

    def __post_init__(self) -> None:
        if self.timeframe not in LENGTHS:
            raise ValueError(f"a candle may be played as {', '.join(LENGTHS)}")
        if self.signals_every < 1 or self.keepalive_every <= 0:
            raise ValueError("signals_every and keepalive_every must be positive")


@dataclass(frozen=True, slots=True)
class Playback:
    """The pairs as the clock shows them: candles of `length` ms, the first of interest at
    `begins`.
    """

    pairs: tuple[Pair, ...]
    length: int
    begins: int
    ends: int

    @property
    def coins(self) -> tuple[Pair, ...]:
        """Return the pairs that are priced in SOL, in the order of their symbols."""
        return tuple(pair for pair in self.pairs if pair.quote == "SOL")


def load(config: RecordedConfig, clock: Clock) -> Playback:
    """Read a folder and lay its time onto the clock's. Raises NotARecording."""
    frames = _frames(config.folder)
    recorded = LENGTHS[_one_timeframe(config.folder, [name for _, name, _ in frames])]
    length = recorded if config.start is None else LENGTHS[config.timeframe]
    begins = clock.now() // length * length
    start = begins if config.start is None else config.start // recorded * recorded
    known = _known(config.folder)
    pairs = []
    for name, _, frame in frames:
        if name not in known:
            raise NotARecording(f"{name} needs its mint and decimals in index.json")
        times = [begins + (time - start) // recorded * length for time in frame["time"].to_list()]
        symbol, _, quote = name.partition("-")
        mint, decimals = known[name]
        pair = Pair(
            symbol=symbol,
            quote=quote,
            mint=mint,
            pool=address(0, name, 0),
            decimals=decimals,
            times=times,
            rows=list(frame.select(COLUMNS).iter_rows()),
        )
        pairs.append(pair)
    ends = min((pair.times[-1] + length for pair in pairs), default=begins)
    return Playback(tuple(pairs), length, begins, ends)


def first_start(folder: Path) -> int:
    """Return the earliest start (Unix ms) with candles before it. Raises NotARecording."""
    times = [frame["time"][min(WARM_UP, len(frame) - 1)] for _, _, frame in _frames(folder)]
    return int(max(times))


def _frames(folder: Path) -> list[tuple[str, str, pl.DataFrame]]:
    found = []
    for path in sorted(folder.glob("*-*_*.parquet")):
        pair, _, timeframe = path.stem.rpartition("_")
        if timeframe in LENGTHS and pair.partition("-")[2] in QUOTES:
            found.append((pair, timeframe, _read(path, LENGTHS[timeframe])))
    if not found:
        raise NotARecording(f"there is no file like BONK-SOL_5m.parquet in {folder.name}")
    return found


def _read(path: Path, length: int) -> pl.DataFrame:
    try:
        raw = pl.read_parquet(path)
        time = pl.col("timestamp").dt.epoch("ms").alias("time")
        frame = raw.select(time, pl.col(COLUMNS).cast(pl.Float64)).drop_nulls()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise NotARecording(f"{path.name}: {str(error).partition(chr(10))[0]}") from error
    rising = (frame["time"].diff().drop_nulls() > 0).all()
    if not len(frame) or not rising or (frame["time"] % length != 0).any():
        raise NotARecording(f"{path.name}: its timestamps are not those of rising candles")
    return frame


def _one_timeframe(folder: Path, names: list[str]) -> str:
    if len(set(names)) != 1:
        raise NotARecording(f"{folder.name} mixes candles of {', '.join(sorted(set(names)))}")
    return names[0]


def _known(folder: Path) -> dict[str, tuple[str, int]]:
    path = folder / "index.json"
    if not path.exists():
        return KNOWN
    try:
        index = json.loads(path.read_text(encoding="utf-8"))
        own = {str(pair): (str(one["mint"]), int(one["decimals"])) for pair, one in index.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotARecording(f"{path.name} is not of the shape that is asked for") from error
    return KNOWN | own
