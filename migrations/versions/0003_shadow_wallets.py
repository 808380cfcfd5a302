"""let a wallet be another's shadow"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.store import types

revision: str = "0003"
down_revision: str | Sequence[str] | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("users", schema=None, table_kwargs={"sqlite_strict": True}) as users:
        users.add_column(sa.Column("owner_id", types.Exact(), nullable=True))
        users.add_column(sa.Column("owner_value", types.Exact(), nullable=True))
        users.add_column(sa.Column("name", sa.Text(), nullable=True))
        users.add_column(sa.Column("retired_at", types.Exact(), nullable=True))
        users.create_foreign_key(users.f("fk_users_owner_id_users"), "users", ["owner_id"], ["id"])
        users.create_index(users.f("ix_users_owner_id"), ["owner_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("users", schema=None, table_kwargs={"sqlite_strict": True}) as users:
        users.drop_index(users.f("ix_users_owner_id"))
        users.drop_constraint(users.f("fk_users_owner_id_users"), type_="foreignkey")
        for column in ("retired_at", "name", "owner_value", "owner_id"):
            users.drop_column(column)
