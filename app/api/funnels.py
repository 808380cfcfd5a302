"""The funnel of signals: which stage each of them reached with a wallet, and what stopped it.

    received --> screened --> sentiment --> confirmed --> bought --> won

Up to the sentiment the platform decides for everybody, from there on the wallet's own wishes.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from app.store.funnels import Ends, Fates
from app.trading.signals import ScreeningFailure, SignalStatus

MOST = 50_000
"""Signals that are counted: the newest of the range."""

STAGES = ("received", "screened", "sentiment", "confirmed", "bought", "won")
UNKNOWN_TOKEN = {
    ScreeningFailure.NO_POOL.value,
    ScreeningFailure.NO_DECIMALS.value,
    ScreeningFailure.DIRECTORY_UNAVAILABLE.value,
    ScreeningFailure.EXPIRED.value,
    ScreeningFailure.INTERNAL.value,
}
SCREENING = {failure.value for failure in ScreeningFailure}
NOT_CONFIRMED = "not_confirmed"
PENDING = {"screening", "monitoring", "open"}
Written = dict[str, Any]


def reached(fate: Fates) -> tuple[str, str]:
    """Return the last stage of signals, and what stopped them there; won is the end."""
    if fate.outcome is not None:
        return ("won", "") if fate.outcome == "won" else ("bought", fate.outcome)
    if fate.taken is not None:
        return "confirmed", fate.refusal or NOT_CONFIRMED
    if fate.status == SignalStatus.SCREENING:
        return "received", "screening"
    if fate.reason in UNKNOWN_TOKEN:
        return "received", fate.reason
    if fate.reason in SCREENING:
        return "screened", fate.reason
    if fate.status == SignalStatus.MONITORING:
        return "sentiment", "monitoring"
    return "sentiment", fate.reason or NOT_CONFIRMED


def stages(fates: Iterable[Fates], source: str | None) -> list[Written]:
    """Write the stages of the signals of a source, or of all."""
    stopped: dict[str, Counter[str]] = {stage: Counter() for stage in STAGES}
    for fate in fates:
        if source in {None, fate.source}:
            stage, why = reached(fate)
            stopped[stage][why] += fate.signals
    found: list[Written] = []
    left = sum(sum(counts.values()) for counts in stopped.values())
    before: int | None = None
    for stage in STAGES:
        share = left / before if before else None
        ranked = [] if stage == STAGES[-1] else stopped[stage].most_common()
        lost = [_lost(reason, many) for reason, many in ranked]
        found.append({"stage": stage, "signals": left, "share": share, "lost": lost})
        before, left = left, left - sum(one["signals"] for one in lost)
    return found


def counts(ends: Iterable[Ends]) -> Written:
    """Write what signals may be filtered by."""
    sources: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for end in ends:
        sources[end.source] += end.signals
        if end.reason is not None:
            reasons[end.reason] += end.signals
    total = sources.total()
    return {
        "signals": total,
        "complete": total < MOST,
        "sources": [{"source": name, "signals": many} for name, many in sources.most_common()],
        "reasons": [{"reason": name, "signals": many} for name, many in reasons.most_common()],
    }


def _lost(reason: str, signals: int) -> Written:
    return {"reason": reason, "signals": signals, "pending": reason in PENDING}
