"""Who is signed in, and what may be used once."""

import asyncio

import pytest

from app.store.database import Database
from app.store.errors import MissingRowError
from app.store.idempotency import claim_key, find_answer, keep_answer, release_key
from app.store.journal import Journal
from app.store.sessions import (
    all_sessions,
    find_session,
    keep_challenge,
    list_sessions,
    revoke_all,
    revoke_everybody,
    revoke_oldest,
    revoke_session,
    take_challenge,
)
from tests.store import samples

AT = samples.AT


async def test_a_session_is_found_while_it_is_good(journal: Journal, database: Database) -> None:
    row = samples.session()
    await journal.write([samples.wallet(), row])
    found = await find_session(database, row.token_digest, AT)
    assert found == (*row, "wallet-1")
    assert await find_session(database, row.token_digest, row.expires_at) is None
    assert await find_session(database, "unknown", AT) is None
    longer = samples.session(2)._replace(expires_at=AT + 5_000)
    await journal.write([longer])
    assert await find_session(database, longer.token_digest, longer.absolute_expires_at) is None


async def test_sessions_are_ended_by_their_wallet_only(
    journal: Journal, database: Database
) -> None:
    sessions = [samples.session(number, 1 + number // 4) for number in range(1, 5)]
    await journal.write([samples.wallet(1), samples.wallet(2), *sessions])
    assert not await revoke_session(journal, 2, 1, AT)
    assert await revoke_session(journal, 1, 1, AT)
    assert not await revoke_session(journal, 1, 1, AT)
    assert await find_session(database, sessions[0].token_digest, AT) is None
    assert [row.id for row in await list_sessions(database, 1, AT)] == [3, 2]
    assert sorted(await revoke_all(journal, 1, AT)) == [2, 3]
    assert await list_sessions(database, 1, AT) == []
    assert [row.id for row in await list_sessions(database, 2, AT)] == [4]


async def test_the_sessions_that_were_used_longest_ago_are_ended(
    journal: Journal, database: Database
) -> None:
    seen = {1: AT + 3, 2: AT, 3: AT + 2, 4: AT + 1, 5: AT - 1}
    rows = [samples.session(number)._replace(last_seen_at=at) for number, at in seen.items()]
    await journal.write([samples.wallet(1), samples.wallet(2), *rows, samples.session(6, 2)])
    assert await revoke_oldest(journal, 1, newest=5, most=5, now=AT) == []
    assert sorted(await revoke_oldest(journal, 1, newest=5, most=3, now=AT)) == [2, 4]
    assert {row.id for row in await list_sessions(database, 1, AT)} == {1, 3, 5}
    assert [row.id for row in await list_sessions(database, 2, AT)] == [6]
    assert sorted(await revoke_oldest(journal, 1, newest=5, most=1, now=AT)) == [1, 3]


async def test_everybodys_sessions_are_listed_and_ended(
    journal: Journal, database: Database
) -> None:
    rows = [samples.session(1, 2), samples.session(2), samples.session(3)]
    await journal.write([samples.wallet(1), samples.wallet(2), *rows])
    await revoke_session(journal, 1, 3, AT)
    listed = await all_sessions(database, AT)
    assert [(one.wallet_address, one.id) for one in listed] == [("wallet-1", 2), ("wallet-2", 1)]
    assert await all_sessions(database, rows[0].absolute_expires_at) == []
    assert await revoke_everybody(journal, AT) == 2
    assert await all_sessions(database, AT) == []


async def test_a_challenge_is_used_once_by_whoever_comes_first(journal: Journal) -> None:
    await journal.write([samples.challenge("a"), samples.challenge("b")])
    tries = await asyncio.gather(*(take_challenge(journal, "a", "wallet-1", AT) for _ in range(20)))
    assert [found for found in tries if found] == [("wallet-1", "sign me")]
    assert await take_challenge(journal, "b", "wallet-1", AT + 100) is None
    assert await take_challenge(journal, "unknown", "wallet-1", AT) is None
    assert await take_challenge(journal, "b", "wallet-2", AT) is None
    assert await take_challenge(journal, "b", "wallet-1", AT) is not None


async def test_the_oldest_challenge_makes_room_for_the_newest(journal: Journal) -> None:
    for number in range(4):
        row = samples.challenge(str(number))._replace(expires_at=AT + 100 + number)
        await keep_challenge(journal, row, 2)
    found = [await take_challenge(journal, str(number), "wallet-1", AT) for number in range(4)]
    assert [it is not None for it in found] == [False, False, True, True]


async def test_a_key_is_claimed_once(journal: Journal, database: Database) -> None:
    tries = await asyncio.gather(*(claim_key(journal, 1, "k", "digest", AT) for _ in range(20)))
    assert sorted(tries) == [False] * 19 + [True]
    assert await find_answer(database, 1, "k") == ("digest", None, None, AT)
    assert await claim_key(journal, 2, "k", "digest", AT)
    await keep_answer(journal, 1, "k", 201, "{}")
    assert await find_answer(database, 1, "k") == ("digest", 201, "{}", AT)
    await release_key(journal, 1, "k")
    assert await find_answer(database, 1, "k") is not None
    await release_key(journal, 2, "k")
    assert await find_answer(database, 2, "k") is None
    with pytest.raises(MissingRowError):
        await keep_answer(journal, 3, "k", 201, "{}")
