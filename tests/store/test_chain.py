"""Events only grow, and whoever changes one behind everybody's back is found."""

import asyncio
import hashlib
import json
import sqlite3
import time

import asyncpg
import pytest
from sqlalchemy import delete, select, update

from app.store.chain import BEGINNING, SEAL_BYTES, Head, sealed
from app.store.chain_check import (
    CHANGED,
    CUT_OFF,
    NO_HEAD,
    NOT_WRITTEN,
    OTHER,
    SealedEvent,
    check_chain,
)
from app.store.database import Database
from app.store.errors import ConflictError
from app.store.journal import Journal
from app.store.location import locate
from app.store.migrate import upgrade
from app.store.query import Query, picked, table_of
from app.store.tables import Event
from app.trading.ledger import EventRow
from tests.store import samples

EVENTS = 12
ALL: Query[SealedEvent] = Query(
    select(*picked(Event, SealedEvent)).order_by(table_of(Event).c.seq), SealedEvent
)


async def behind(url: str, *statements: str) -> None:
    """Do what nobody may, as somebody who owns the database and drops its triggers first."""
    location = locate(url)
    if location.dialect == "sqlite":
        file = sqlite3.connect(location.path, isolation_level=None)
        for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type='trigger'"):
            file.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            file.execute(statement)
        file.close()
        return
    server = await asyncpg.connect(location.dsn)
    await server.execute("ALTER TABLE events DISABLE TRIGGER ALL")
    for statement in statements:
        await server.execute(statement)
    await server.close()


@pytest.fixture
async def log(journal: Journal) -> Journal:
    """Tell some events, in writes of different sizes."""
    await journal.write([samples.wallet(), samples.event(1)])
    await journal.write([samples.event(seq) for seq in range(2, 6)])
    await asyncio.gather(*(journal.write([samples.event(seq)]) for seq in range(6, EVENTS + 1)))
    return journal


def plain(rows: list[SealedEvent]) -> list[bytes]:
    """Compute the seals from their description alone."""
    seals = [bytes(32)]
    for row in rows:
        text = json.dumps(list(row[:-1]), separators=(",", ":"), ensure_ascii=False)
        seals.append(hashlib.sha256(seals[-1] + text.encode()).digest())
    return seals[1:]


async def test_each_event_is_sealed_as_described(log: Journal, database: Database) -> None:
    del log
    rows = await database.rows(ALL)
    assert [row.chain for row in rows] == plain(rows)
    report = await check_chain(database)
    assert report == (EVENTS, Head(EVENTS, rows[-1].chain), None)


async def test_no_events_are_a_whole_chain(database: Database) -> None:
    assert await check_chain(database) == (0, BEGINNING, None)


async def test_nobody_changes_or_deletes_an_event(log: Journal, database: Database) -> None:
    seq = table_of(Event).c.seq
    for statement in (
        update(Event).where(seq == 3).values(kind="Other"),
        delete(Event).where(seq == EVENTS),
        delete(Event),
    ):
        change: Query[tuple[int]] = Query(statement)
        with pytest.raises(ConflictError, match="only grows"):
            await log.execute(change)
    assert (await check_chain(database)).broken is None


async def test_nobody_empties_the_log_of_a_server(log: Journal, database_url: str) -> None:
    del log
    if database_url.startswith("sqlite"):
        return  # it knows no such statement
    server = await asyncpg.connect(locate(database_url).dsn)
    with pytest.raises(asyncpg.RestrictViolationError):
        await server.execute("TRUNCATE events")
    await server.close()


async def test_an_event_follows_the_newest(log: Journal, database: Database) -> None:
    await log.write([samples.event(EVENTS + 5)])
    with pytest.raises(ConflictError, match="does not follow"):
        await log.write([samples.event(EVENTS + 2)])
    assert (await check_chain(database)).head.seq == EVENTS + 5


@pytest.mark.parametrize(
    ("statements", "first", "reason"),
    [
        (["UPDATE events SET kind = 'TradeClosed' WHERE seq = 5"], 5, CHANGED),
        (["UPDATE events SET at = at + 1 WHERE seq = 12"], 12, CHANGED),
        (["UPDATE events SET wallet_id = NULL WHERE seq = 2"], 2, CHANGED),
        (["UPDATE events SET data = data || ' ' WHERE seq = 7"], 7, CHANGED),
        (["DELETE FROM events WHERE seq = 1"], 2, CHANGED),
        (["DELETE FROM events WHERE seq = 5"], 6, CHANGED),
        (["DELETE FROM events WHERE seq > 10"], 12, CUT_OFF),
        (["DELETE FROM events"], 12, CUT_OFF),
        (["DELETE FROM event_heads"], 12, NO_HEAD),
        (
            [
                "UPDATE events SET seq = 99 WHERE seq = 4",
                "UPDATE events SET seq = 4 WHERE seq = 5",
                "UPDATE events SET seq = 5 WHERE seq = 99",
            ],
            4,
            CHANGED,
        ),
        (
            [
                "UPDATE events SET seq = 13 WHERE seq = 12",
                "INSERT INTO events SELECT 12, wallet_id, at, kind, trade_id, data, chain "
                "FROM events WHERE seq = 11",
            ],
            12,
            CHANGED,
        ),
    ],
)
async def test_what_was_done_to_events_is_found(
    statements: list[str],
    first: int,
    reason: str,
    *,
    log: Journal,
    database: Database,
    database_url: str,
) -> None:
    del log
    await behind(database_url, *statements)
    broken = (await check_chain(database)).broken
    assert broken is not None
    assert (broken.seq, broken.reason) == (first, reason)


