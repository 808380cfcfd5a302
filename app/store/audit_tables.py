"""The tables of what proves the record: the newest seal of the event log, and each night's audit.

Columns as in `tables`.
"""

from app.store.columns import STRICT, Kept, blob, exact, flag, key, words


class EventHead(Kept, table=True):
    """The number and the seal of the newest event: one row."""

    __tablename__ = "event_heads"
    __table_args__ = (STRICT,)
    id: int = key()
    seq: int = exact()
    chain: bytes = blob()


class Audit(Kept, table=True):
    """What an audit found, by the time it began; `findings` are the first faults, JSON.

    `chain_seq` and `chain_head` name the newest event and its seal in hex. `error` says why an
    audit came to no end; its counts are those of nothing then.
    """

    __tablename__ = "audits"
    __table_args__ = (STRICT,)
    at: int = key()
    duration_ms: int = exact()
    checked: int = exact()
    replayed: int = exact()
    unchecked: int = exact()
    faults: int = exact()
    findings: str = words()
    chain_ok: bool = flag()
    chain_events: int = exact()
    chain_seq: int = exact()
    chain_head: str = words()
    error: str | None = words()
