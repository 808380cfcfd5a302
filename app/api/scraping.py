"""What the platform knows of itself, as families of metrics, made when somebody scrapes.

Counters begin at zero with the process, or with a new engine in it; Prometheus expects that. Names
and labels are used by deploy/: its tests fail when one of them is gone.
"""

import platform
import shutil
import time
from collections.abc import Iterator, Mapping
from typing import Any

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

from app.api.deps import Parts
from app.api.readiness import WELL, ages
from app.engine.stages import Spread

NO_COUNTS = frozenset({"connected", "since", "remembered"})

Values = Mapping[tuple[str], float] | Mapping[tuple[str, str], float]
Status = Mapping[str, Any]


def families(parts: Parts, status: Status, size: int | None, version: str) -> Iterator[Metric]:
    """Give every family, read now."""
    about = {(version, platform.python_version()): 1.0}
    yield _gauge("info", "Which platform this is.", ("version", "python"), about)
    yield from _engine(parts, status)
    yield from _stages(parts, status)
    yield from _background(status)
    yield from _outside(status)
    yield from _proofs(parts, status)
    yield from _room(parts, size)


def _engine(parts: Parts, status: Status) -> Iterator[Metric]:
    live, pulse = parts.live, parts.platform.pulse
    failing = live.failing_since
    failed = 0.0 if failing is None else max(0, parts.clock.now() - failing) / 1000
    yield _one("engine_wanted", "1 when an engine should run here.", parts.settings.engine)
    yield _one("engine_up", "1 while an engine runs here.", live.absent is None)
    yield _one("kill_switch", "1 when nobody may enter.", parts.settings.kill_switch)
    yield _one("uptime_seconds", "How long the process runs.", pulse.uptime_seconds)
    yield _one("commits_failing_seconds", "How long commits have failed by now.", failed)
    yield _count("commit_failures", "Batches that were not kept at once.", live.failures)
    known = {(name,): age for name, age in ages(parts, status).items() if age is not None}
    yield _gauge("age_seconds", "Since the last signal, price, decision, commit.", ("of",), known)
    queues = {("inbox",): live.waiting, ("screening",): status.get("to_screen", 0)}
    yield _gauge("queue_length", "What waits, by queue.", ("queue",), queues)
    oldest = {("inbox",): live.oldest_wait}
    yield _gauge("queue_oldest_seconds", "How long the oldest waits by now.", ("queue",), oldest)
    lag = pulse.loop_lag()
    yield _one("loop_lag_seconds", "The event loop's longest lag in a minute.", lag.longest)
    yield _one("loop_lag_mean_seconds", "The event loop's mean lag in a minute.", lag.mean or 0.0)


def _stages(parts: Parts, status: Status) -> Iterator[Metric]:
    done = parts.live.stages
    yield _spread("batch_inputs", "Inputs of a batch.", done.inputs)
    yield _spread("pass_seconds", "The rules' time for a batch.", done.passes)
    yield _spread("commit_seconds", "A batch's time into the database.", done.commits)
    yield _spread("input_lag_seconds", "From a batch's oldest input to its commit.", done.lag)
    yield _counts("signals_received", "New signals.", ("source",), _by_name(done.signals))
    results = {"passed": status["screened"], **status["screenings_failed"]}
    yield _counts("screenings", "Signals screened.", ("result",), _by_name(results))
    yield _counts("decisions", "What wallets decided.", ("verdict", "reason"), done.decisions)
    yield _count("ticks", "Prices that reached the record.", done.ticks)
    yield _count("trades_opened", "Trades that began.", done.opened)
    yield _counts("trades_closed", "Trades that ended.", ("reason",), _by_name(done.closed))
    yield _count("prices_suspect", "Prices held back until confirmed.", status["prices_suspect"])
    yield _count("candles_refused", "Candles that are none.", status["candles_refused"])
    yield _one("tokens_watched", "Tokens whose prices are followed.", status["tokens_watched"])


def _background(status: Status) -> Iterator[Metric]:
    tasks: Status = status["tasks"]
    up = {(name,): float(task["state"] in WELL) for name, task in tasks.items()}
    yield _gauge("task_up", "1 while a background task runs, or has done its work.", ("task",), up)
    restarts = {(name,): task["restarts"] for name, task in tasks.items()}
    yield _counts("task_restarts", "How often a task failed and began anew.", ("task",), restarts)


