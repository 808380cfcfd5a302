"""Who asks on behalf of a person waits some seconds; nothing is done later that was given up."""

import asyncio
import sqlite3
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import literal_column, select, text

from app.store.database import Database, FileReader
from app.store.errors import NotInTimeError, StoreBusyError
from app.store.journal import Journal
from app.store.location import locate
from app.store.patience import LOST_SECONDS, in_time, patience, patient
from app.store.query import Query
from app.store.wallets import all_wallets
from tests.store import samples

ENDLESS: Query[tuple[int]] = Query(
    select(literal_column("count(*)")).select_from(
        text("(WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n)")
    )
)
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
    journal: Journal, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await journal.write([samples.wallet(1)])
    asked: list[str] = []
    fetch = FileReader.fetch

    def noted(reader: FileReader, text: str, arguments: Sequence[Any]) -> list[Any]:
        asked.append(text)
        return fetch(reader, text, arguments)

    monkeypatch.setattr(FileReader, "fetch", noted)
    database = await Database.open(database_url, readers=1, timeout_seconds=0.5)
    with patient(5.0):
        assert len(await all_wallets(database)) == 1
    before = len(asked)
    busy = asyncio.create_task(database.rows(ENDLESS))
    await asyncio.sleep(0)
    with patient(0.05), pytest.raises(NotInTimeError):
        await all_wallets(database)
    with pytest.raises(StoreBusyError):
        await busy
    assert len(await all_wallets(database)) == 1
    await database.close()
    assert len(asked) == before + 2
