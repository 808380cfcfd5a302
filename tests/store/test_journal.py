"""What the one write path promises, on both databases."""

import asyncio
import threading
from typing import Any

import pytest
from sqlalchemy import func, select

from app.store.database import Database
from app.store.errors import (
    ConflictError,
    LeaseLostError,
    MissingRowError,
    RowError,
    StoreBusyError,
    StoreError,
    StoreFullError,
    StoreUnavailableError,
)
from app.store.group import Member, may_go_alone
from app.store.journal import Journal
from app.store.lease import Lease
from app.store.mapping import DESTINATIONS, TARGETS, Mode
from app.store.notice_rows import DeliveryTried
from app.store.query import Query, fields_of, picked, table_of
from app.store.rows import IdempotencyAnswer, SessionRenewed, SessionRevoked, SessionSeen
from app.store.tables import Event, Tick, Trade, User
from app.trading.ledger import (
    BalanceRow,
    Changes,
    EventRow,
    ShadowRow,
    SignalUpdate,
    TradeUpdate,
    WalletRow,
)
from app.trading.plan_changes import TradePlan
from tests.store import samples

CHANGES: list[tuple[object, ...]] = [
    BalanceRow(1, 3, samples.MOST, 5, 6, -7, 4, True, "drawdown"),
    SignalUpdate(1, 1, "Failed", "sentiment_low", 12.5, 3, samples.AT, samples.MOST),
    samples.close(pnl=-samples.MOST),
    ShadowRow(1, "bolder", samples.MOST),
    samples.reset(),
    TradePlan(1, "[[0.4,0.5]]", '{"stop_loss":0.1}'),
    SessionSeen(1, samples.MOST, samples.MOST),
    SessionRenewed(1, "f" * 64, 1, 2),
    SessionRevoked(1, samples.MOST),
    IdempotencyAnswer(1, "key", 201, "{}"),
    DeliveryTried(1, 1, "failed", 3, samples.MOST, samples.AT, "the service answered 404"),
]


def bent(**wrong: Any) -> EventRow:
    return samples.event(2)._replace(**wrong)


async def read_back(database: Database, row: tuple[object, ...]) -> list[tuple[object, ...]]:
    model = DESTINATIONS[type(row)][0]
    return await database.rows(Query(select(*picked(model, type(row))), type(row)))


async def count(database: Database, model: type[Trade | Event | Tick | User]) -> int:
    query: Query[tuple[int]] = Query(select(func.count()).select_from(table_of(model)))
    found = await database.one(query)
    return found[0] if found else 0


@pytest.fixture
async def populated(journal: Journal) -> Journal:
    await journal.write(samples.world())
    return journal


async def test_every_kind_comes_back_as_it_was(populated: Journal, database: Database) -> None:
    assert {type(row) for row in samples.world()} | {type(row) for row in CHANGES} == set(TARGETS)
    for row in samples.world():
        assert await read_back(database, row) == [row]
    for row in CHANGES:
        await populated.write([row])
        assert await read_back(database, row) == [row]


async def test_a_flag_comes_back_as_a_flag(populated: Journal, database: Database) -> None:
    del populated
    (found,) = await read_back(database, samples.wallet())
    assert isinstance(found, WalletRow)
    assert found.paused is False


def test_kinds_that_are_replaced_or_changed_begin_with_their_key() -> None:
    for target in TARGETS.values():
        assert target.fields[: len(target.keys)] == target.keys
        if target.mode is not Mode.UPDATE:
            needed = {c.name for c in target.table.c if not c.nullable}
            assert needed <= set(target.columns), target.kind


async def test_upserts_replace(populated: Journal, database: Database) -> None:
    for row in (
        samples.position(units=0),
        samples.candle(close_price=9.0),
        samples.token()._replace(symbol="NEW", logo_url="https://example.org/x.png"),
        samples.snapshot()._replace(total_value=1),
    ):
        await populated.write([row])
        assert await read_back(database, row) == [row]


@pytest.mark.parametrize("size", [1, 2, 127, 128, 129, 1_000])
async def test_any_number_of_rows_arrives_in_order(
    journal: Journal, database: Database, size: int
) -> None:
    wallets = [samples.wallet(number) for number in range(1, size + 1)]
    await journal.write(wallets)
    assert sorted(await read_back(database, wallets[0])) == wallets
    changed = [BalanceRow(w.id, w.id, 0, 1, 2, 3, 2, True, None) for w in wallets]
    await journal.write(changed)
    assert sorted(await read_back(database, changed[0])) == changed


@pytest.mark.parametrize("size", [1, 300])
async def test_the_last_row_of_a_key_wins(journal: Journal, database: Database, size: int) -> None:
    parents = [samples.wallet(), samples.token(), samples.signal()]
    trades = [samples.trade(number) for number in range(1, size + 1)]
    positions = [samples.position(number) for number in range(1, size + 1)]
    emptied = [row._replace(tokens=0) for row in positions]
    first = [samples.close(row.id, pnl=1) for row in trades]
    last = [samples.close(row.id, pnl=2) for row in trades]
    await journal.write([*parents, *trades, *positions, *first, *emptied, *last])
    assert sorted(await read_back(database, last[0])) == last
    assert sorted(await read_back(database, emptied[0])) == emptied


