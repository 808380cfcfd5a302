"""How the engine's status is written for people: every part typed, times as ISO 8601."""

import os
import platform
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from app.api.deps import Parts
from app.api.health import VERSION
from app.api.wire import iso, iso_or_none
from app.engine.pipeline.watch import LONGEST_POLL
from app.engine.pulse import MINUTE_MS, Sample
from app.engine.unprotected import unprotected
from app.research.foreman import resident_bytes
from app.store.errors import StoreError
from app.store.version import TITLES, known_fault, reach
from app.trading.market import TIMEFRAMES

Line = dict[str, Any]

MILLISECONDS = 1_000

SERVICES = ("signals", "candles", "sentiment", "tokens")
DATABASE = "AUTOTRADER_DATABASE_URL"
ANNOUNCED = ("connected", "since")
"""What a stream's own words say besides counts."""


def engine_line(parts: Parts, status: Mapping[str, Any]) -> Line:
    """Write how the engine is."""
    pulse, lag = parts.platform.pulse, parts.platform.pulse.lag()
    state, since = _engine_state(parts, status)
    memory = parts.live.memory
    return {
        "state": state,
        "detail": parts.live.absent,
        "process": status["owner"],
        "since": iso(since),
        "kill_switch": parts.settings.kill_switch,
        "waiting": status["waiting"],
        "lag": {
            "inputs": lag.count,
            "mean_ms": _ms(lag.mean),
            "longest_ms": _ms(lag.longest),
        },
        "commits": status["commits"],
        "commits_per_minute": pulse.commits_per_minute(),
        "last_commit_at": iso_or_none(status["last_commit_at"]),
        "failures": status["failures"],
        "last_failure": status["last_failure"],
        "last_failure_at": iso_or_none(status["last_failure_at"]),
        "loop_lag_ms": _ms(pulse.loop_lag().longest),
        "loop_stalls": _stalls(status["loop"]),
        "positions_set_aside": 0 if memory is None else memory.set_aside,
        "strategies_failed": {} if memory is None else memory.broken,
    }


def _stalls(told: Mapping[str, Any]) -> Line:
    """Write how often the event loop stood still, and where it did last."""
    return {
        "count": told["stalls"],
        "longest_ms": _ms(told["longest_stall_seconds"]),
        "last_at": iso_or_none(told["last_stall_at"]),
        "last_place": told["last_stall"],
    }


def _engine_state(parts: Parts, status: Mapping[str, Any]) -> tuple[str, int]:
    if not parts.settings.engine:
        return "off", status["since"]
    if parts.live.absent is not None:
        return "absent", status["since"]
    if status["failing_since"] is not None:
        return "failing", status["failing_since"]
    return "running", status["since"]


def task_lines(status: Mapping[str, Any]) -> list[Line]:
    """Write how the background tasks are, in the order in which they were started."""
    return [
        {"name": name, **task, "since": iso(task["since"])}
        for name, task in status["tasks"].items()
    ]


def service_lines(parts: Parts, status: Mapping[str, Any]) -> list[Line]:
    """Write how feeds and services answer."""
    told, rates = status["providers"], parts.platform.pulse.per_minute()
    plays = parts.settings.recorded_candles_dir is not None
    return [
        _service(name, told, rates, plays=plays and name == "candles")
        for name in SERVICES
        if name in told
    ]


def _service(
    name: str, told: Mapping[str, Any], rates: Mapping[str, float | None], *, plays: bool
) -> Line:
    own, asked = told[name], told["services"].get(name, {})
    is_stream = "connected" in own
    kind = "stream" if is_stream else "requests"
    return {
        "name": name,
        "kind": "recording" if plays else kind,
        "hosts": asked.get("hosts", []),
        "connected": own.get("connected"),
        "connected_since": iso_or_none(own.get("since")),
        "last_byte_at": iso_or_none(own.get("last_byte_at")),
        "last_signal_at": iso_or_none(own.get("last_signal_at")),
        "requests": asked.get("requests", 0),
        "answers": asked.get("answers", 0),
        "per_minute": rates.get(name),
        "errors": asked.get("errors", {}),
        **_errors(own if own.get("last_error") else asked),
        "last_answer_at": iso_or_none(asked.get("last_success_at")),
        "counts": {
            key: value
            for key, value in own.items()
            if isinstance(value, int) and not key.endswith("_at") and key not in ANNOUNCED
        },
    }


