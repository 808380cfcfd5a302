"""let people change the exit plan of an open trade"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.store import types

revision: str = "0006"
down_revision: str | Sequence[str] | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "plan_changes",
        sa.Column("id", types.Exact(), autoincrement=False, nullable=False),
        sa.Column("trade_id", types.Exact(), nullable=False),
        sa.Column("wallet_id", types.Exact(), nullable=False),
        sa.Column("at", types.Exact(), nullable=False),
        sa.Column("tick_seq", types.Exact(), nullable=False),
        sa.Column("plan_before", sa.Text(), nullable=False),
        sa.Column("plan_after", sa.Text(), nullable=False),
        sa.Column("stop_before", types.Real(), nullable=False),
        sa.Column("stop_after", types.Real(), nullable=False),
        sa.ForeignKeyConstraint(
            ["trade_id"], ["trades.id"], name=op.f("fk_plan_changes_trade_id_trades")
        ),
        sa.ForeignKeyConstraint(
            ["wallet_id"], ["users.id"], name=op.f("fk_plan_changes_wallet_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_changes")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("plan_changes", schema=None) as changes:
        changes.create_index(changes.f("ix_plan_changes_trade_id"), ["trade_id"], unique=False)


def downgrade() -> None:
    op.drop_table("plan_changes")
