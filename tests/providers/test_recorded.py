import json
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from app.ports import BadPayloadError, RejectedError
from app.providers.candles.recorded import RecordedCandles
from app.providers.recordings import Recorded, find_recordings, read_candles
from app.providers.tokens.recorded import RecordedTokens
from app.trading.market import Candle, is_candle
from tests.providers.clocks import NOW, StillClock

REAL = Path(__file__).parents[3] / "shared" / "data"
MINT = "DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263"
BONK = Recorded(mint=MINT, symbol="BONK", decimals=5)
TOKENS = {"BONK-SOL": BONK}
STEP = 300_000
START = 1_710_590_400_000
HOUR = 3_600_000


def frame(count: int = 24, **changes: pl.Series | pl.Expr) -> pl.DataFrame:
    """Candles of five minutes from noon: number n opens at n + 1 and closes at n + 1.5."""
    return pl.DataFrame(
        {
            "timestamp": [
                datetime.fromtimestamp((START + n * STEP) / 1_000, UTC) for n in range(count)
            ],
            "open": [n + 1.0 for n in range(count)],
            "high": [n + 2.0 for n in range(count)],
            "low": [n + 0.5 for n in range(count)],
            "close": [n + 1.5 for n in range(count)],
            "volume": [10.0] * count,
        }
    ).with_columns(**changes)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    frame().write_parquet(tmp_path / "BONK-SOL_5m.parquet")
    (tmp_path / "README.md").write_text("not a recording")
    index = {"BONK-SOL": {"mint": MINT, "symbol": "BONK", "decimals": 5}}
    (tmp_path / "index.json").write_text(json.dumps(index))
    return tmp_path


async def test_only_what_has_closed_is_visible(folder: Path) -> None:
    clock = StillClock(START + 3 * STEP + 60_000)
    source = RecordedCandles(folder, clock)
    pair = await source.pool(MINT)
    assert pair == "BONK-SOL"
    told = await source.candles(MINT, pair, "5m", 2)
    assert told.closed == [
        Candle(START + STEP, 2.0, 3.0, 1.5, 2.5, 10.0),
        Candle(START + 2 * STEP, 3.0, 4.0, 2.5, 3.5, 10.0),
    ]
    assert told.forming == Candle(START + 3 * STEP, 4.0, 4.0, 4.0, 4.0, 0.0)
    clock.jump(240)
    told = await source.candles(MINT, pair, "5m", 1)
    assert told.closed == [Candle(START + 3 * STEP, 4.0, 5.0, 3.5, 4.5, 10.0)]
    assert told.forming is not None
    assert told.forming.open == 5.0


async def test_longer_candles_are_put_together_without_looking_ahead(folder: Path) -> None:
    source = RecordedCandles(folder, StillClock(START + 14 * STEP + 1))
    told = await source.candles(MINT, "BONK-SOL", "1h", 5)
    assert told.closed == [Candle(START, 1.0, 13.0, 0.5, 12.5, 120.0)]
    assert told.forming == Candle(START + HOUR, 13.0, 15.0, 12.5, 15.0, 20.0)


async def test_nothing_is_seen_before_or_after_the_recording(folder: Path) -> None:
    for now, count in ((START - 1, 0), (START + 100 * STEP, 24)):
        source = RecordedCandles(folder, StillClock(now))
        told = await source.candles(MINT, "BONK-SOL", "5m", 1_000)
        assert len(told.closed) == count
        assert told.forming is None
    assert await source.span(MINT) == (START, START + 24 * STEP)
    assert await source.span("other") is None
    assert await source.pool("other") is None
    assert await source.trades(MINT, "BONK-SOL") == ()


async def test_older_pages_end_before_what_was_asked(folder: Path) -> None:
    source = RecordedCandles(folder, StillClock(START + 20 * STEP))
    told = await source.candles(MINT, "BONK-SOL", "5m", 3, before=START + 10 * STEP)
    assert [one.time for one in told.closed] == [START + n * STEP for n in (7, 8, 9)]
    assert told.forming is None
    ahead = await source.candles(MINT, "BONK-SOL", "5m", 3, before=START + 23 * STEP)
    now = await source.candles(MINT, "BONK-SOL", "5m", 3)
    assert ahead == now


async def test_a_recording_can_be_moved_to_the_present(folder: Path) -> None:
    started = NOW // HOUR * HOUR + START % 86_400_000
    clock = StillClock(started + 10 * STEP)
    source = RecordedCandles(folder, clock, recording_starts_at=START + 10 * STEP)
    begins, ends = await source.span(MINT) or (0, 0)
    assert ends - begins == 24 * STEP
    assert (begins - START) % 86_400_000 == 0
    assert 0 <= started - begins < 86_400_000
    clock.jump((begins + 5 * STEP - clock.now()) / 1_000)
    assert len((await source.candles(MINT, "BONK-SOL", "5m", 100)).closed) == 5


async def test_what_was_not_recorded_is_rejected(folder: Path) -> None:
    source = RecordedCandles(folder, StillClock(START + STEP))
    for mint, pair, timeframe in (
        (MINT, "BONK-SOL", "1m"),
        (MINT, "BONK-SOL", "1s"),
        (MINT, "BONK-SOL", "2h"),
        (MINT, "WIF-SOL", "5m"),
        ("other", "BONK-SOL", "5m"),
    ):
        with pytest.raises(RejectedError):
            await source.candles(mint, pair, timeframe, 10)
    told = source.snapshot()
    assert told == {"recordings": ["BONK-SOL_5m.parquet"], "loaded": 0, "refused": 0}


