"""Recorded candles that behave like a market: only what has closed by the clock's time is visible.

The injected clock tells the time of the recording, at any speed. With a clock of the present,
`recording_starts_at` moves the recording: what was recorded at that time happens when the provider
is made. Longer candles are put together from the recorded ones; shorter ones do not exist.

The candle that is open now is what has closed inside it plus the open of the recorded candle that
the clock stands in, which is known the moment it opens. Nothing later is looked at.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from app.ports import CandlePage, Clock, MarketTrade, RejectedError
from app.providers.recordings import Recorded, Recording, find_recordings, read_candles
from app.trading.market import TIMEFRAMES, Candle

DAY_MS = TIMEFRAMES["1d"]


class RecordedCandles:
    """Plays a folder of recordings; a pool is a pair, such as `BONK-SOL`."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        *,
        tokens: Mapping[str, Recorded] | None = None,
        recording_starts_at: int | None = None,
    ) -> None:
        self._clock = clock
        self._recordings = find_recordings(folder, tokens)
        self._frames: dict[Path, pl.DataFrame] = {}
        self._counts: Counter[str] = Counter()
        moved = 0 if recording_starts_at is None else clock.now() - recording_starts_at
        # By whole days, so that every candle opens where candles open.
        self._shift = moved // DAY_MS * DAY_MS

    async def pool(self, mint: str) -> str | None:
        """Return the pair of a mint; None when nothing of it was recorded."""
        recordings = self._recordings.get(mint)
        return recordings[0].pair if recordings else None

    async def candles(
        self, mint: str, pool: str, timeframe: str, limit: int, before: int | None = None
    ) -> CandlePage:
        """Show the newest candles that the clock has passed (older than `before`, Unix ms).

        Raises RejectedError for what was not recorded, BadPayloadError for a file that is none.
        """
        recording = self._pick(mint, pool, timeframe)
        frame = await self._frame(recording)
        length, now = TIMEFRAMES[timeframe], self._clock.now()
        end = now if before is None else min(now, before - 1)
        # One candle more for the open one, and one because the first may be cut.
        rows = (max(limit, 1) + 2) * length // TIMEFRAMES[recording.timeframe]
        seen = frame.filter(pl.col("time") <= end).tail(rows)
        made = _together(_hide(seen, TIMEFRAMES[recording.timeframe], now), length)
        closed = [one for one in made if one.time + length <= now]
        is_open = len(closed) < len(made)
        return CandlePage(closed=closed[-max(limit, 1) :], forming=made[-1] if is_open else None)

    async def trades(self, mint: str, pool: str) -> Sequence[MarketTrade]:
        """Answer with nothing: single trades were not recorded."""
        return ()

    async def span(self, mint: str) -> tuple[int, int] | None:
        """Return when the recording of a mint begins and ends (Unix ms); None without one."""
        recordings = self._recordings.get(mint)
        if not recordings:
            return None
        time = (await self._frame(recordings[0]))["time"]
        ends = int(time[-1]) + TIMEFRAMES[recordings[0].timeframe]
        return int(time[0]), ends

    async def beginning(self) -> int:
        """Return when the oldest recording begins (Unix ms). Raises RejectedError without one."""
        spans = [await self.span(mint) for mint in self._recordings]
        begins = [span[0] for span in spans if span is not None]
        if not begins:
            raise RejectedError("the folder has no recordings of known tokens")
        return min(begins)

    def snapshot(self) -> dict[str, object]:
        """Tell what was recorded, what is loaded and how many rows were refused."""
        pairs = sorted(one.path.name for many in self._recordings.values() for one in many)
        return {
            "recordings": pairs,
            "loaded": len(self._frames),
            "refused": self._counts["refused"],
        }

    def _pick(self, mint: str, pool: str, timeframe: str) -> Recording:
        if timeframe not in TIMEFRAMES:
            raise RejectedError(f"there are no candles of {timeframe}")
        recordings = [one for one in self._recordings.get(mint, ()) if one.pair == pool]
        fitting = [
            one for one in recordings if TIMEFRAMES[timeframe] % TIMEFRAMES[one.timeframe] == 0
        ]
        if not fitting:
            recorded = ", ".join(one.timeframe for one in recordings) or "nothing"
            raise RejectedError(f"of {pool} {recorded} was recorded, not {timeframe}")
        return fitting[-1]

    async def _frame(self, recording: Recording) -> pl.DataFrame:
        if recording.path not in self._frames:
            frame, refused = await asyncio.to_thread(read_candles, recording)
            if recording.path not in self._frames:
                self._counts["refused"] += refused
                self._frames[recording.path] = frame.with_columns(pl.col("time") + self._shift)
        return self._frames[recording.path]


def _hide(seen: pl.DataFrame, recorded_ms: int, now: int) -> pl.DataFrame:
    """Reduce the recorded candle that is still open to its open."""
    is_open = pl.col("time") + recorded_ms > now
    opened = [
        pl.when(is_open).then(pl.col("open")).otherwise(pl.col(name)).alias(name)
        for name in ("high", "low", "close")
    ]
    volume = pl.when(is_open).then(0.0).otherwise(pl.col("volume")).alias("volume")
    return seen.with_columns(*opened, volume)


def _together(seen: pl.DataFrame, length: int) -> list[Candle]:
    grouped = seen.group_by(pl.col("time") // length * length, maintain_order=True).agg(
        pl.col("open").first(),
        pl.col("high").max(),
        pl.col("low").min(),
        pl.col("close").last(),
        pl.col("volume").sum(),
    )
    return [Candle(*row) for row in grouped.iter_rows()]
