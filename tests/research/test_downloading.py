"""Downloads from a service that speaks the real contract, and everything it may do meanwhile."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from app.ports import CandlePage, RejectedError
from app.providers.candles.gecko import GeckoCandles
from app.providers.http import Http
from app.research.downloading import (
    ATTEMPTS,
    Downloaded,
    DownloadStopped,
    Progress,
    Wanted,
    download,
    missing,
    runs,
)
from app.store.history import History
from app.store.history_spans import subtract, union
from app.trading.market import Candle
from tests.providers.answers import Answers
from tests.providers.clocks import RealClock
from tests.providers.gecko_bodies import MINT, OTHER, POOL
from tests.research.geckos import MINUTE, Gecko, recent
from tests.research.series import START, candles
from tests.servers import serve_app

ROOT = Path(__file__).parents[2]
LIMITED = {"status": {"error_code": 429, "error_message": "You've exceeded the Rate Limit."}}
TOO_OLD = {"errors": [{"status": "401", "title": "only the past 180 days"}]}


@pytest.fixture
async def answers() -> AsyncIterator[tuple[Answers, str]]:
    answering = Answers()
    async with serve_app(answering) as url:
        yield answering, f"{url}/api/v2"


@pytest.fixture
def clock() -> RealClock:
    return RealClock(longest=0.001)


@pytest.fixture
async def source(answers: tuple[Answers, str], clock: RealClock) -> AsyncIterator[GeckoCandles]:
    http = Http(clock, jitter=lambda: 0.0)
    yield GeckoCandles(http, clock, answers[1])
    await http.aclose()


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "history")


def serve(answers: tuple[Answers, str], gecko: Gecko) -> Gecko:
    answers[0].answer = gecko
    return gecko


def everything(frame: pl.DataFrame) -> Wanted:
    """Want a frame's candles, and an hour before them."""
    since, until = frame["time"][0] - 60 * MINUTE, frame["time"][-1] + MINUTE
    return Wanted(mint=MINT, pool=POOL, symbol="BONK", timeframe="1m", since=since, until=until)


async def test_everything_comes_page_by_page_and_only_once(
    answers: tuple[Answers, str], source: GeckoCandles, history: History, clock: RealClock
) -> None:
    frame = recent(2_500)
    gecko = serve(answers, Gecko(frame))
    told: list[Progress] = []
    wanted = everything(frame)
    done = await download(source, history, clock, wanted, told.append)
    assert done == Downloaded(pages=4, added=2_500, refused=0)
    assert_frame_equal(history.read(MINT, "1m"), frame)
    end = frame["time"][-1] // 1_000 + 60
    assert gecko.before == [end, end - 60_000, end - 120_000, end - 150_000]
    assert [(one.done, one.total, one.added) for one in told] == [
        (0, 2_560, 0),
        (1_000, 2_560, 1_000),
        (2_000, 2_560, 2_000),
        (2_500, 2_560, 2_500),
        (2_560, 2_560, 2_500),
    ]
    (entry,) = history.entries()
    assert (entry.symbol, entry.source, entry.missing) == ("BONK", "GeckoTerminal", 0)
    assert (await download(source, history, clock, wanted)).pages == 0


async def test_what_is_stored_is_not_asked_for_and_stays(
    answers: tuple[Answers, str], source: GeckoCandles, history: History, clock: RealClock
) -> None:
    frame = recent(3_000)
    mine = candles(1_000, start=frame["time"][1_000], seed=7)
    history.merge(MINT, "BONK", "1m", mine, "file")
    gecko = serve(answers, Gecko(frame))
    done = await download(source, history, clock, everything(frame))
    assert (done.pages, done.added) == (3, 2_000)
    first, end = frame["time"][0] // 1_000, frame["time"][-1] // 1_000 + 60
    assert gecko.before == [end, first + 60_000, first]
    assert_frame_equal(history.read(MINT, "1m"), pl.concat([frame[:1_000], mine, frame[2_000:]]))


async def test_missing_intervals_are_asked_for_once(
    answers: tuple[Answers, str], source: GeckoCandles, history: History, clock: RealClock
) -> None:
    frame = recent(4_000)
    sparse = pl.concat([frame[:300].gather_every(7), frame[2_800:3_500].gather_every(3)])
    gecko = serve(answers, Gecko(sparse))
    wanted = everything(frame)
    done = await download(source, history, clock, wanted)
    assert done.added == sparse.height
    assert_frame_equal(history.read(MINT, "1m"), sparse)
    assert done.pages == len(gecko.before) <= 6
    assert (await download(source, history, clock, wanted)).pages == 0


async def test_an_empty_page_is_the_beginning(
    answers: tuple[Answers, str], source: GeckoCandles, history: History, clock: RealClock
) -> None:
    frame = recent(10)
    serve(answers, Gecko(frame[:0]))
    done = await download(source, history, clock, everything(frame))
    assert done == Downloaded(1, 0, 0)
    assert history.entries() == []
    assert (await download(source, history, clock, everything(frame))).pages == 0


