"""Rows of messages to people; columns as in `notice_tables`."""

from typing import NamedTuple


class TargetRow(NamedTuple):
    """notice_targets: a new one, or one in its place (by id)."""

    id: int
    wallet_id: int
    name: str
    service: str
    shown: str
    secret: bytes
    kinds: str
    paused: bool
    created_at: int


class DeliveryRow(NamedTuple):
    """notice_deliveries: a message to be sent."""

    target_id: int
    event_seq: int
    wallet_id: int
    kind: str
    title: str
    body: str
    tone: str
    created_at: int
    status: str
    attempts: int
    next_at: int
    done_at: int | None
    error: str | None


class DeliveryTried(NamedTuple):
    """notice_deliveries: what became of a try (an update by target and event)."""

    target_id: int
    event_seq: int
    status: str
    attempts: int
    next_at: int
    done_at: int | None
    error: str | None


class CursorRow(NamedTuple):
    """notice_cursors: how far events were read."""

    id: int
    seq: int
