"""Writes that may be sent twice: the first claims its key, the second gets its answer."""

from typing import NamedTuple

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from app.store.database import Database
from app.store.journal import Journal
from app.store.query import Query, picked, table_of
from app.store.rows import IdempotencyAnswer, IdempotencyRow
from app.store.tables import IdempotencyKey

_I = table_of(IdempotencyKey).c
_MINE = (_I.wallet_id == bindparam("wallet"), _I.key == bindparam("key"))


class Answered(NamedTuple):
    """What is known of a key; status and body are None while the first write still runs."""

    request_digest: str
    status: int | None
    body: str | None
    created_at: int


_CLAIM: Query[tuple[int]] = Query(
    insert(IdempotencyKey)
    .values({name: bindparam(name) for name in IdempotencyRow._fields})
    .on_conflict_do_nothing(index_elements=["wallet_id", "key"])
)
_FIND = Query(select(*picked(IdempotencyKey, Answered)).where(*_MINE), Answered)
_RELEASE: Query[tuple[int]] = Query(delete(IdempotencyKey).where(*_MINE, _I.status.is_(None)))


async def claim_key(
    journal: Journal, wallet_id: int, key: str, request_digest: str, now: int
) -> bool:
    """Claim a key for a write that begins; False when another write had it before."""
    row = IdempotencyRow(wallet_id, key, request_digest, None, None, now)
    return (await journal.execute(_CLAIM, **row._asdict())).changed == 1


async def find_answer(database: Database, wallet_id: int, key: str) -> Answered | None:
    """Load what is known of a key."""
    return await database.one(_FIND, wallet=wallet_id, key=key)


async def keep_answer(journal: Journal, wallet_id: int, key: str, status: int, body: str) -> None:
    """Keep what a write was answered; raises MissingRowError for a key that nobody claimed."""
    await journal.write([IdempotencyAnswer(wallet_id, key, status, body)])


async def release_key(journal: Journal, wallet_id: int, key: str) -> None:
    """Give up a key whose write failed without an answer, so that it may be tried again."""
    await journal.execute(_RELEASE, wallet=wallet_id, key=key)