async def test_what_is_too_young_waits(
    answers: tuple[Answers, str], source: GeckoCandles, history: History, clock: RealClock
) -> None:
    frame = recent(30, ago=0)
    serve(answers, Gecko(frame))
    await download(source, history, clock, everything(frame))
    newest = history.read(MINT, "1m")["time"][-1]
    assert frame["time"][-1] - 3 * MINUTE <= newest < frame["time"][-1]
    assert history.covered(MINT, "1m")[-1][1] == newest + MINUTE


@pytest.mark.parametrize("wrong", [(429, LIMITED), LIMITED, (500, {}), (503, b"<html>"), (408, {})])
async def test_what_passes_is_waited_out(
    answers: tuple[Answers, str],
    source: GeckoCandles,
    history: History,
    clock: RealClock,
    wrong: object,
) -> None:
    frame = recent(2_000)
    serve(answers, Gecko(frame, lambda number: wrong if 2 <= number <= 6 else None))
    told: list[Progress] = []
    done = await download(source, history, clock, everything(frame), told.append)
    assert done.added == 2_000
    assert_frame_equal(history.read(MINT, "1m"), frame)
    waited = [one for one in told if one.waiting]
    assert waited
    assert all(one.done == 1_000 for one in waited)
    assert max(clock.slept) >= 5


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ((429, LIMITED), "exceeded the Rate Limit"),
        ((502, {}), "answered 502"),
        ((401, TOO_OLD), "the past 180 days"),
        ((404, {}), "does not know the pool"),
        (b"no JSON", "JSON"),
        ({"data": []}, "ohlcv_list"),
    ],
)
async def test_what_does_not_pass_keeps_what_came(
    answers: tuple[Answers, str],
    source: GeckoCandles,
    history: History,
    wrong: object,
    why: str,
) -> None:
    frame, clock = recent(2_000), RealClock(longest=0.001)
    gecko = serve(answers, Gecko(frame, lambda number: wrong if number > 1 else None))
    with pytest.raises(DownloadStopped, match=why) as caught:
        await download(source, history, clock, everything(frame))
    assert "what is newer is kept" in str(caught.value)
    passing = isinstance(wrong, tuple) and wrong[0] in {429, 502}
    assert len(gecko.before) == (1 + ATTEMPTS * 3 if passing else 2)
    assert_frame_equal(history.read(MINT, "1m"), frame[1_000:])
    gecko.fault = lambda _: None
    gecko.before.clear()
    assert (await download(source, history, clock, everything(frame))).added == 1_000
    assert gecko.before[0] == frame["time"][1_000] // 1_000
    assert_frame_equal(history.read(MINT, "1m"), frame)


async def test_rows_that_are_none_are_counted(
    answers: tuple[Answers, str], source: GeckoCandles, history: History, clock: RealClock
) -> None:
    frame = recent(100)
    bad = frame.with_columns(
        close=pl.when(pl.int_range(100) == 50).then(-1.0).otherwise(pl.col("close"))
    )
    serve(answers, Gecko(bad))
    done = await download(source, history, clock, everything(frame))
    assert (done.added, done.refused) == (99, 1)
    all_bad = frame.with_columns(close=pl.lit(-1.0))
    serve(answers, Gecko(all_bad))
    history.delete(MINT, "1m")
    with pytest.raises(DownloadStopped, match="none of the 101 rows"):
        await download(source, history, clock, everything(frame))


async def test_a_cancelled_download_goes_on(
    answers: tuple[Answers, str], source: GeckoCandles, history: History, clock: RealClock
) -> None:
    frame = recent(5_000)
    gecko = serve(answers, Gecko(frame))
    running: list[asyncio.Task[Downloaded]] = []

    def cancel(progress: Progress) -> None:
        if progress.done >= 2_000:
            running[0].cancel()

    running.append(asyncio.create_task(download(source, history, clock, everything(frame), cancel)))
    with pytest.raises(asyncio.CancelledError):
        await running[0]
    assert_frame_equal(history.read(MINT, "1m"), frame[3_000:])
    gecko.before.clear()
    await download(source, history, clock, everything(frame))
    assert gecko.before[0] == frame["time"][3_000] // 1_000
    assert_frame_equal(history.read(MINT, "1m"), frame)


