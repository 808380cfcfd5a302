"""Runs migrations on either database: one at a time, and all or nothing.

SQLite's driver would commit before each change of the schema, so a transaction is begun by hand: a
process that dies half-way leaves the old schema, and a second one that starts meanwhile waits. On
PostgreSQL an advisory lock does that.
"""

import asyncio
import os
from pathlib import Path
from typing import Any

import asyncpg
from alembic import context
from sqlalchemy import Connection, create_engine, event, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

from app.store.audit_tables import Audit  # noqa: F401  # as the tables below
from app.store.columns import Kept
from app.store.deposit_tables import Deposit  # noqa: F401  # as the tables below
from app.store.files import make_file
from app.store.location import POSTGRES, Location, locate
from app.store.notice_tables import NoticeTarget  # noqa: F401  # as the tables below
from app.store.plan_tables import PlanChange  # noqa: F401  # as the tables below
from app.store.run_tables import Run  # noqa: F401  # as the tables below
from app.store.tables import EngineLease  # noqa: F401  # tables register themselves when imported

DEFAULT_URL = "sqlite+aiosqlite:///./data/autotrader.db"
LOCK = 7_236_118_043


def render_item(kind: str, item: Any, autogen_context: Any) -> str | bool:
    """Write the platform's own column types by the name that the template imports."""
    del autogen_context
    if kind == "type" and type(item).__module__ == "app.store.types":
        return f"types.{type(item).__name__}()"
    return False


def migrate(connection: Connection | None, **options: Any) -> None:
    """Run the migrations on a connection, or write them as SQL without one."""
    context.configure(
        connection=connection,
        target_metadata=Kept.metadata,
        render_as_batch=True,
        render_item=render_item,
        compare_type=True,
        transactional_ddl=True,
        **options,
    )
    with context.begin_transaction():
        if connection is not None and connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        context.run_migrations()


def migrate_file(path: str) -> None:
    """Run the migrations on a SQLite file, which is made when it is not there."""
    make_file(Path(path))
    engine = create_engine(f"sqlite:///{path}", poolclass=pool.NullPool)

    @event.listens_for(engine, "connect")
    def _by_hand(connection: Any, record: Any) -> None:
        del record
        connection.isolation_level = None
        connection.execute("PRAGMA busy_timeout=30000")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    with engine.connect() as connection:
        migrate(connection)
    engine.dispose()


async def migrate_server(location: Location) -> None:
    """Run the migrations on a PostgreSQL server, reached as readers and the writer reach it:
    SQLAlchemy would hand the driver words of the address, such as sslmode, that it does not take.
    """

    async def connect() -> Any:
        return await asyncpg.connect(location.dsn, timeout=10)

    engine = create_async_engine(f"{POSTGRES}://", poolclass=pool.NullPool, async_creator=connect)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


def main() -> None:
    """Find out which database is meant and migrate it."""
    given = context.config.attributes.get("url")
    url = given or os.environ.get("AUTOTRADER_DATABASE_URL") or DEFAULT_URL
    location = locate(url)
    if context.is_offline_mode():
        migrate(None, url=location.dialect + "://", literal_binds=True)
    elif location.dialect == "sqlite":
        migrate_file(str(location.path))
    else:
        asyncio.run(migrate_server(location))


main()
