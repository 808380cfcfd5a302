"""Every night the record is proved: what came of it is kept, and a fault is told to everybody.

At the hour that is set (UTC), or soon after a start when that hour passed without an audit.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from app.engine.live import Live
from app.engine.proof import Asked, Proof, ProofFailedError, chain_holds, prove_apart
from app.ports import Clock
from app.store.audits import last_audit
from app.store.chain import BEGINNING
from app.store.database import Database
from app.store.journal import Journal
from app.store.rows import AuditRow
from app.trading.inputs import AuditFails

log = structlog.get_logger(__name__)

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
SOON_MS = 60_000
"""After a start there is more urgent work."""

LOOK_SECONDS = 30.0
TOLD = 20
"""Faults that are kept and logged; the command line names all."""


@dataclass(frozen=True, slots=True)
class Auditing:
    """What auditing needs; `hour` is one of the day, UTC."""

    database: Database
    journal: Journal
    asked: Asked
    hour: int
    prove: Callable[[Asked], Awaitable[Proof]] = prove_apart


def due(last: int | None, started: int, hour: int) -> int:
    """Tell when the next audit begins: `last` is when the one before began, all in Unix ms."""
    soon = started + SOON_MS
    if last is None:
        return soon
    following = last // DAY_MS * DAY_MS + hour * HOUR_MS
    while following <= last:
        following += DAY_MS
    return max(following, soon)


class Auditor:
    """Proves the record once a day."""

    def __init__(self, auditing: Auditing, live: Live, clock: Clock) -> None:
        self._auditing = auditing
        self._live = live
        self._clock = clock
        self._last: AuditRow | None = None

    def snapshot(self) -> dict[str, int | bool | None]:
        """Count what the last audit found; nothing before the first."""
        last = self._last
        if last is None:
            return {}
        return {
            "at": last.at,
            "faults": last.faults,
            "checked": last.checked,
            "chain_ok": last.chain_ok,
            "done": last.error is None,
            "duration_ms": last.duration_ms,
        }

    async def run(self) -> None:
        """Prove the record for ever."""
        started = self._clock.now()
        self._last = await last_audit(self._auditing.database)
        while True:
            last = None if self._last is None else self._last.at
            if self._clock.now() < due(last, started, self._auditing.hour):
                await self._clock.sleep(LOOK_SECONDS)
                continue
            await self._audit()

    async def _audit(self) -> None:
        began, since = self._clock.now(), self._clock.monotonic()
        try:
            proof, error = await self._auditing.prove(self._auditing.asked), None
        except ProofFailedError as failed:
            proof, error = None, str(failed)
        took = round(1_000 * (self._clock.monotonic() - since))
        row = _row(began, took, proof, error)
        await self._auditing.journal.write([row])
        self._last = row
        if proof is None:
            log.error("the record could not be audited", error=error)
        elif proof.findings:
            await self._tell(proof, row.chain_ok)
        else:
            log.info("audited", checked=row.checked, replayed=row.replayed, ms=took)

    async def _tell(self, proof: Proof, chain_ok: bool) -> None:
        """Say what is wrong: in the log with every number, to everybody without whose it is."""
        named = [f"{one.what} {one.id} {one.field}" for one in proof.findings[:TOLD]]
        log.error("the record does not add up", faults=len(proof.findings), first=named)
        await self._live.submit(
            AuditFails(
                at=self._clock.now(),
                faults=len(proof.findings),
                fields=kinds(proof),
                chain_ok=chain_ok,
            )
        )


def kinds(proof: Proof) -> list[str]:
    """List what kinds of faults there are, in the order in which they were found."""
    return list(dict.fromkeys(f"{one.what} {one.field}" for one in proof.findings))


def _row(at: int, took: int, proof: Proof | None, error: str | None) -> AuditRow:
    if proof is None:
        nothing = (False, 0, BEGINNING.seq, BEGINNING.chain.hex())
        return AuditRow(at, took, 0, 0, 0, 0, "[]", *nothing, error)
    return AuditRow(
        at,
        took,
        proof.checked,
        proof.replayed,
        proof.unchecked.total(),
        len(proof.findings),
        json.dumps([one._asdict() for one in proof.findings[:TOLD]]),
        chain_holds(proof.findings),
        proof.chain.events,
        proof.chain.head.seq,
        proof.chain.head.chain.hex(),
        None,
    )
