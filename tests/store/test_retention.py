"""What is kept for how long."""

from pathlib import Path

import polars as pl
import pytest

from app.store.archive import archive_ticks, read_archive
from app.store.database import Database
from app.store.journal import Journal
from app.store.retention import DAY_MS, tidy
from app.store.sessions import find_session, take_challenge
from app.store.snapshots import portfolio_history
from app.store.ticks import last_tick, ticks_after
from app.trading.ledger import SnapshotRow, TickRow
from tests.store import samples

HOUR = 3_600_000
START = samples.AT // DAY_MS * DAY_MS
"""A UTC midnight."""


def value_at(minute: int, wallet: int = 1) -> SnapshotRow:
    row = samples.snapshot(START + minute * 60_000, wallet)
    return row._replace(total_value=minute)


async def series(database: Database, resolution: str, wallet: int = 1) -> list[tuple[int, int]]:
    rows = await portfolio_history(database, wallet, resolution)
    return [((row.timestamp - START) // 60_000, row.total_value) for row in rows]


async def test_snapshots_thin_out(journal: Journal, database: Database) -> None:
    await journal.write([samples.wallet(1), samples.wallet(2)])
    await journal.write(value_at(minute) for minute in range(0, 150, 10))
    await journal.write([value_at(90, wallet=2)])
    now = START + 150 * 60_000
    first = await tidy(database, journal, now)
    assert (first.thinned, first.snapshots) == (6, 0)
    assert await series(database, "1h") == [(0, 50), (60, 110), (120, 140)]
    assert await series(database, "1d") == [(0, 140)]
    assert await series(database, "1h", 2) == [(60, 90)]
    # The hour that was going on is made again, those before it are left alone.
    await journal.write([value_at(170), value_at(400)])
    await tidy(database, journal, START + 401 * 60_000)
    assert await series(database, "1h") == [(0, 50), (60, 110), (120, 170), (360, 400)]
    assert await series(database, "1d") == [(0, 400)]
    assert len(await series(database, "1m")) == 17
    # A day later only what is younger than that stays by the minute, a month later nothing.
    await tidy(database, journal, START + DAY_MS + 100 * 60_000)
    assert [minute for minute, _ in await series(database, "1m")] == [
        100,
        110,
        120,
        130,
        140,
        170,
        400,
    ]
    late = await tidy(database, journal, START + 31 * DAY_MS)
    assert late.snapshots == 7 + 1 + 4
    assert await series(database, "1m") == []
    assert await series(database, "1h") == []
    assert await series(database, "1d") == [(0, 400)]


async def test_tidying_again_changes_nothing(journal: Journal, database: Database) -> None:
    await journal.write([samples.wallet(), *(value_at(minute) for minute in range(100))])
    await tidy(database, journal, START + HOUR)
    before = [await series(database, name) for name in ("1m", "1h", "1d")]
    await tidy(database, journal, START + HOUR)
    assert [await series(database, name) for name in ("1m", "1h", "1d")] == before


async def test_what_is_over_is_deleted(journal: Journal, database: Database) -> None:
    old, good = samples.session(1), samples.session(2)._replace(expires_at=samples.AT + 900)
    revoked = samples.session(3)._replace(revoked_at=samples.AT)
    challenges = [samples.challenge("old"), samples.challenge("new")._replace(expires_at=2**62)]
    await journal.write([samples.wallet(), old, good, revoked, *challenges, samples.claim()])
    tidied = await tidy(database, journal, samples.AT + 200)
    assert tidied == (0, 0, 2, 1, 0)
    assert await find_session(database, good.token_digest, samples.AT) is not None
    assert await take_challenge(journal, "new", "wallet-1", samples.AT) is not None
    assert (await tidy(database, journal, samples.AT + DAY_MS + 1)).answers == 1


async def all_ticks(database: Database, token: int) -> list[TickRow]:
    return [tick async for page in ticks_after(database, token, 0) for tick in page]


async def test_old_prices_of_idle_tokens_become_files(
    journal: Journal, database: Database, tmp_path: Path
) -> None:
    now = samples.AT + 8 * DAY_MS
    parents = [samples.wallet(), *(samples.token(number) for number in (1, 2, 3)), samples.signal()]
    held = [samples.trade()._replace(token_id=2), samples.position()._replace(token_id=2)]
    old = [samples.tick(seq, 1 + seq % 3) for seq in range(1, 7_501)]
    young = [samples.tick(seq, 1 + seq % 3, at=now) for seq in range(7_501, 7_601)]
    await journal.write([*parents, *held, *old, *young])
    assert await archive_ticks(database, journal, tmp_path, now) == 5_000
    assert await all_ticks(database, 1) == [tick for tick in young if tick.token_id == 1]
    assert await all_ticks(database, 2) == [t for t in [*old, *young] if t.token_id == 2]
    frame = read_archive(tmp_path / "ticks" / samples.MINT)
    assert frame.rows() == [(t.seq, t.at, t.price) for t in old if t.token_id == 1]
    assert read_archive(tmp_path / "ticks" / "token-3").height == 2_500
    assert await archive_ticks(database, journal, tmp_path, now) == 0


async def test_many_old_prices_become_several_files(
    journal: Journal, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.store.archive.ROWS_PER_FILE", 5_000)
    await journal.write([samples.token(), *(samples.tick(seq) for seq in range(1, 12_002))])
    now = samples.AT + 30 * DAY_MS
    assert await archive_ticks(database, journal, tmp_path, now) == 12_000
    folder = tmp_path / "ticks" / samples.MINT
    assert sorted(file.stem for file in folder.iterdir()) == [
        "1-5000",
        "10001-12000",
        "5001-10000",
    ]
    assert read_archive(folder)["seq"].to_list() == list(range(1, 12_001))


async def test_the_newest_price_stays_for_its_number(
    journal: Journal, database: Database, tmp_path: Path
) -> None:
    await journal.write([samples.token(), samples.tick(1), samples.tick(2)])
    assert await archive_ticks(database, journal, tmp_path, samples.AT + 30 * DAY_MS) == 1
    assert await last_tick(database, 1) == samples.tick(2)


async def test_prices_written_twice_are_read_once(
    journal: Journal,
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await journal.write([samples.token(), *(samples.tick(seq) for seq in range(1, 12))])
    now = samples.AT + 30 * DAY_MS

    async def dies(*_args: object, **_parameters: object) -> int:
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(Journal, "execute", dies)
        with pytest.raises(ConnectionError):
            await archive_ticks(database, journal, tmp_path, now)
    assert len(await all_ticks(database, 1)) == 11
    await journal.write([samples.tick(12)])
    assert await archive_ticks(database, journal, tmp_path, now) == 11
    frame = read_archive(tmp_path / "ticks" / samples.MINT)
    assert frame["seq"].to_list() == list(range(1, 12))
    assert frame.schema == {"seq": pl.Int64, "at": pl.Int64, "price": pl.Float64}


def test_no_files_are_no_prices(tmp_path: Path) -> None:
    assert read_archive(tmp_path).is_empty()