async def test_the_longest_fitting_recording_is_used(folder: Path) -> None:
    hours = frame(2, timestamp=pl.Series([START, START + HOUR]), close=pl.lit(1.9))
    hours.write_parquet(folder / "BONK-SOL_1h.parquet")
    source = RecordedCandles(folder, StillClock(START + 30 * STEP))
    assert (await source.candles(MINT, "BONK-SOL", "1h", 1)).closed[0].close == 1.9
    assert (await source.candles(MINT, "BONK-SOL", "15m", 1)).closed[0].close == 24.5


async def test_the_directory_of_a_recording(folder: Path) -> None:
    directory = RecordedTokens(folder)
    found = await directory.token(MINT)
    assert found is not None
    assert (found.symbol, found.decimals, found.pool) == ("BONK", 5, "BONK-SOL")
    assert await directory.token("other") is None
    assert directory.snapshot() == {"tokens": ["BONK"]}


@pytest.mark.parametrize(
    "times",
    [
        pl.Series([START, START + STEP]),
        pl.Series([START // 1_000, (START + STEP) // 1_000]),
        pl.Series([START, START + STEP]).cast(pl.Datetime("ms")),
        pl.Series([START, START + STEP]).cast(pl.Datetime("ms", "Asia/Tokyo")),
        pl.Series([START * 1_000_000, (START + STEP) * 1_000_000]).cast(pl.Datetime("ns", "UTC")),
    ],
)
def test_times_may_be_written_in_any_usual_way(folder: Path, times: pl.Series) -> None:
    frame(2, timestamp=times).write_parquet(folder / "BONK-SOL_5m.parquet")
    (recording,) = find_recordings(folder)[MINT]
    read, refused = read_candles(recording)
    assert read["time"].to_list() == [START, START + STEP]
    assert refused == 0


def test_csv_says_the_same(folder: Path) -> None:
    (folder / "BONK-SOL_5m.parquet").unlink()
    frame(3).write_csv(folder / "BONK-SOL_5m.csv")
    (recording,) = find_recordings(folder, TOKENS)[MINT]
    read, _ = read_candles(recording)
    assert read["time"].to_list() == [START + n * STEP for n in range(3)]
    assert read["close"].to_list() == [1.5, 2.5, 3.5]


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (frame().drop("volume", "low"), r"BONK-SOL_5m.parquet has no column low, volume"),
        (frame(close=pl.lit("1.5")), "close is String, not a number"),
        (frame(timestamp=pl.lit("noon")), "timestamp is String, not a time"),
        (frame(timestamp=pl.lit(1.5)), "timestamp is Float64, not a time"),
        (frame().reverse(), "timestamps do not rise"),
        (frame(timestamp=pl.lit(None, pl.Int64)), "timestamps do not rise"),
        (pl.concat([frame(1), frame(1)]), "a timestamp stands twice"),
        (frame(timestamp=pl.col("timestamp") + pl.duration(seconds=1)), "not where a 5m candle"),
    ],
)
async def test_a_file_that_is_no_recording_says_why(
    folder: Path, bad: pl.DataFrame, message: str
) -> None:
    bad.write_parquet(folder / "BONK-SOL_5m.parquet")
    source = RecordedCandles(folder, StillClock(START + STEP))
    with pytest.raises(BadPayloadError, match=message):
        await source.candles(MINT, "BONK-SOL", "5m", 10)


async def test_rows_that_are_no_candles_are_refused(folder: Path) -> None:
    number = pl.int_range(pl.len())
    bad = frame(
        close=pl.when(number == 1).then(float("nan")).otherwise("close"),
        high=pl.when(number == 2).then(0.1).otherwise("high"),
        volume=pl.when(number == 3).then(None).when(number == 4).then(-1.0).otherwise("volume"),
        low=pl.when(number == 5).then(0.0).otherwise("low"),
    )
    bad.write_parquet(folder / "BONK-SOL_5m.parquet")
    source = RecordedCandles(folder, StillClock(START + 24 * STEP))
    assert len((await source.candles(MINT, "BONK-SOL", "5m", 100)).closed) == 19
    assert source.snapshot()["refused"] == 5


def test_a_folder_must_be_what_it_should(folder: Path) -> None:
    (folder / "BONK-SOL_5m.parquet").write_bytes(b"not parquet")
    (recording,) = find_recordings(folder)[MINT]
    with pytest.raises(BadPayloadError, match="cannot be read"):
        read_candles(recording)
    with pytest.raises(RejectedError, match="no folder 'nowhere'"):
        RecordedTokens(folder / "nowhere")
    for text in ("{", "[]", '{"A": 1}', '{"A": {"mint": "x", "symbol": "A", "decimals": 5}}'):
        (folder / "index.json").write_text(text)
        with pytest.raises(BadPayloadError):
            find_recordings(folder)
    (folder / "index.json").unlink()
    with pytest.raises(RejectedError, match=r"no index\.json"):
        find_recordings(folder)
    assert find_recordings(folder, {}) == {}


@pytest.mark.skipif(not REAL.is_dir(), reason="the recorded files are not on this machine")
async def test_the_real_recordings_play() -> None:
    tokens = {
        "BONK-SOL": BONK,
        "WIF-SOL": Recorded(
            mint="EKpQGSJtjMFqKZ9KQanSqYXRcF8fBopzLHYxdM65zcjm", symbol="WIF", decimals=6
        ),
    }
    clock = StillClock(START + 7 * 86_400_000)
    source = RecordedCandles(REAL, clock, tokens=tokens)
    for token in tokens.values():
        pair = await source.pool(token.mint) or ""
        for timeframe in ("5m", "15m", "1h", "4h", "1d"):
            told = await source.candles(token.mint, pair, timeframe, 3)
            assert len(told.closed) == 3
            assert all(map(is_candle, told.closed))
            assert told.closed[-1].time <= clock.now()
    assert source.snapshot()["refused"] == 0