def host_lines(status: Mapping[str, Any]) -> list[Line]:
    """Write how hosts answer, each for all that it is asked for."""
    return [
        {
            "host": name,
            "requests": host["requests"],
            "errors": host["errors"],
            **_errors(host),
            "last_answer_at": iso_or_none(host["last_success_at"]),
            "waiting": host["waiting"],
            "turned_away": host["turned_away"],
            "paused_seconds": host["paused_seconds"],
        }
        for name, host in status["providers"].get("hosts", {}).items()
    ]


def _errors(told: Mapping[str, Any]) -> Line:
    return {
        "last_error": told.get("last_error"),
        "last_error_at": iso_or_none(told.get("last_error_at")),
    }


def price_line(parts: Parts, status: Mapping[str, Any]) -> Line:
    """Write how old prices are."""
    seen: Mapping[str, int] = status["prices_seen_at"]
    oldest = min(seen, key=seen.__getitem__, default=None)
    every = TIMEFRAMES[parts.settings.timeframe] / MILLISECONDS
    return {
        "tokens": status["tokens_watched"],
        "heard": len(seen),
        "oldest": None if oldest is None else {"token_address": oldest, "at": iso(seen[oldest])},
        "every_seconds": min(every, LONGEST_POLL),
        "suspect": status["prices_suspect"],
        "refused": status["candles_refused"],
    }


async def database_line(parts: Parts) -> Line:
    """Ask the database, and write how it is."""
    dialect = parts.database.dialect
    line: Line = {"dialect": dialect, "title": TITLES[dialect], "ok": False, "detail": None}
    try:
        reached = await reach(parts.database)
    except StoreError as error:
        nothing = {"version": None, "round_trip_ms": None, "warning": None}
        return {**line, **nothing, "detail": f"{type(error).__name__}: {error}"}
    return {
        **line,
        "ok": True,
        "version": reached.version,
        "round_trip_ms": _ms(reached.seconds),
        "warning": known_fault(dialect, reached.version) or _unprotected(parts),
    }


def _unprotected(parts: Parts) -> str | None:
    """Say that the database is another host's and does not prove itself; None when it is not so."""
    for setting, expected in unprotected({DATABASE: parts.settings.database_url}):
        return f"{setting} names another host without {expected}: nobody proves that it is that one"
    return None


def replay_line(status: Mapping[str, Any]) -> Line:
    """Write what came of running closed trades again."""
    told: Mapping[str, int] = status["replays"]
    return {name: told.get(name, 0) for name in ("equal", "different", "unchecked", "waiting")}


def clock_line(status: Mapping[str, Any]) -> Line:
    """Write how far off the platform's time is by what others' clocks say."""
    unknown = {"skew_ms": None, "within_ms": None, "hosts": 0, "off": False, "set_by_ms": 0}
    return {**unknown, **status["providers"].get("clock", {})}


def process_line(parts: Parts) -> Line:
    """Write what answers."""
    pulse = parts.platform.pulse
    return {
        "version": VERSION,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} ({platform.machine()})",
        "started_at": iso(pulse.started_at),
        "uptime_seconds": round(pulse.uptime_seconds, 3),
        "memory_bytes": resident_bytes(os.getpid()),
        "sockets": parts.hub.count,
    }


def sample_lines(samples: Sequence[Sample]) -> list[Line]:
    """Write the past; what counts from the start becomes a rate of its seconds."""
    return [_sample(before, sample) for before, sample in pairwise(samples)]


def _sample(before: Sample, sample: Sample) -> Line:
    minutes = max(1, sample.at - before.at) / MINUTE_MS
    return {
        "time": sample.at // MILLISECONDS,
        "lag_ms": _ms(sample.lag.mean),
        "longest_ms": _ms(sample.lag.longest),
        "loop_lag_ms": _ms(sample.loop_lag.longest),
        "waiting": sample.waiting,
        "commits": round((sample.commits - before.commits) / minutes, 2),
        "answers": {
            name: round((count - before.answers.get(name, 0)) / minutes, 2)
            for name, count in sample.answers.items()
        },
    }


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(MILLISECONDS * seconds, 3)
