"""keep backtests and sweeps"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.store import types

revision: str = "0004"
down_revision: str | Sequence[str] | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "runs",
        sa.Column("id", types.Exact(), autoincrement=False, nullable=False),
        sa.Column("wallet_id", types.Exact(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("progress", types.Real(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("size", types.Exact(), nullable=False),
        sa.Column("code_version", sa.Text(), nullable=True),
        sa.Column("code_digest", sa.Text(), nullable=True),
        sa.Column("data_hash", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("error_pointer", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("created_at", types.Exact(), nullable=False),
        sa.Column("started_at", types.Exact(), nullable=True),
        sa.Column("finished_at", types.Exact(), nullable=True),
        sa.Column("seconds", types.Real(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("seen_at", types.Exact(), nullable=True),
        sa.Column("adopted_at", types.Exact(), nullable=True),
        sa.Column("adopted_symbol", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["wallet_id"], ["users.id"], name=op.f("fk_runs_wallet_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("runs", schema=None, table_kwargs={"sqlite_strict": True}) as runs:
        runs.create_index(runs.f("ix_runs_wallet_id_created_at"), ["wallet_id", "created_at"], unique=False)
        runs.create_index(runs.f("ix_runs_status"), ["status"], unique=False)
    op.create_table(
        "run_parts",
        sa.Column("run_id", types.Exact(), autoincrement=False, nullable=False),
        sa.Column("what", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("number", types.Exact(), autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_run_parts_run_id_runs")),
        sa.PrimaryKeyConstraint("run_id", "what", "number", name=op.f("pk_run_parts")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("run_parts")
    with op.batch_alter_table("runs", schema=None, table_kwargs={"sqlite_strict": True}) as runs:
        runs.drop_index(runs.f("ix_runs_status"))
        runs.drop_index(runs.f("ix_runs_wallet_id_created_at"))
    op.drop_table("runs")
