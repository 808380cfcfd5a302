"""let a paper wallet begin again"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.store import types

revision: str = "0005"
down_revision: str | Sequence[str] | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

RESET = ("reset_at", "reset_sol_balance", "reset_deposits", "reset_trade")


def upgrade() -> None:
    op.create_table(
        "deposits",
        sa.Column("id", types.Exact(), autoincrement=False, nullable=False),
        sa.Column("wallet_id", types.Exact(), nullable=False),
        sa.Column("at", types.Exact(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("lamports", types.Exact(), nullable=False),
        sa.ForeignKeyConstraint(
            ["wallet_id"], ["users.id"], name=op.f("fk_deposits_wallet_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposits")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("deposits", schema=None) as deposits:
        deposits.create_index(
            deposits.f("ix_deposits_wallet_id_at"), ["wallet_id", "at"], unique=False
        )
    with op.batch_alter_table("users", schema=None, table_kwargs={"sqlite_strict": True}) as users:
        for column in RESET:
            users.add_column(sa.Column(column, types.Exact(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("users", schema=None, table_kwargs={"sqlite_strict": True}) as users:
        for column in reversed(RESET):
            users.drop_column(column)
    op.drop_table("deposits")