class Dollars:
    """A source whose pages reach further back than the intervals that were asked for."""

    def __init__(self, times: list[int]) -> None:
        self.times = times
        self.asked: list[tuple[int, int]] = []

    async def candles(
        self, mint: str, pool: str, timeframe: str, limit: int, before: int | None = None
    ) -> CandlePage:
        assert before is not None
        self.asked.append((limit, before))
        older = [time for time in self.times if time < before][-limit:]
        # The price tells how far the candle was from the end of the intervals asked for.
        priced = [(at, 1.0 + (before - at > limit * MINUTE)) for at in older]
        rows = [Candle(at, one, one, one, one, 0.0) for at, one in priced]
        return CandlePage(closed=rows, forming=None)

    async def pool(self, mint: str) -> str | None:
        return POOL

    async def trades(self, mint: str, pool: str) -> list[object]:
        raise RejectedError("there are none")


@given(minutes=st.sets(st.integers(0, 9_000), min_size=1, max_size=40))
def test_candles_behind_the_intervals_asked_for_wait_for_their_own_page(
    tmp_path_factory: pytest.TempPathFactory, minutes: set[int]
) -> None:
    times = [START + minute * MINUTE for minute in sorted(minutes)]
    source, history = Dollars(times), History(tmp_path_factory.mktemp("history"))
    wanted = Wanted(
        mint=MINT,
        pool=POOL,
        symbol="X",
        timeframe="1m",
        since=START,
        until=START + 9_001 * MINUTE,
    )
    asyncio.run(download(source, history, RealClock(), wanted))  # type: ignore[arg-type]
    frame = history.read(MINT, "1m")
    assert frame["time"].to_list() == times
    assert set(frame["close"]) == {1.0}
    assert missing(history, wanted, (wanted.since, wanted.until)) == []
    assert all(after < before for (_, before), (_, after) in pairwise(source.asked))


@given(
    taken=st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)).map(sorted), max_size=6),
    whole=st.tuples(st.integers(0, 50), st.integers(0, 50)),
)
def test_spans_are_sets_of_points(taken: list[list[int]], whole: tuple[int, int]) -> None:
    spans = [(first, last) for first, last in taken]
    points = {point for first, last in spans for point in range(first, last)}
    assert {p for first, last in union(spans) for p in range(first, last)} == points
    left = subtract(whole, spans)
    assert [p for first, last in left for p in range(first, last)] == [
        point for point in range(*whole) if point not in points
    ]
    assert all(first < last for first, last in left)


def test_runs_are_candles_without_a_gap() -> None:
    frame = pl.concat([candles(5), candles(9)[7:8], candles(20)[12:]])
    spans = [(0, 5), (7, 8), (12, 20)]
    expected = [(START + a * MINUTE, START + b * MINUTE) for a, b in spans]
    assert runs(frame["time"], MINUTE) == expected
    assert runs(frame["time"][:0], MINUTE) == []


async def test_an_address_is_a_mint_or_a_pool(
    answers: tuple[Answers, str], source: GeckoCandles
) -> None:
    serve(answers, Gecko(recent(1)))
    for address in (MINT, POOL):
        assert await source.listing(address) == (MINT, POOL, "BONK")
    assert await source.listing(OTHER) is None
    with pytest.raises(RejectedError, match="base58"):
        await source.listing("../..")


def command(url: str, folder: Path, frame: pl.DataFrame) -> tuple[list[str], dict[str, str]]:
    """Write the command that downloads a frame, and its environment."""
    ends = pl.Series([frame["time"][0], frame["time"][-1] + MINUTE])
    since, until = pl.from_epoch(ends, "ms").dt.strftime("%Y-%m-%dT%H:%M:%S")
    words = ["candles", "download", MINT, "--timeframe", "1m", "--from", since, "--to", until]
    environment = {
        **os.environ,
        "AUTOTRADER_CANDLES_URL": url,
        "AUTOTRADER_DATA_DIR": str(folder),
    }
    return [sys.executable, "-m", "app", *words], environment


@pytest.mark.skipif(os.name != "posix", reason="kills as POSIX does")
async def test_a_killed_download_goes_on(answers: tuple[Answers, str], tmp_path: Path) -> None:
    frame = recent(6_000)
    gecko = serve(answers, Gecko(frame))
    words, environment = command(answers[1], tmp_path, frame)
    killed = await asyncio.to_thread(
        subprocess.Popen, words, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    )

    def kill(number: int) -> None:
        if number == 4:
            killed.send_signal(signal.SIGKILL)
            time.sleep(0.2)

    gecko.fault = kill
    assert await asyncio.to_thread(killed.wait) == -signal.SIGKILL
    history = History(tmp_path / "history" / "shared")
    kept = history.read(MINT, "1m")
    assert_frame_equal(kept, frame[3_000:])
    gecko.fault = lambda _: None
    gecko.before.clear()
    again = await asyncio.to_thread(
        subprocess.run, words, cwd=ROOT, env=environment, capture_output=True, check=True
    )
    assert b"3,000 candles" in again.stdout
    assert gecko.before == [frame["time"][rows] // 1_000 for rows in (3_000, 2_000, 1_000)]
    assert_frame_equal(history.read(MINT, "1m"), frame)
