"""Recorded prices come in order and once, whether they are in files, in the database, or moving."""

from pathlib import Path

import pytest

from app.store import prices
from app.store.archive import KEPT_MS, Idle, archive_ticks, folder_of, write_file
from app.store.database import Database
from app.store.journal import Journal
from app.store.prices import LATE_MS, number_before, recorded_prices
from app.trading.ledger import TickRow
from tests.store import samples

MINUTE = 60_000
TOKEN = Idle(1, samples.MINT)


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prices, "PAGE", 7)


async def kept(journal: Journal, many: int) -> None:
    """Keep a price a minute, every other one of another token."""
    await journal.write([samples.token(1), samples.token(2)])
    rows = [samples.tick(seq, 1 + seq % 2, samples.AT + seq * MINUTE) for seq in range(1, many + 1)]
    await journal.write(rows)


async def numbers(database: Database, folder: Path, **wanted: int) -> list[int]:
    pages = [page async for page in recorded_prices(database, folder, TOKEN, **wanted)]
    assert all(0 < len(page.seq) <= 7 for page in pages)
    for page in pages:
        assert page.at.tolist() == [samples.AT + seq * MINUTE for seq in page.seq.tolist()]
        assert page.price.tolist() == [1e-9 * seq for seq in page.seq.tolist()]
    return [seq for page in pages for seq in page.seq.tolist()]


async def test_prices_from_the_database(
    journal: Journal, database: Database, tmp_path: Path
) -> None:
    await kept(journal, 60)
    assert await numbers(database, tmp_path) == list(range(2, 61, 2))
    assert await numbers(database, tmp_path, after=10, through=20) == [12, 14, 16, 18, 20]
    assert await numbers(database, tmp_path, after=60) == []
    late = await numbers(database, tmp_path, since=samples.AT + 50 * MINUTE)
    assert late == list(range(20, 61, 2))  # half an hour before, because times may stand late


async def test_prices_that_left_for_files_come_first(
    journal: Journal, database: Database, tmp_path: Path
) -> None:
    await kept(journal, 60)
    now = samples.AT + 30 * MINUTE + KEPT_MS
    assert await archive_ticks(database, journal, tmp_path, now) == 29
    assert await numbers(database, tmp_path) == list(range(2, 61, 2))
    assert await numbers(database, tmp_path, after=10, through=40) == list(range(12, 41, 2))
    # A process that died while it moved rows wrote some of them twice.
    again = [samples.tick(seq, 1, samples.AT + seq * MINUTE) for seq in (26, 28, 30, 32)]
    write_file(again, folder_of(tmp_path, TOKEN))
    assert await numbers(database, tmp_path) == list(range(2, 61, 2))


async def test_prices_that_leave_while_they_are_read_are_not_missed(
    journal: Journal, database: Database, tmp_path: Path
) -> None:
    await kept(journal, 60)
    found: list[int] = []
    async for page in recorded_prices(database, tmp_path, TOKEN):
        found += page.seq.tolist()
        if len(found) == 7:
            now = samples.AT + 50 * MINUTE + KEPT_MS
            assert await archive_ticks(database, journal, tmp_path, now) == 49
    assert found == list(range(2, 61, 2))


async def test_a_number_before_which_all_is_older(journal: Journal, database: Database) -> None:
    assert await number_before(database, samples.AT) == 0
    await kept(journal, 100)
    for minute in (0, 31, 50, 99, 131, 1_000):
        found = await number_before(database, samples.AT + minute * MINUTE)
        first_kept = minute - LATE_MS // MINUTE
        assert found == min(max(first_kept - 1, 0), 100)


async def test_no_prices(journal: Journal, database: Database, tmp_path: Path) -> None:
    await journal.write([samples.token(1), samples.token(2), TickRow(1, 2, samples.AT, 1.0)])
    assert await numbers(database, tmp_path) == []
    assert await numbers(database, tmp_path, since=samples.AT) == []
