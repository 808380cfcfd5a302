"""One engine writes, whoever believes what."""

import asyncio

import pytest

from app.store.database import Database
from app.store.errors import LeaseHeldError, LeaseLostError
from app.store.journal import Journal
from app.store.lease import Lease
from app.store.wallets import all_wallets
from app.trading.ledger import Changes
from tests.store import samples


def batch_of(number: int) -> Changes:
    changes = Changes()
    changes.add(samples.wallet(number))
    return changes


async def test_the_first_gets_it_and_others_hear_who(journal: Journal) -> None:
    first, second = Lease(journal, "first", 60_000), Lease(journal, "second", 60_000)
    assert (await first.state()).epoch == 0
    assert await first.acquire() == (1, 0)
    with pytest.raises(LeaseHeldError, match="first") as refusal:
        await second.acquire()
    assert refusal.value.owner == "first"
    assert 0 < refusal.value.expires_in_ms <= 60_000
    await first.release()
    assert (await second.acquire()).epoch == 2


async def test_an_owner_that_starts_again_gets_a_new_epoch(journal: Journal) -> None:
    lease = Lease(journal, "me", 60_000)
    await lease.acquire()
    assert (await Lease(journal, "me", 60_000).acquire()).epoch == 2
    with pytest.raises(LeaseLostError):
        await lease.renew()


async def test_renewing_keeps_it(journal: Journal) -> None:
    lease = Lease(journal, "me", 200)
    await lease.acquire()
    for _ in range(4):
        await asyncio.sleep(0.1)
        await lease.renew()
    assert (await lease.state()).expires_in_ms > 0


async def test_what_was_given_back_is_not_renewed(journal: Journal) -> None:
    old, new = Lease(journal, "old", 60_000), Lease(journal, "new", 60_000)
    await old.acquire()
    await old.release()
    with pytest.raises(LeaseLostError, match="is over"):
        await old.renew()
    assert (await new.acquire()).epoch == 2


async def test_one_that_was_overtaken_cannot_write(
    database_url: str, journal: Journal, database: Database
) -> None:
    other = await Journal.open(database_url)
    old, new = Lease(journal, "old", 50), Lease(other, "new", 60_000)
    await old.acquire()
    await journal.commit(batch_of(1), batch=7)
    await asyncio.sleep(0.1)
    assert await new.acquire() == (2, 7)
    with pytest.raises(LeaseLostError, match="old"):
        await journal.commit(batch_of(2), batch=8)
    await other.commit(batch_of(3), batch=8)
    with pytest.raises(LeaseLostError, match="new"):
        await old.renew()
    with pytest.raises(LeaseLostError):
        await journal.commit(batch_of(4), batch=9)
    await old.release()
    await new.renew()
    assert [row.id for row in await all_wallets(database)] == [1, 3]
    assert (await new.state()).batch == 8
    await other.close()


async def test_an_expired_lease_that_nobody_took_still_writes(
    journal: Journal, database: Database
) -> None:
    lease = Lease(journal, "me", 1)
    await lease.acquire()
    await asyncio.sleep(0.05)
    await journal.commit(batch_of(1), batch=1)
    await lease.renew()
    assert len(await all_wallets(database)) == 1


async def test_a_lost_lease_does_not_fail_those_who_write_beside_it(
    database_url: str, journal: Journal, database: Database
) -> None:
    other = await Journal.open(database_url)
    await Lease(journal, "old", 1).acquire()
    await asyncio.sleep(0.05)
    await Lease(other, "new", 60_000).acquire()
    results = await asyncio.gather(
        journal.write([samples.wallet(1)]),
        journal.commit(batch_of(2), batch=1),
        journal.write([samples.wallet(3)]),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [type(None), LeaseLostError, type(None)]
    assert [row.id for row in await all_wallets(database)] == [1, 3]
    await other.close()
