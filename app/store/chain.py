"""The chain of the event log: each event's seal follows from the seal before it and the event.

    seal = SHA-256(seal before + the event as JSON: [seq,wallet_id,at,kind,trade_id,data])

JSON in UTF-8 without spaces; the first event follows 32 zero bytes. Who changes, deletes, inserts
or reorders events breaks every seal from there on. The newest one is kept apart, so that events cut
off at the end are missed; a copy of it elsewhere proves that nobody wrote the whole chain anew.
"""

import hashlib
from collections.abc import Iterable
from operator import itemgetter
from typing import Any, Final, NamedTuple

import msgspec

from app.store.errors import ConflictError

SEAL_BYTES = 32
COLUMN = "chain"
"""The column of a seal, which writers add to the rows they are given."""


class Head(NamedTuple):
    """The number and the seal of the newest event."""

    seq: int
    chain: bytes

    def __str__(self) -> str:
        return f"{self.seq}:{self.chain.hex()}"

    @classmethod
    def read(cls, text: str) -> "Head":
        """Read what `str` wrote. Raises ValueError for anything else."""
        number, _, seal = text.partition(":")
        head = cls(int(number), bytes.fromhex(seal))
        if head.seq < 0 or len(head.chain) != SEAL_BYTES:
            raise ValueError(f"{text!r} is not like 12:{'0f' * SEAL_BYTES}")
        return head


BEGINNING: Final = Head(0, bytes(SEAL_BYTES))
"""What the first event follows."""

NEWEST = "SELECT seq, chain FROM event_heads WHERE id = 1"
LAST = "SELECT seq, chain FROM events ORDER BY seq DESC LIMIT 1"
"""Where the head was taken away, the log goes on behind its last event; the audit tells."""

_MOVE = (
    "INSERT INTO event_heads (id, seq, chain) VALUES (1, {0}, {1}) "
    "ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, chain = excluded.chain"
)
MOVE_SQLITE = _MOVE.format("?", "?")
MOVE_POSTGRES = _MOVE.format("$1", "$2")

_encode = msgspec.json.Encoder().encode


def seal(before: bytes, event: tuple[Any, ...]) -> bytes:
    """Return the seal of an event; its fields in the order of `EventRow`."""
    return hashlib.sha256(before + _encode(event)).digest()


def sealed(head: Head, events: Iterable[tuple[Any, ...]]) -> tuple[list[tuple[Any, ...]], Head]:
    """Add its seal to each event; return them in order, and the new head.

    Raises ConflictError for an event that is not newer than the one before it.
    """
    last, before = head
    rows = []
    for event in sorted(events, key=itemgetter(0)):
        if event[0] <= last:
            raise ConflictError(f"event {event[0]} does not follow event {last}")
        last, before = event[0], seal(before, event)
        rows.append((*event, before))
    return rows, Head(last, before)
