"""Whether the process can serve, part by part, and how old what it knows is.

    database  answers a question
    engine    runs here, or was told not to
    commits   arrive: none fails or waits for longer than COMMIT_SECONDS
    tasks     those without which nothing is traded run; one that failed starts again and says so

Ages judge nothing: a night without signals is no fault. Alerts decide about them (deploy/).
"""

from collections.abc import Mapping
from typing import Any

from app.api.deps import Parts
from app.store.errors import StoreError
from app.store.version import TITLES, reach

COMMIT_SECONDS = 10.0
ESSENTIAL = ("engine", "engine loop", "listen", "screen", "watch", "beat")
WELL = frozenset({"running", "done"})

Check = dict[str, Any]


async def checks(parts: Parts, status: Mapping[str, Any]) -> dict[str, Check]:
    """Judge everything that must work."""
    found = {"database": await _database(parts), "engine": _engine(parts)}
    if parts.settings.engine:
        found["commits"] = _commits(parts)
        found["tasks"] = _tasks(status)
    return found


def ages(parts: Parts, status: Mapping[str, Any]) -> dict[str, float | None]:
    """Return how many seconds ago the last signal, price, decision and commit were; None for none
    since the start.
    """
    now = parts.clock.now()
    heard = status["providers"].get("signals", {}).get("last_signal_at")
    seen = max(status["prices_seen_at"].values(), default=None)
    last = {
        "signal": heard,
        "price": seen,
        "decision": parts.live.stages.last_decision_at,
        "commit": status["last_commit_at"],
    }
    return {name: None if at is None else max(0, now - at) / 1000 for name, at in last.items()}


async def _database(parts: Parts) -> Check:
    try:
        reached = await reach(parts.database)
    except StoreError as error:
        return {"ok": False, "detail": type(error).__name__}
    return {"ok": True, "detail": f"{TITLES[parts.database.dialect]} {reached.version}"}


def _engine(parts: Parts) -> Check:
    """Judge the engine; a process that was told to run none is ready without one."""
    if not parts.settings.engine:
        return {"ok": True, "detail": "this process serves without an engine"}
    return {"ok": parts.live.absent is None, "detail": parts.live.absent}


def _commits(parts: Parts) -> Check:
    live = parts.live
    waits = live.oldest_wait
    if live.failing_since is not None:
        waits = max(waits, (parts.clock.now() - live.failing_since) / 1000)
    if waits <= COMMIT_SECONDS:
        return {"ok": True, "detail": None}
    return {"ok": False, "detail": f"nothing was committed for {waits:.0f} s"}


def _tasks(status: Mapping[str, Any]) -> Check:
    tasks = status["tasks"]
    down = [name for name in ESSENTIAL if name in tasks and tasks[name]["state"] not in WELL]
    if not down:
        return {"ok": True, "detail": None}
    return {"ok": False, "detail": f"not running: {', '.join(down)}"}
