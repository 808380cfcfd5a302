"""Who is signed in, and the challenges to sign in with."""

from typing import NamedTuple

from sqlalchemy import bindparam, delete, select, update

from app.store.database import Database
from app.store.journal import Journal
from app.store.query import LIMIT, Query, picked, table_of
from app.store.rows import ChallengeRow, SessionRow
from app.store.tables import Challenge, Session, User
from app.store.types import Exact

_S = table_of(Session).c
_U = table_of(User).c
_C = table_of(Challenge).c
_NOW = bindparam("now", type_=Exact())


class LiveSession(NamedTuple):
    """A session that is good, with its wallet."""

    id: int
    wallet_id: int
    token_digest: str
    created_at: int
    expires_at: int
    absolute_expires_at: int
    last_seen_at: int
    revoked_at: int | None
    user_agent: str | None
    wallet_address: str


class KnownSession(NamedTuple):
    """A session that is good, as who runs the platform sees it."""

    id: int
    created_at: int
    expires_at: int
    last_seen_at: int
    user_agent: str | None
    wallet_address: str


class SignInMessage(NamedTuple):
    """What a wallet was asked to sign."""

    wallet_address: str
    message: str


_GOOD = (_S.revoked_at.is_(None), _S.expires_at > _NOW, _S.absolute_expires_at > _NOW)
_FIND = Query(
    select(*picked(Session, LiveSession), _U.wallet_address)
    .join(User, _U.id == _S.wallet_id)
    .where(_S.token_digest == bindparam("digest"), _U.owner_id.is_(None), *_GOOD),
    LiveSession,
)
_LIST = Query(
    select(*picked(Session, SessionRow))
    .where(_S.wallet_id == bindparam("wallet"), *_GOOD)
    .order_by(_S.created_at.desc(), _S.id.desc())
    .limit(LIMIT),
    SessionRow,
)
_GOOD_IDS: Query[tuple[int]] = Query(
    select(_S.id).where(_S.wallet_id == bindparam("wallet"), *_GOOD)
)
_LIST_ALL = Query(
    select(*picked(Session, KnownSession), _U.wallet_address)
    .join(User, _U.id == _S.wallet_id)
    .where(*_GOOD)
    .order_by(_U.wallet_address, _S.created_at, _S.id),
    KnownSession,
)
_REVOKE_EVERYBODY: Query[tuple[int]] = Query(update(Session).where(*_GOOD).values(revoked_at=_NOW))
_REVOKE: Query[tuple[int]] = Query(
    update(Session)
    .where(
        _S.wallet_id == bindparam("wallet"), _S.id == bindparam("session"), _S.revoked_at.is_(None)
    )
    .values(revoked_at=_NOW)
)
_REVOKE_ALL: Query[tuple[int]] = Query(
    update(Session)
    .where(_S.wallet_id == bindparam("wallet"), _S.revoked_at.is_(None))
    .values(revoked_at=_NOW)
    .returning(_S.id)
)
_RECENT = (
    select(_S.id)
    .where(_S.wallet_id == bindparam("wallet"), _S.id != bindparam("newest"), *_GOOD)
    .order_by(_S.last_seen_at.desc(), _S.id.desc())
    .limit(bindparam("others", type_=Exact()))
)
_REVOKE_OLDEST: Query[tuple[int]] = Query(
    update(Session)
    .where(
        _S.wallet_id == bindparam("wallet"),
        _S.id != bindparam("newest"),
        _S.id.not_in(_RECENT),
        *_GOOD,
    )
    .values(revoked_at=_NOW)
    .returning(_S.id)
)
_TAKE = Query(
    delete(Challenge)
    .where(
        _C.nonce == bindparam("nonce"),
        _C.wallet_address == bindparam("wallet"),
        _C.expires_at > _NOW,
    )
    .returning(_C.wallet_address, _C.message),
    SignInMessage,
)
_LAST_KEPT = (
    select(_C.expires_at)
    .order_by(_C.expires_at.desc())
    .limit(1)
    .offset(bindparam("newer", type_=Exact()))
    .scalar_subquery()
)
_CROWD_OUT: Query[tuple[int]] = Query(delete(Challenge).where(_C.expires_at < _LAST_KEPT))


async def find_session(database: Database, token_digest: str, now: int) -> LiveSession | None:
    """Load the session of a token's digest; None when it is unknown, expired or revoked."""
    return await database.one(_FIND, digest=token_digest, now=now)


async def list_sessions(
    database: Database, wallet_id: int, now: int, limit: int = 100
) -> list[SessionRow]:
    """List a wallet's good sessions, newest first."""
    return await database.rows(_LIST, wallet=wallet_id, now=now, limit=limit)


async def good_sessions(database: Database, wallet_id: int, now: int) -> list[int]:
    """List the ids of all good sessions of a wallet."""
    return [number for (number,) in await database.rows(_GOOD_IDS, wallet=wallet_id, now=now)]


async def revoke_session(journal: Journal, wallet_id: int, session_id: int, now: int) -> bool:
    """End a session of a wallet; False when there is no such session to end."""
    outcome = await journal.execute(_REVOKE, wallet=wallet_id, session=session_id, now=now)
    return outcome.changed == 1


async def revoke_all(journal: Journal, wallet_id: int, now: int) -> list[int]:
    """End all sessions of a wallet and return which."""
    outcome = await journal.execute(_REVOKE_ALL, wallet=wallet_id, now=now)
    return [session_id for (session_id,) in outcome.rows]


async def all_sessions(database: Database, now: int) -> list[KnownSession]:
    """List everybody's good sessions, by wallet, oldest first."""
    return await database.rows(_LIST_ALL, now=now)


async def revoke_everybody(journal: Journal, now: int) -> int:
    """End everybody's good sessions and return how many these were."""
    return (await journal.execute(_REVOKE_EVERYBODY, now=now)).changed


async def revoke_oldest(
    journal: Journal, wallet_id: int, newest: int, most: int, now: int
) -> list[int]:
    """End those sessions of a wallet that were used longest ago, and return which.

    `most` stay: the newest one, by its id, and the others that were seen last.
    """
    outcome = await journal.execute(
        _REVOKE_OLDEST, wallet=wallet_id, newest=newest, others=most - 1, now=now
    )
    return [session_id for (session_id,) in outcome.rows]


async def keep_challenge(journal: Journal, row: ChallengeRow, most: int) -> None:
    """Keep a challenge; when there are more than so many, the oldest are forgotten."""
    await journal.write([row])
    await journal.execute(_CROWD_OUT, newer=most - 1)


async def take_challenge(
    journal: Journal, nonce: str, wallet_address: str, now: int
) -> SignInMessage | None:
    """Use a wallet's challenge up and return what was to be signed.

    Answers None for every try after the first, and to every other wallet.
    """
    outcome = await journal.execute(_TAKE, nonce=nonce, wallet=wallet_address, now=now)
    return outcome.rows[0] if outcome.rows else None