def written_anew(rows: list[SealedEvent], *, last: str) -> list[str]:
    """Write the whole chain of a changed log, as somebody would who knows how it is made."""
    changed = [row._replace(data=last) if row is rows[-1] else row for row in rows]
    events, head = sealed(BEGINNING, [row[:-1] for row in changed])
    return [
        *(
            f"UPDATE events SET data = '{event[5]}', chain = {quoted(event[6])} "  # noqa: S608
            f"WHERE seq = {event[0]}"
            for event in events
        ),
        f"UPDATE event_heads SET chain = {quoted(head.chain)}",  # noqa: S608
    ]


def quoted(seal: bytes) -> str:
    return f"X'{seal.hex()}'"


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_a_chain_written_anew_is_told_by_a_head_kept_elsewhere(
    log: Journal, database: Database, database_url: str
) -> None:
    kept = (await check_chain(database)).head
    await log.write([samples.event(EVENTS + 1)])
    assert (await check_chain(database, kept)).broken is None
    await behind(database_url, *written_anew(await database.rows(ALL), last="{}"))
    assert (await check_chain(database)).broken is None
    assert (await check_chain(database, kept)).broken is None  # only the event after it changed
    rows = await database.rows(ALL)
    await behind(database_url, *written_anew(rows[:6], last="{}"))
    await behind(database_url, *written_anew(await database.rows(ALL), last="{}"))
    assert (await check_chain(database)).broken is None
    broken = (await check_chain(database, kept)).broken
    assert broken is not None
    assert (broken.seq, broken.reason) == (EVENTS, OTHER)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_an_event_that_the_platform_did_not_write_is_found(
    log: Journal, database: Database, database_url: str
) -> None:
    del log
    head = (await check_chain(database)).head
    ((*_, seal),), _ = sealed(head, [EventRow(EVENTS + 1, None, 5, "PriceRefused", None, "{}")])
    values = f"{EVENTS + 1}, NULL, 5, 'PriceRefused', NULL, '{{}}', {quoted(seal)}"
    await behind(database_url, f"INSERT INTO events VALUES ({values})")  # noqa: S608
    broken = (await check_chain(database)).broken
    assert broken is not None
    assert broken.reason == NOT_WRITTEN


async def test_the_log_goes_on_without_its_head(
    log: Journal, database: Database, database_url: str
) -> None:
    await behind(database_url, "DELETE FROM event_heads")
    await log.write([samples.event(EVENTS + 1)])
    assert (await check_chain(database)).broken is None


async def test_a_log_that_grows_while_it_is_checked_is_whole(
    log: Journal, database: Database
) -> None:
    async def grow() -> None:
        for seq in range(EVENTS + 1, EVENTS + 200):
            await log.write([samples.event(seq)])

    growing = asyncio.create_task(grow())
    checks = 0
    while not growing.done():
        assert (await check_chain(database)).broken is None
        checks += 1
    await growing
    assert checks > 3


def test_events_of_before_are_chained_by_the_migration(unmigrated_url: str) -> None:
    upgrade(unmigrated_url, "0006")
    asyncio.run(
        behind(
            unmigrated_url,
            *(
                f"INSERT INTO events VALUES ({seq}, NULL, 5, 'PriceRefused', NULL, '[\"é\"]')"  # noqa: S608
                for seq in range(1, 30)
            ),
        )
    )
    upgrade(unmigrated_url)

    async def report() -> tuple[int, int, object]:
        database = await Database.open(unmigrated_url)
        found = await check_chain(database)
        await database.close()
        return found.events, found.head.seq, found.broken

    assert asyncio.run(report()) == (29, 29, None)


@pytest.mark.parametrize("text", ["", "5", "5:", "x:00", f"-1:{'00' * 32}", f"1:{'00' * 31}"])
def test_what_is_no_head_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Head.read(text)


def test_a_head_is_read_as_it_was_written() -> None:
    head = Head(7, bytes(range(SEAL_BYTES)))
    assert Head.read(str(head)) == head
    assert Head.read(str(BEGINNING)) == BEGINNING


@pytest.mark.parametrize("seqs", [[5], [4], [6, 6]])
def test_no_event_is_sealed_twice_or_late(seqs: list[int]) -> None:
    with pytest.raises(ConflictError, match="does not follow"):
        sealed(Head(5, bytes(SEAL_BYTES)), [samples.event(seq) for seq in seqs])


def test_events_are_sealed_in_their_order() -> None:
    rows, head = sealed(BEGINNING, [samples.event(seq) for seq in (3, 1, 2)])
    assert [row[0] for row in rows] == [1, 2, 3]
    assert head == Head(3, rows[-1][-1])


@pytest.mark.slow
async def test_a_hundred_thousand_events(journal: Journal, database: Database) -> None:
    await journal.write([samples.wallet()])
    for first in range(1, 100_001, 10_000):
        await journal.write([samples.event(seq) for seq in range(first, first + 10_000)])
    began = time.perf_counter()
    report = await check_chain(database)
    print(f"100,000 events in {time.perf_counter() - began:.2f} s")  # noqa: T201  # the figure
    assert (report.events, report.broken) == (100_000, None)
