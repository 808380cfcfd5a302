"""Rows beside the trading record: who is signed in, what was answered, what audits found."""

from typing import NamedTuple


class SessionRow(NamedTuple):
    """sessions: a new one; `token_digest` is the SHA-256 of the token in hex."""

    id: int
    wallet_id: int
    token_digest: str
    created_at: int
    expires_at: int
    absolute_expires_at: int
    last_seen_at: int
    revoked_at: int | None
    user_agent: str | None


class SessionSeen(NamedTuple):
    """sessions: it was used, so that it lives longer (an update by id)."""

    id: int
    last_seen_at: int
    expires_at: int


class SessionRenewed(NamedTuple):
    """sessions: it got a new token (an update by id)."""

    id: int
    token_digest: str
    last_seen_at: int
    expires_at: int


class SessionRevoked(NamedTuple):
    """sessions: it ended (an update by id)."""

    id: int
    revoked_at: int


class ChallengeRow(NamedTuple):
    """challenges: a message to sign in with."""

    nonce: str
    wallet_address: str
    message: str
    expires_at: int


class IdempotencyRow(NamedTuple):
    """idempotency_keys: a write that began; `status` and `body` are None until it was answered."""

    wallet_id: int
    key: str
    request_digest: str
    status: int | None
    body: str | None
    created_at: int


class IdempotencyAnswer(NamedTuple):
    """idempotency_keys: what the write was answered (an update by wallet and key)."""

    wallet_id: int
    key: str
    status: int
    body: str


class AuditRow(NamedTuple):
    """audits: what an audit found; see the table."""

    at: int
    duration_ms: int
    checked: int
    replayed: int
    unchecked: int
    faults: int
    findings: str
    chain_ok: bool
    chain_events: int
    chain_seq: int
    chain_head: str
    error: str | None
