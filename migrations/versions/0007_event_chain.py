"""chain the events, refuse to change them, and keep audits"""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.store import types
from app.store.chain import BEGINNING, Head, sealed

revision: str = "0007"
down_revision: str | Sequence[str] | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

PAGE = 5_000
EVENTS = sa.table(
    "events",
    *(sa.column(name) for name in ("seq", "wallet_id", "at", "kind", "trade_id", "data", "chain")),
)
HEADS = sa.table("event_heads", *(sa.column(name) for name in ("id", "seq", "chain")))
SQLITE_STRICT = {"sqlite_strict": True}
GROWS_ONLY = "the event log only grows"
SQLITE_TRIGGERS = [
    f"""CREATE TRIGGER events_no_{what.lower()} BEFORE {what} ON events
    BEGIN SELECT RAISE(ABORT, '{GROWS_ONLY}'); END"""
    for what in ("UPDATE", "DELETE")
]
POSTGRES_TRIGGERS = [
    f"""CREATE FUNCTION events_grow_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{GROWS_ONLY}' USING ERRCODE = 'restrict_violation'; END $$""",
    """CREATE TRIGGER events_no_change BEFORE UPDATE OR DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION events_grow_only()""",
    """CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION events_grow_only()""",
]


def upgrade() -> None:
    op.create_table(
        "event_heads",
        sa.Column("id", types.Exact(), autoincrement=False, nullable=False),
        sa.Column("seq", types.Exact(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_heads")),
        sqlite_strict=True,
    )
    op.create_table(
        "audits",
        sa.Column("at", types.Exact(), autoincrement=False, nullable=False),
        *(
            sa.Column(name, types.Exact(), nullable=False)
            for name in ("duration_ms", "checked", "replayed", "unchecked", "faults")
        ),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("chain_ok", types.Flag(), nullable=False),
        sa.Column("chain_events", types.Exact(), nullable=False),
        sa.Column("chain_seq", types.Exact(), nullable=False),
        sa.Column("chain_head", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("at", name=op.f("pk_audits")),
        sqlite_strict=True,
    )
    op.add_column("events", sa.Column("chain", sa.LargeBinary(), nullable=True))
    _seal_all(op.get_bind())
    with op.batch_alter_table("events", schema=None, table_kwargs=SQLITE_STRICT) as events:
        events.alter_column("chain", existing_type=sa.LargeBinary(), nullable=False)
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for trigger in SQLITE_TRIGGERS if on_sqlite else POSTGRES_TRIGGERS:
        op.execute(trigger)


def _seal_all(connection: sa.Connection) -> None:
    """Chain the events that are there, a page at a time."""
    change = (
        sa.update(EVENTS)
        .where(EVENTS.c.seq == sa.bindparam("number"))
        .values(chain=sa.bindparam("seal"))
    )
    head = BEGINNING
    for page in _pages(connection):
        rows, head = sealed(head, page)
        connection.execute(change, [{"number": row[0], "seal": row[-1]} for row in rows])
    _keep(connection, head)


def _pages(connection: sa.Connection) -> Iterator[list[tuple[Any, ...]]]:
    columns = [column for column in EVENTS.c if column.name != "chain"]
    last = BEGINNING.seq
    while True:
        wanted = sa.select(*columns).where(EVENTS.c.seq > last).order_by(EVENTS.c.seq).limit(PAGE)
        page = [tuple(row) for row in connection.execute(wanted)]
        if not page:
            return
        yield page
        last = page[-1][0]


def _keep(connection: sa.Connection, head: Head) -> None:
    connection.execute(sa.insert(HEADS).values(id=1, seq=head.seq, chain=head.chain))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER events_no_change ON events")
        op.execute("DROP TRIGGER events_no_truncate ON events")
        op.execute("DROP FUNCTION events_grow_only()")
    # On SQLite the triggers go with the table that is made anew.
    with op.batch_alter_table("events", schema=None, table_kwargs=SQLITE_STRICT) as events:
        events.drop_column("chain")
    op.drop_table("audits")
    op.drop_table("event_heads")
