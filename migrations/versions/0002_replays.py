"""keep what came of running closed trades again"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.store import types

revision: str = "0002"
down_revision: str | Sequence[str] | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "replays",
        sa.Column("trade_id", types.Exact(), autoincrement=False, nullable=False),
        sa.Column("wallet_id", types.Exact(), nullable=False),
        sa.Column("checked_at", types.Exact(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("differences", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["trade_id"], ["trades.id"], name=op.f("fk_replays_trade_id_trades")
        ),
        sa.ForeignKeyConstraint(
            ["wallet_id"], ["users.id"], name=op.f("fk_replays_wallet_id_users")
        ),
        sa.PrimaryKeyConstraint("trade_id", name=op.f("pk_replays")),
        sqlite_strict=True,
    )
    with op.batch_alter_table(
        "replays", schema=None, table_kwargs={"sqlite_strict": True}
    ) as batch_op:
        batch_op.create_index(batch_op.f("ix_replays_wallet_id"), ["wallet_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_replays_status"), ["status"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table(
        "replays", schema=None, table_kwargs={"sqlite_strict": True}
    ) as batch_op:
        batch_op.drop_index(batch_op.f("ix_replays_status"))
        batch_op.drop_index(batch_op.f("ix_replays_wallet_id"))
    op.drop_table("replays")
