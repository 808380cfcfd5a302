"""How the newest audit is written for people; whose faults it found, only the log says."""

import json
from typing import Any

from app.api.deps import Parts
from app.api.wire import iso
from app.store.audits import last_audit
from app.store.errors import StoreError
from app.store.rows import AuditRow

Line = dict[str, Any]


async def audit_line(parts: Parts) -> Line:
    """Write when the record is audited, and what came of it last."""
    hour = parts.settings.audit_at
    try:
        last = await last_audit(parts.database)
    except StoreError:  # the database's own line says so
        last = None
    return {
        "hour": None if hour == "never" else hour,
        "last": None if last is None else _last(last),
    }


def _last(row: AuditRow) -> Line:
    found = json.loads(row.findings)
    return {
        "at": iso(row.at),
        "seconds": row.duration_ms / 1_000,
        "checked": row.checked,
        "replayed": row.replayed,
        "unchecked": row.unchecked,
        "faults": row.faults,
        "kinds": list(dict.fromkeys(f"{one['what']} {one['field']}" for one in found)),
        "chain_ok": row.chain_ok,
        "chain_events": row.chain_events,
        "chain_head": f"{row.chain_seq}:{row.chain_head}",
        "error": row.error,
    }