@pytest.mark.parametrize(
    ("row", "error"),
    [
        (samples.fill(trade=9), ConflictError),
        (samples.event(1), ConflictError),
        (samples.close(9), MissingRowError),
        (bent(at=2**63), RowError),
        (bent(at=1.5), RowError),
        (bent(at="soon"), RowError),
        (bent(at=None), RowError),
        (bent(data="\ud800"), RowError),
    ],
)
async def test_a_bad_row_leaves_nothing_of_its_batch(
    populated: Journal, database: Database, row: tuple[object, ...], error: type[StoreError]
) -> None:
    before = await count(database, User)
    with pytest.raises(error):
        await populated.write([samples.wallet(2), row, samples.tick(6)])
    assert await count(database, User) == before
    assert await count(database, Tick) == 1
    await populated.write([samples.wallet(2)])
    assert await count(database, User) == before + 1


async def test_a_bad_row_among_many_leaves_nothing(populated: Journal, database: Database) -> None:
    ticks = [samples.tick(seq) for seq in range(10, 1_010)]
    with pytest.raises(ConflictError):
        await populated.write([*ticks, samples.tick(700)])
    with pytest.raises(MissingRowError):
        await populated.write([*ticks, *(samples.close(number) for number in range(1, 500))])
    assert await count(database, Tick) == 1
    assert await read_back(database, samples.trade()) == [samples.trade()]


async def test_one_bad_member_does_not_fail_its_group(
    populated: Journal, database: Database
) -> None:
    writes = [populated.write([samples.event(seq)]) for seq in range(2, 102)]
    writes.insert(50, populated.write([samples.event(500), samples.event(1)]))
    results = await asyncio.gather(*writes, return_exceptions=True)
    assert isinstance(results.pop(50), ConflictError)
    assert results == [None] * 100
    assert await count(database, Event) == 101


@pytest.mark.parametrize(
    ("error", "may"),
    [(ConflictError, True), (RowError, True), (StoreFullError, True), (StoreBusyError, False)],
)
async def test_two_may_be_tried_apart_and_one_has_been(error: type[StoreError], may: bool) -> None:
    members = [Member({}), Member({})]
    assert may_go_alone(members, error("no")) is may
    assert may_go_alone(members[:1], error("no")) is False


async def test_an_unknown_kind_of_row_is_refused(journal: Journal) -> None:
    with pytest.raises(RowError, match="tuple"):
        await journal.write([(1, 2)])


async def test_changes_of_the_rules_are_written_without_a_lease(
    journal: Journal, database: Database
) -> None:
    changes = Changes()
    changes.add(samples.wallet(3))
    await journal.write(changes)
    assert await count(database, User) == 1


async def test_nothing_to_write_is_fine(journal: Journal) -> None:
    await journal.write([])
    await journal.write(Changes())


async def test_closing_writes_what_waits(database_url: str) -> None:
    running = set(threading.enumerate())
    journal = await Journal.open(database_url)
    await journal.write([samples.wallet(), samples.token()])
    writes = [asyncio.ensure_future(journal.write([samples.tick(seq)])) for seq in range(1, 301)]
    await asyncio.sleep(0)
    await journal.close()
    assert all(write.done() for write in writes)
    assert not [one for one in set(threading.enumerate()) - running if one.name == "journal"]
    await asyncio.gather(*writes)
    database = await Database.open(database_url)
    assert await count(database, Tick) == 300
    await database.close()
    await journal.close()
    with pytest.raises(StoreUnavailableError, match="closed"):
        await journal.write([samples.tick(301)])


async def test_a_caller_that_gives_up_stops_nobody(journal: Journal, database: Database) -> None:
    impatient = asyncio.ensure_future(journal.write([samples.wallet(1)]))
    patient = asyncio.ensure_future(journal.write([samples.wallet(2)]))
    await asyncio.sleep(0)
    impatient.cancel()
    await patient
    with pytest.raises(asyncio.CancelledError):
        await impatient
    assert await count(database, User) == 2


async def test_commit_wants_a_lease(journal: Journal, database: Database) -> None:
    changes = Changes()
    changes.add(samples.wallet())
    with pytest.raises(LeaseLostError):
        await journal.commit(changes)
    lease = Lease(journal, "me", 60_000)
    await lease.acquire()
    await journal.commit(changes, batch=41)
    assert (await lease.state()).batch == 41
    await journal.commit(Changes())
    assert (await lease.state()).batch == 41
    assert await count(database, User) == 1


async def test_rows_of_a_kind_are_named_after_columns() -> None:
    assert fields_of(TradeUpdate)[0] == "id"
    with pytest.raises(TypeError, match="wants"):
        Query(select(*picked(Trade, TradeUpdate)), WalletRow)
