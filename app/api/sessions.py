"""Who is signed in: opaque tokens, of which only the SHA-256 is kept.

A session that was seen in the last minute is known in memory, so that a request costs no query;
revoking it forgets it at once and tells whoever holds its sockets. It ends seven days after its
last use, and thirty days after its first. When a wallet has too many, the one that was used longest
ago ends.
"""

import asyncio
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

import structlog

from app.ports import Clock
from app.store.database import Database
from app.store.errors import StoreError
from app.store.journal import Journal
from app.store.rows import SessionRenewed, SessionRow, SessionSeen
from app.store.sessions import find_session, good_sessions, revoke_oldest, revoke_session
from app.trading.ids import WalletId

log = structlog.get_logger(__name__)

IDLE_MS = 7 * 86_400_000
ABSOLUTE_MS = 30 * 86_400_000
SEEN_MS = 60_000
MOST_SESSIONS = 20
"""That a wallet may have at once."""

REMEMBERED = 10_000
TOKEN_BYTES = 32
ID_BITS = 53
"""Ids stay exact in a JSON number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A session that holds; times in Unix ms. `checked_at` is when the record was last asked."""

    id: int
    wallet_id: WalletId
    wallet_address: str
    digest: str
    expires_at: int
    absolute_expires_at: int
    checked_at: int


def digest_of(token: str) -> str:
    """Hash a token as it is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


class Sessions:
    """Opens, finds and ends sessions."""

    def __init__(self, database: Database, journal: Journal, clock: Clock) -> None:
        self._database = database
        self._journal = journal
        self._clock = clock
        self._known: OrderedDict[str, Session] = OrderedDict()
        self._void: OrderedDict[str | int, None] = OrderedDict()
        self._writing: set[asyncio.Task[None]] = set()
        self._listeners: list[Callable[[int], None]] = []

    def on_end(self, listener: Callable[[int], None]) -> None:
        """Call a listener with the id of every session that was revoked."""
        self._listeners.append(listener)

    async def open(
        self, wallet_id: int, wallet_address: str, user_agent: str | None
    ) -> tuple[str, Session]:
        """Begin a session; answers its token, which is nowhere else, and the session."""
        now = self._clock.now()
        token = secrets.token_urlsafe(TOKEN_BYTES)
        session = Session(
            id=secrets.randbits(ID_BITS),
            wallet_id=WalletId(wallet_id),
            wallet_address=wallet_address,
            digest=digest_of(token),
            expires_at=now + IDLE_MS,
            absolute_expires_at=now + ABSOLUTE_MS,
            checked_at=now,
        )
        row = SessionRow(
            id=session.id,
            wallet_id=wallet_id,
            token_digest=session.digest,
            created_at=now,
            expires_at=session.expires_at,
            absolute_expires_at=session.absolute_expires_at,
            last_seen_at=now,
            revoked_at=None,
            user_agent=None if user_agent is None else user_agent[:200],
        )
        await self._journal.write([row])
        self._remember(session)
        await self._end_oldest(session)
        return token, session

    async def _end_oldest(self, newest: Session) -> None:
        """Make room for a session that has begun."""
        if len(await self.good(newest.wallet_id)) <= MOST_SESSIONS:
            return
        now, wallet = self._clock.now(), newest.wallet_id
        for ended in await revoke_oldest(self._journal, wallet, newest.id, MOST_SESSIONS, now):
            self._ended(ended, "too-many-sessions")

    async def find(self, token: str) -> Session | None:
        """Find the session of a token; None when there is none, or it has ended."""
        return await self._find(digest_of(token))

    async def good(self, wallet_id: int) -> frozenset[int]:
        """Return the ids of a wallet's sessions that still hold, under whichever token."""
        return frozenset(await good_sessions(self._database, wallet_id, self._clock.now()))

    async def _find(self, digest: str) -> Session | None:
        now = self._clock.now()
        known = self._known.get(digest)
        if known is None or now - known.checked_at >= SEEN_MS:
            known = await self._ask(digest, now)
        if known is None or now >= known.expires_at:
            self._known.pop(digest, None)
            return None
        return known

    async def _ask(self, digest: str, now: int) -> Session | None:
        found = await find_session(self._database, digest, now)
        if found is None or digest in self._void or found.id in self._void:
            return None
        expires_at = min(now + IDLE_MS, found.absolute_expires_at)
        session = Session(
            id=found.id,
            wallet_id=WalletId(found.wallet_id),
            wallet_address=found.wallet_address,
            digest=digest,
            expires_at=expires_at,
            absolute_expires_at=found.absolute_expires_at,
            checked_at=now,
        )
        self._remember(session)
        if now - found.last_seen_at >= SEEN_MS:
            self._write_later(SessionSeen(session.id, now, expires_at))
        return session

    async def renew(self, session: Session) -> tuple[str, Session] | None:
        """Give a session a new token and its full time; the old token is void from now on.

        None when that token was void already: of two requests with one token, one is answered.
        """
        now = self._clock.now()
        token = secrets.token_urlsafe(TOKEN_BYTES)
        expires_at = min(now + IDLE_MS, session.absolute_expires_at)
        renewed = replace(session, digest=digest_of(token), expires_at=expires_at, checked_at=now)
        if session.digest in self._void:
            return None
        self._end(session.digest)
        try:
            await self._journal.write([SessionRenewed(session.id, renewed.digest, now, expires_at)])
        except StoreError:
            del self._void[session.digest]
            raise
        self._remember(renewed)
        return token, renewed

    async def revoke(self, wallet_id: int, session_id: int, why: str = "revoked") -> bool:
        """End a session of a wallet; its sockets are told once that is written, and the log why.

        False when there is no such session.
        """
        ended = await revoke_session(self._journal, wallet_id, session_id, self._clock.now())
        if ended:
            self._ended(session_id, why)
        else:
            self._tell(session_id)
        return ended

    def _ended(self, session_id: int, why: str) -> None:
        self._end(session_id)
        log.info("session ended", why=why)
        self._tell(session_id)

    def _tell(self, session_id: int) -> None:
        for listener in self._listeners:
            listener(session_id)

    def _end(self, ended: str | int) -> None:
        """Let a digest or a session's id count no more, also for who is asking the record now."""
        self._void[ended] = None
        while len(self._void) > REMEMBERED:
            self._void.popitem(last=False)
        for digest in [key for key, one in self._known.items() if ended in {key, one.id}]:
            del self._known[digest]

    def _remember(self, session: Session) -> None:
        self._known[session.digest] = session
        self._known.move_to_end(session.digest)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def _write_later(self, row: SessionSeen) -> None:
        """Note that a session was used; nobody waits for it."""
        task = asyncio.create_task(self._write(row))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def _write(self, row: SessionSeen) -> None:
        try:
            await self._journal.write([row])
        except StoreError as error:
            log.warning("session not marked as seen", error=str(error))
