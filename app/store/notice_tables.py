"""The tables of messages to people: where they go, what was sent, and how far events were read.

Columns as in `tables`.
"""

from app.store.columns import STRICT, Kept, blob, exact, flag, index, key, refers, words


class NoticeTarget(Kept, table=True):
    """Where a wallet's messages go: `secret` is the address, encrypted, `shown` what is no secret.

    `kinds` is a JSON list of the notices that are wanted.
    """

    __tablename__ = "notice_targets"
    __table_args__ = (index("wallet_id"), STRICT)
    id: int = key()
    wallet_id: int = refers("users.id")
    name: str = words()
    service: str = words()
    shown: str = words()
    secret: bytes = blob()
    kinds: str = words()
    paused: bool = flag()
    created_at: int = exact()


class NoticeDelivery(Kept, table=True):
    """One message to one target: at most one for each event, which `event_seq` numbers.

    `status` is waiting, sent, failed or skipped; `next_at` is when it is tried (again). The target
    may be gone, so it is no reference.
    """

    __tablename__ = "notice_deliveries"
    __table_args__ = (
        index("wallet_id", "created_at"),
        index("status", "next_at"),
        index("created_at"),
        STRICT,
    )
    target_id: int = key()
    event_seq: int = key()
    wallet_id: int = refers("users.id")
    kind: str = words()
    title: str = words()
    body: str = words()
    tone: str = words()
    created_at: int = exact()
    status: str = words()
    attempts: int = exact()
    next_at: int = exact()
    done_at: int | None = exact()
    error: str | None = words()


class NoticeCursor(Kept, table=True):
    """The last event of which messages were made: one row."""

    __tablename__ = "notice_cursors"
    __table_args__ = (STRICT,)
    id: int = key()
    seq: int = exact()
