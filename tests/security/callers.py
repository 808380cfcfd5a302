"""Everybody who may ask: with nothing, with their own, with what has ended or is forged."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.api.sessions import Session, Sessions, digest_of
from app.store.rows import SessionSeen
from tests.api.stage import Person, Stage

FIRST_OF_MS, LAST_OF_MS = 1, 2
"""A session that was seen and ended in 1970."""


@dataclass(frozen=True, slots=True)
class Callers:
    """Who asks for what is the owner's."""

    owner: Person
    other: Person

    async def good(self, stage: Stage, person: Person) -> Mapping[str, str]:
        """Sign in anew: what is asked may end the session."""
        token, _ = await opened(stage, person)
        return {"Authorization": f"Bearer {token}"}

    async def bad(self, stage: Stage) -> dict[str, Mapping[str, str | bytes]]:
        """Make what lets nobody in; each of it is about the owner."""
        owner = self.owner
        expired, ending = await opened(stage, owner)
        await stage.app.state.journal.write([SessionSeen(ending.id, FIRST_OF_MS, LAST_OF_MS)])
        revoked, leaving = await opened(stage, owner)
        sessions = of(stage)
        await sessions.revoke(owner.number, leaving.id)
        sessions._known.clear()
        return {
            "nobody": {},
            "expired": bearer(expired),
            "revoked": bearer(revoked),
            "forged": bearer("x" * 43),
            "an ended cookie": {"Cookie": f"autotrader_session={revoked}"},
        }

    def forged(self) -> dict[str, Mapping[str, str | bytes]]:
        """Make what looks like the owner's token."""
        owner = self.owner
        changed = owner.token[:-1] + ("A" if owner.token[-1] != "A" else "B")
        return {
            "one letter off": bearer(changed),
            "one letter less": bearer(owner.token[:-1]),
            "the digest": bearer(digest_of(owner.token)),
            "the address": bearer(owner.wallet),
            "the secret key": bearer(owner.secret_key),
            "not ASCII": {"Authorization": "Bearer é".encode()},
            "without end": bearer("a" * 5_000),
            "nothing behind it": {"Authorization": "Bearer"},
            "as a password": {"Authorization": f"Basic {owner.token}"},
            "a cookie for https": {"Cookie": f"__Host-autotrader_session={owner.token}"},
        }


def bearer(token: str) -> Mapping[str, str | bytes]:
    """Write a token as programs send it."""
    return {"Authorization": f"Bearer {token}"}


def of(stage: Stage) -> Sessions:
    """Return the sessions of a platform."""
    sessions: Sessions = stage.app.state.sessions
    return sessions


async def opened(stage: Stage, person: Person) -> tuple[str, Session]:
    """Open a session as signing in does."""
    return await of(stage).open(person.number, person.wallet, "a test")
