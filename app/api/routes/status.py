"""How the platform is, for people who are signed in."""

from app.api.auditlines import audit_line
from app.api.backuplines import backup_line
from app.api.deps import Platform
from app.api.nouns import Noun
from app.api.shapes.status import PulseOut, StatusOut
from app.api.statuslines import (
    clock_line,
    database_line,
    engine_line,
    host_lines,
    price_line,
    process_line,
    replay_line,
    sample_lines,
    service_lines,
    task_lines,
)
from app.api.wire import iso
from app.engine.pulse import SAMPLE_SECONDS

router = Noun()


@router.get("", response_model=StatusOut)
async def get_status(parts: Platform) -> dict[str, object]:
    """Tell how every part of the platform is.

    Numbers are of the process that answers; with several processes on one database, the engine and
    its feeds run in one of them.
    """
    status = parts.platform.status()
    return {
        "at": iso(parts.clock.now()),
        "process": process_line(parts),
        "clock": clock_line(status),
        "engine": engine_line(parts, status),
        "tasks": task_lines(status),
        "services": service_lines(parts, status),
        "hosts": host_lines(status),
        "prices": price_line(parts, status),
        "screening": {
            "screened": status["screened"],
            "failed": status["screenings_failed"],
        },
        "database": await database_line(parts),
        "bus": {"kind": "memory", "redis_configured": bool(parts.settings.redis_url)},
        "replays": replay_line(status),
        "audit": await audit_line(parts),
        "backup": backup_line(status),
    }


@router.get("/pulse", response_model=PulseOut)
async def get_pulse(parts: Platform) -> dict[str, object]:
    """Tell how far behind the engine was and how often services answered, for half an hour."""
    return {
        "sample_seconds": SAMPLE_SECONDS,
        "samples": sample_lines(parts.platform.pulse.samples()),
    }
