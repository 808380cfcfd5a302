"""What audits found."""

from sqlalchemy import select

from app.store.audit_tables import Audit
from app.store.database import Database
from app.store.query import Query, picked, table_of
from app.store.rows import AuditRow

_LAST = Query(
    select(*picked(Audit, AuditRow)).order_by(table_of(Audit).c.at.desc()).limit(1), AuditRow
)


async def last_audit(database: Database) -> AuditRow | None:
    """Load the newest audit; None before the first."""
    return await database.one(_LAST)
