"""Closed trades are kept in columns: only new ones are read, and what is wrong is read again."""

from collections.abc import AsyncIterator

import pytest

from app.api import past
from app.api.past import Past
from app.store.database import Database
from app.store.journal import Journal
from app.trading.ledger import TradeRow, TradeUpdate
from tests.store import samples

AT = samples.AT


@pytest.fixture
async def journal(database_url: str) -> AsyncIterator[Journal]:
    opened = await Journal.open(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def database(database_url: str, journal: Journal) -> AsyncIterator[Database]:
    del journal  # the file is in WAL mode once it has a writer
    opened = await Database.open(database_url)
    yield opened
    await opened.close()


async def closed(journal: Journal, numbers: range, wallet: int = 1, at: int = AT) -> None:
    """Write trades that ended, one a millisecond."""
    rows: list[TradeRow | TradeUpdate] = [samples.trade(number, wallet) for number in numbers]
    rows += [samples.close(number, at=at + number) for number in numbers]
    await journal.write(rows)


async def begin(journal: Journal) -> None:
    await journal.write([samples.wallet(1), samples.wallet(2), samples.token(), samples.signal()])


async def test_new_trades_are_added(journal: Journal, database: Database) -> None:
    await begin(journal)
    known = Past(database)
    assert len(await known.of(1)) == 0
    await closed(journal, range(1, 6))
    first = await known.of(1)
    assert first["id"].to_list() == [1, 2, 3, 4, 5]
    assert await known.of(1) is first
    await closed(journal, range(6, 8))
    assert (await known.of(1))["id"].to_list() == [1, 2, 3, 4, 5, 6, 7]
    assert len(await known.of(2)) == 0


async def test_a_trade_that_ended_out_of_order_is_not_missed(
    journal: Journal, database: Database
) -> None:
    await begin(journal)
    known = Past(database)
    await closed(journal, range(10, 13))
    assert len(await known.of(1)) == 3
    await closed(journal, range(1, 3))
    assert (await known.of(1))["id"].to_list() == [1, 2, 10, 11, 12]


async def test_few_wallets_are_kept(
    journal: Journal, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past, "MOST_ROWS", 3)
    await begin(journal)
    await closed(journal, range(1, 4))
    await closed(journal, range(4, 6), wallet=2)
    known = Past(database)
    first = await known.of(1)
    assert len(await known.of(2)) == 2
    again = await known.of(1)
    assert again is not first
    assert again.equals(first)
