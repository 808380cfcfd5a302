"""Who asks on behalf of a person waits some seconds; nothing is done later that was given up."""

import asyncio
import sqlite3

import pytest

from app.store.database import Database
from app.store.errors import NotInTimeError
from app.store.journal import Journal
from app.store.location import locate
from app.store.patience import LOST_SECONDS, in_time, patience, patient
from app.store.wallets import all_wallets
from tests.store import samples

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def test_patience_ends_where_it_was_asked_for() -> None:
    assert patience() is None
    with patient(3.0):
        assert patience() == 3.0
        with patient(None):
            assert patience() is None
        assert patience() == 3.0
    assert patience() is None


async def test_an_answer_in_time_is_given_and_a_late_one_is_cancelled() -> None:
    loop = asyncio.get_running_loop()
    soon: asyncio.Future[int] = loop.create_future()
    loop.call_later(0.01, soon.set_result, 7)
    assert await in_time(soon, 5.0, "nobody knew") == 7
    late: asyncio.Future[int] = loop.create_future()
    with pytest.raises(NotInTimeError, match=r"nobody knew within 0\.01 s"):
        await in_time(late, 0.01, "nobody knew")
    assert late.cancelled()


async def test_who_waited_in_vain_waits_for_a_moment_only() -> None:
    with patient(0.01), pytest.raises(NotInTimeError):
        await in_time(asyncio.get_running_loop().create_future(), patience(), "nothing")
    with patient(5.0):
        assert patience() == 5.0
        with pytest.raises(NotInTimeError):
            await in_time(asyncio.get_running_loop().create_future(), 0.01, "nothing")
        assert patience() == LOST_SECONDS
    assert patience() is None


@on_sqlite
async def test_a_write_that_was_given_up_before_it_began_is_never_done(
    journal: Journal, database: Database, database_url: str
) -> None:
    other = sqlite3.connect(locate(database_url).path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waits = asyncio.create_task(journal.write([samples.wallet(2)]))
    with patient(0.05), pytest.raises(NotInTimeError):
        await journal.write([samples.wallet(1)])
    assert not waits.done()  # nobody asked that one to hurry
    other.execute("ROLLBACK")
    other.close()
    await waits
    assert [row.id for row in await all_wallets(database)] == [2]


@on_sqlite
async def test_a_question_that_was_given_up_is_not_asked(
    journal: Journal, database: Database
) -> None:
    await journal.write([samples.wallet(1)])
    with patient(5.0):
        assert len(await all_wallets(database)) == 1
    with patient(0.0), pytest.raises(NotInTimeError):
        await all_wallets(database)
    assert len(await all_wallets(database)) == 1
