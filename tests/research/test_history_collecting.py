"""What the platform recorded becomes history, once, on both databases."""

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from app.store.archive import archive_ticks
from app.store.database import Database
from app.store.history import History
from app.store.history_collecting import Collected, collect, recorded_ticks, seconds
from app.store.journal import Journal
from app.store.tokens import all_tokens
from app.trading.entry import CANDLE_SCHEMA
from app.trading.ledger import CandleRow, TickRow
from tests.research.series import DAY, START, candles
from tests.store import samples

FRAME = candles(100)
MINT = samples.MINT


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "history")


def rows(frame: pl.DataFrame, timeframe: str = "1m") -> list[CandleRow]:
    return [CandleRow(1, timeframe, row[0], "COIN1", *row[1:]) for row in frame.rows()]


def ticks(first: int, many: int, *, start: int = START, token: int = 1) -> list[TickRow]:
    """Make prices, four a second, that say their number."""
    return [
        TickRow(number, token, start + 250 * (number - 1), float(number))
        for number in range(first, first + many)
    ]


async def test_candles_and_prices_become_history_once(
    journal: Journal, database: Database, history: History, tmp_path: Path
) -> None:
    await journal.write([samples.token(1), *rows(FRAME), *ticks(1, 10)])
    now = START + 2_400
    assert await collect(database, tmp_path, history, now) == [
        Collected(MINT, "COIN1", "1m", 100, 0, 0),
        Collected(MINT, "COIN1", "1s", 2, 0, 0),
    ]
    assert_frame_equal(history.read(MINT, "1m"), FRAME)
    expected = [(START, 1.0, 4.0, 1.0, 4.0, 0.0), (START + 1_000, 5.0, 8.0, 5.0, 8.0, 0.0)]
    assert history.read(MINT, "1s").rows() == expected
    assert await collect(database, tmp_path, history, now) == []
    await journal.write(ticks(11, 10))
    again = await collect(database, tmp_path, history, START + DAY)
    assert [(one.timeframe, one.added, one.replaced) for one in again] == [("1s", 3, 0)]
    assert {entry.source for entry in history.entries()} == {"live"}


async def test_archived_prices_count_too(
    journal: Journal, database: Database, history: History, tmp_path: Path
) -> None:
    await journal.write([samples.token(1), *ticks(1, 400)])
    assert await archive_ticks(database, journal, tmp_path, START + 8 * DAY) == 399
    await journal.write(ticks(401, 4))
    (token,) = await all_tokens(database)
    found = await recorded_ticks(database, tmp_path, token)
    assert found["seq"].to_list() == list(range(1, 405))
    done = await collect(database, tmp_path, history, START + 8 * DAY)
    assert [one.added for one in done] == [101]
    assert history.read(MINT, "1s")["close"].to_list() == [4.0 * n for n in range(1, 102)]
    assert history.read(MINT, "1m").height == 1


async def test_prices_leave_other_candles_alone_and_recorded_ones_do_not(
    journal: Journal, database: Database, history: History, tmp_path: Path
) -> None:
    other = candles(3, "1s", seed=5)
    history.merge(MINT, "COIN1", "1s", other, "file")
    own = candles(1, "1s", start=START + 2_000, seed=6)
    await journal.write([samples.token(1), *rows(own, "1s"), *ticks(1, 20)])
    done = await collect(database, tmp_path, history, START + DAY)
    assert [(one.added, one.replaced) for one in done] == [(0, 1), (2, 0)]
    read = history.read(MINT, "1s")
    assert_frame_equal(read[:3], pl.concat([other[:2], own]))
    assert read["volume"].to_list()[3:] == [0.0, 0.0]


async def test_a_record_that_is_no_candle_is_counted(
    journal: Journal, database: Database, history: History, tmp_path: Path
) -> None:
    odd = [row._replace(timestamp=row.timestamp + 1) for row in rows(FRAME[:1])]
    await journal.write([samples.token(1), *rows(FRAME[1:3]), *odd])
    heard: list[str] = []
    done = await collect(database, tmp_path, history, START + DAY, heard.append)
    assert done == [Collected(MINT, "COIN1", "1m", 2, 0, 1)]
    assert heard == ["COIN1 1m", "COIN1 prices"]


def test_prices_of_a_second_keep_their_order() -> None:
    frame = pl.DataFrame(
        [(1, 1_500, 3.0), (2, 1_200, 1.0), (3, 2_100, 4.0), (4, 1_900, 2.0)],
        {"seq": pl.Int64, "at": pl.Int64, "price": pl.Float64},
        orient="row",
    )
    joined = seconds(frame, now=3_000)
    assert joined.rows() == [(1_000, 3.0, 3.0, 1.0, 2.0, 0.0), (2_000, 4.0, 4.0, 4.0, 4.0, 0.0)]
    assert joined.schema == CANDLE_SCHEMA
    assert seconds(frame, now=2_999).height == 1