def _outside(status: Status) -> Iterator[Metric]:
    told: Status = status["providers"]
    hosts: Status = told.get("hosts", {})
    requests = {
        (host, str(code)): many
        for host, one in hosts.items()
        for code, many in one.get("statuses", {}).items()
    }
    text = "Answers of hosts by status; who did not answer is in the errors."
    yield _counts("provider_requests", text, ("host", "status"), requests)
    errors = {
        (host, kind): many for host, one in hosts.items() for kind, many in one["errors"].items()
    }
    yield _counts("provider_errors", "Requests that failed.", ("host", "error"), errors)
    signals: Status = told.get("signals", {})
    connected = bool(signals.get("connected", False))
    yield _one("signals_connected", "1 while the signal stream is open.", connected)
    counted = {
        (name,): many
        for name, many in signals.items()
        if isinstance(many, int) and name not in NO_COUNTS and not name.endswith("_at")
    }
    yield _counts("signal_events", "What came over the stream, by kind.", ("kind",), counted)


def _proofs(parts: Parts, status: Status) -> Iterator[Metric]:
    """Tell what the nightly audit, the backups and the watchdog found, where they run."""
    replays = {name: many for name, many in status["replays"].items() if name != "waiting"}
    yield _counts("replays", "Closed trades run again.", ("result",), _by_name(replays))
    audit: Status = status.get("audit") or {}
    if "faults" in audit:
        yield _one("audit_faults", "What the last audit found.", audit["faults"])
        broken = audit["chain_ok"] is False
        yield _one("audit_chain_broken", "1 when events were changed.", broken)
        yield _one("audit_failed", "1 when the last audit came to no end.", not audit["done"])
        age = max(0, parts.clock.now() - audit["at"]) / 1000
        yield _one("audit_age_seconds", "Since the last audit.", age)
    backup: Status = status.get("backup") or {}
    if backup.get("every_hours"):
        yield _one("backup_every_seconds", "How often one is due.", 3600 * backup["every_hours"])
        if backup["last_at"] is not None:
            age = max(0.0, time.time() - backup["last_at"] / 1000)  # a backup's own clock
            yield _one("backup_age_seconds", "Since the newest backup.", age)
    loop: Status = status.get("loop") or {}
    if "stalls" in loop:
        yield _count("loop_stalls", "How often the event loop stood still.", loop["stalls"])
        longest = loop["longest_stall_seconds"]
        yield _one("loop_stall_longest_seconds", "Its longest standstill.", longest)


def _room(parts: Parts, size: int | None) -> Iterator[Metric]:
    if size is not None:
        yield _one("database_bytes", "The database, its log included.", size)
    folder = parts.settings.data_dir
    if folder.exists():
        usage = shutil.disk_usage(folder)
        yield _one("disk_free_bytes", "Room left where data is kept.", usage.free)
        yield _one("disk_bytes", "Room in all where data is kept.", usage.total)


def _by_name(values: Mapping[str, float]) -> Values:
    return {(name,): many for name, many in values.items()}


def _one(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"autotrader_{name}", text, value=float(value))


def _count(name: str, text: str, value: float) -> Metric:
    return CounterMetricFamily(f"autotrader_{name}", text, value=float(value))


def _gauge(name: str, text: str, labels: tuple[str, ...], values: Values) -> Metric:
    family = GaugeMetricFamily(f"autotrader_{name}", text, labels=labels)
    for key, value in values.items():
        family.add_metric(key, float(value))
    return family


def _counts(name: str, text: str, labels: tuple[str, ...], values: Values) -> Metric:
    family = CounterMetricFamily(f"autotrader_{name}", text, labels=labels)
    for key, value in values.items():
        family.add_metric(key, float(value))
    return family


def _spread(name: str, text: str, spread: Spread) -> Metric:
    family = HistogramMetricFamily(f"autotrader_{name}", text)
    family.add_metric((), buckets=spread.cumulative(), sum_value=spread.total)
    return family
