"""What of sessions is kept, what is remembered, and for how long, to the millisecond."""

import asyncio
import hashlib
import secrets
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from app.api import sessions as sessions_of_the_api
from app.api.sessions import MOST_SESSIONS, Session, Sessions
from app.store.database import Database
from app.store.errors import StoreUnavailableError
from app.store.journal import Journal
from app.store.rows import SessionRow, SessionSeen
from app.store.sessions import LiveSession, find_session, list_sessions
from tests.databases import sqlite_template
from tests.logs import heard
from tests.store import samples

__all__ = ["sqlite_template"]

NOW = 1_795_255_200_000
MINUTE = 60_000
DAY = 86_400_000
WEEK, MONTH = 604_800_000, 2_592_000_000
WALLET = 1


@dataclass
class Hand:
    """A clock that is set by hand."""

    at: int = NOW

    def now(self) -> int:
        return self.at


@dataclass
class Kept:
    """A record with one wallet, and what was asked of it and written to it."""

    database: Database
    journal: Journal
    clock: Hand = field(default_factory=Hand)
    asked: list[str] = field(default_factory=list)
    written: list[Any] = field(default_factory=list)
    is_broken: bool = False

    def sessions(self) -> Sessions:
        """Make the sessions of a process that begins now and remembers nothing."""
        return Sessions(self.database, self.journal, self.clock)  # type: ignore[arg-type]

    async def rows(self) -> list[SessionRow]:
        return await list_sessions(self.database, WALLET, self.clock.at)


@pytest.fixture
async def kept(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Kept]:
    path = tmp_path / "test.db"
    shutil.copy(sqlite_template, path)
    journal = await Journal.open(f"sqlite+aiosqlite:///{path}")
    await journal.write([samples.wallet(WALLET)])
    database = await Database.open(f"sqlite+aiosqlite:///{path}")
    made = Kept(database, journal)
    write = journal.write

    async def noted(rows: Any) -> None:
        if made.is_broken:
            raise StoreUnavailableError("no disk")
        made.written += list(rows)
        await write(rows)

    async def asked(database: Database, digest: str, now: int) -> LiveSession | None:
        made.asked.append(digest)
        return await find_session(database, digest, now)

    monkeypatch.setattr(journal, "write", noted)
    monkeypatch.setattr(sessions_of_the_api, "find_session", asked)
    yield made
    await database.close()
    await journal.close()


async def settled(sessions: Sessions) -> None:
    """Wait for what is written while nobody waits."""
    await asyncio.gather(*sessions._writing)


