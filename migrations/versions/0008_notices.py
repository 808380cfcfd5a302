"""send messages to people"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.store import types

revision: str = "0008"
down_revision: str | Sequence[str] | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "notice_targets",
        sa.Column("id", types.Exact(), autoincrement=False, nullable=False),
        sa.Column("wallet_id", types.Exact(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("paused", types.Flag(), nullable=False),
        sa.Column("created_at", types.Exact(), nullable=False),
        sa.ForeignKeyConstraint(
            ["wallet_id"], ["users.id"], name=op.f("fk_notice_targets_wallet_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_targets")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_notice_targets_wallet_id"), "notice_targets", ["wallet_id"])
    op.create_table(
        "notice_deliveries",
        sa.Column("target_id", types.Exact(), autoincrement=False, nullable=False),
        sa.Column("event_seq", types.Exact(), autoincrement=False, nullable=False),
        sa.Column("wallet_id", types.Exact(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("kind", "title", "body", "tone")),
        sa.Column("created_at", types.Exact(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", types.Exact(), nullable=False),
        sa.Column("next_at", types.Exact(), nullable=False),
        sa.Column("done_at", types.Exact(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["wallet_id"], ["users.id"], name=op.f("fk_notice_deliveries_wallet_id_users")
        ),
        sa.PrimaryKeyConstraint("target_id", "event_seq", name=op.f("pk_notice_deliveries")),
        sqlite_strict=True,
    )
    for columns in (["wallet_id", "created_at"], ["status", "next_at"], ["created_at"]):
        name = f"ix_notice_deliveries_{'_'.join(columns)}"
        op.create_index(op.f(name), "notice_deliveries", columns)
    op.create_table(
        "notice_cursors",
        sa.Column("id", types.Exact(), autoincrement=False, nullable=False),
        sa.Column("seq", types.Exact(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_cursors")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("notice_cursors")
    op.drop_table("notice_deliveries")
    op.drop_table("notice_targets")