async def test_a_session_is_kept_as_its_digest_for_a_week_and_a_month(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    bits: list[int] = []
    draw = secrets.randbits

    def drawn(many: int) -> int:
        bits.append(many)
        return draw(many)

    monkeypatch.setattr(secrets, "randbits", drawn)
    token, session = await kept.sessions().open(WALLET, "address", "a" * 250)
    assert len(token) == 43
    assert bits == [53]
    (row,) = await kept.rows()
    assert row.token_digest == hashlib.sha256(token.encode()).hexdigest() == session.digest
    assert (row.created_at, row.last_seen_at) == (NOW, NOW)
    assert (row.expires_at, row.absolute_expires_at) == (NOW + WEEK, NOW + MONTH)
    assert (session.expires_at, session.absolute_expires_at) == (NOW + WEEK, NOW + MONTH)
    assert row.user_agent == "a" * 200


async def test_a_program_without_a_name_is_kept_without_one(kept: Kept) -> None:
    await kept.sessions().open(WALLET, "address", None)
    assert [row.user_agent for row in await kept.rows()] == [None]


async def test_the_record_is_asked_once_a_minute(kept: Kept) -> None:
    sessions = kept.sessions()
    token, session = await sessions.open(WALLET, "address", None)
    for later, asks in ((0, 0), (MINUTE - 1, 0), (MINUTE, 1), (2 * MINUTE - 1, 1), (2 * MINUTE, 2)):
        kept.clock.at = NOW + later
        found = await sessions.find(token)
        assert found is not None
        assert found.id == session.id
        assert len(kept.asked) == asks, later
        await settled(sessions)
    assert await sessions.find("another") is None


@pytest.mark.parametrize(("later", "is_written"), [(MINUTE - 1, False), (MINUTE, True)])
async def test_a_use_is_written_when_the_last_one_is_a_minute_old(
    kept: Kept, later: int, is_written: bool
) -> None:
    token, session = await kept.sessions().open(WALLET, "address", None)
    kept.clock.at = NOW + later
    other = kept.sessions()
    assert await other.find(token) is not None
    assert await other.find(token) is not None
    await settled(other)
    assert len(kept.asked) == 1
    seen = [row for row in kept.written if isinstance(row, SessionSeen)]
    assert seen == [SessionSeen(session.id, NOW + later, NOW + later + WEEK)] * is_written


async def test_a_session_ends_to_the_millisecond_also_in_memory(kept: Kept) -> None:
    sessions = kept.sessions()
    token, session = await sessions.open(WALLET, "address", None)
    for day in range(6, 30, 6):
        kept.clock.at = NOW + day * DAY
        assert await sessions.find(token) is not None
        await settled(sessions)
    for before, holds in ((MINUTE // 2, True), (1, True), (0, False)):
        kept.clock.at = session.absolute_expires_at - before
        assert (await sessions.find(token) is not None) is holds
        await settled(sessions)
    assert session.digest not in sessions._known


async def renewed(kept: Kept, sessions: Sessions, session: Session) -> tuple[str, Session]:
    found = await sessions.renew(session)
    assert found is not None
    return found


async def test_a_new_token_takes_the_place_of_the_old_one(kept: Kept) -> None:
    sessions = kept.sessions()
    old, session = await sessions.open(WALLET, "address", None)
    kept.clock.at += DAY
    token, again = await renewed(kept, sessions, session)
    assert (again.id, again.expires_at) == (session.id, NOW + DAY + WEEK)
    assert len(token) == 43
    assert await sessions.find(token) == again
    assert kept.asked == []
    assert await sessions.find(old) is None
    assert await sessions.renew(session) is None
    assert (await kept.sessions().find(old), await kept.sessions().find("")) == (None, None)
    elsewhere = await kept.sessions().find(token)
    assert elsewhere is not None
    assert elsewhere.id == session.id


async def test_a_token_that_could_not_be_renewed_still_holds(kept: Kept) -> None:
    sessions = kept.sessions()
    token, session = await sessions.open(WALLET, "address", None)
    kept.is_broken = True
    with pytest.raises(StoreUnavailableError):
        await sessions.renew(session)
    kept.is_broken = False
    assert await sessions.find(token) is not None
    assert await sessions.renew(session) is not None


async def test_what_is_revoked_is_good_no_more(kept: Kept) -> None:
    sessions, told = kept.sessions(), list[int]()
    sessions.on_end(told.append)
    opened = [await sessions.open(WALLET, "address", None) for _ in range(3)]
    ids = [session.id for _, session in opened]
    assert await sessions.good(WALLET) == frozenset(ids)
    assert await sessions.revoke(WALLET, ids[1]) is True
    assert await sessions.good(WALLET) == frozenset((ids[0], ids[2]))
    assert told == [ids[1]]
    found = [await sessions.find(token) for token, _ in opened]
    assert [one is not None for one in found] == [True, False, True]
    assert await sessions.revoke(WALLET, ids[1]) is False
    assert await sessions.revoke(2, ids[0]) is False


async def test_memory_holds_those_used_last_and_the_record_the_rest(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions_of_the_api, "REMEMBERED", 2)
    sessions = kept.sessions()
    opened = [await sessions.open(WALLET, "address", None) for _ in range(4)]
    digests = [session.digest for _, session in opened]
    assert list(sessions._known) == digests[2:]
    for token, _ in opened:
        assert await sessions.find(token) is not None
    assert len(kept.asked) == 4
    assert list(sessions._known) == digests[2:]
    kept.clock.at += MINUTE
    assert await sessions.find(opened[2][0]) is not None
    assert list(sessions._known) == [digests[3], digests[2]]
    await settled(sessions)


async def test_void_tokens_are_remembered_the_newest_first(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions_of_the_api, "REMEMBERED", 2)
    sessions = kept.sessions()
    _, session = await sessions.open(WALLET, "address", None)
    void = []
    for _ in range(3):
        void.append(session.digest)
        _, session = await renewed(kept, sessions, session)
    assert list(sessions._void) == void[1:]
    assert list(sessions._known) == [session.digest]


async def test_nobody_waits_for_a_use_to_be_written_and_its_failure_is_told(kept: Kept) -> None:
    sessions = kept.sessions()
    token, _ = await sessions.open(WALLET, "address", None)
    for is_broken, told in ((False, []), (True, ["session not marked as seen"])):
        kept.clock.at += MINUTE
        kept.is_broken = is_broken
        with heard() as lines:
            assert await sessions.find(token) is not None
            assert len(sessions._writing) == 1
            await settled(sessions)
            await asyncio.sleep(0)
        assert sessions._writing == set()
        assert [line["event"] for line in lines] == told


async def test_of_too_many_sessions_the_one_that_was_used_longest_ago_ends(kept: Kept) -> None:
    sessions = kept.sessions()
    ended: list[int] = []
    sessions.on_end(ended.append)
    made = []
    for _ in range(MOST_SESSIONS):
        made.append(await sessions.open(WALLET, "wallet", None))
        kept.clock.at += 1
    kept.clock.at += MINUTE
    first, (second, forgotten) = made[0][0], made[1]
    assert await sessions.find(first), "it is used again"
    await asyncio.gather(*sessions._writing)
    assert ended == []
    with heard() as lines:
        newest, _ = await sessions.open(WALLET, "wallet", None)
    assert ended == [forgotten.id]
    assert [line["why"] for line in lines if line["event"] == "session ended"] == [
        "too-many-sessions"
    ]
    for process in (sessions, kept.sessions()):
        assert await process.find(second) is None
        assert await process.find(first)
        assert await process.find(newest)
    assert len(await kept.rows()) == MOST_SESSIONS
    assert forgotten.id not in {row.id for row in await kept.rows()}
