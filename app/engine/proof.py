"""The whole proof of a record: its sums and states, its closed trades, its chain of events.

It may take long. The platform runs it in a process of its own at the lowest priority, so that the
one that trades does not feel it: `python -m app.engine.proof` is its command line. What it is asked
comes through a pipe and not as words, because the address of a database may hold a password.
"""

import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from app.engine.apart import command, environment
from app.engine.audit import Finding, audit, replay_all
from app.store.chain import Head
from app.store.chain_check import ChainReport, check_chain
from app.store.database import Database
from app.store.errors import StoreError
from app.trading.fills import Costs

NICE = 19
QUERY_SECONDS = 600.0
"""A sum over all that was ever traded may take longer than a page may."""


class ProofFailedError(Exception):
    """The proof came to no end; the message says why, without secrets."""


class Asked(NamedTuple):
    """What is to be proved: the database's address, the data folder, and the platform's costs."""

    url: str
    folder: Path
    costs: Costs


class Proof(NamedTuple):
    """Faults, how much was looked at, and how the chain of events is."""

    findings: list[Finding]
    checked: int
    replayed: int
    unchecked: Counter[str]
    chain: ChainReport


def chain_findings(chain: ChainReport) -> list[Finding]:
    """Write a broken chain as a fault."""
    broken = chain.broken
    if broken is None:
        return []
    return [Finding("event", broken.seq, "chain", broken.recorded, broken.computed)]


async def prove(database: Database, folder: Path, costs: Costs, kept: Head | None = None) -> Proof:
    """Check everything. Raises what the store raises."""
    chain = await check_chain(database, kept)
    findings, checked = await audit(database)
    replays = await replay_all(database, folder, costs)
    faults = [*chain_findings(chain), *findings, *replays.findings]
    return Proof(faults, checked, replays.replayed, replays.unchecked, chain)


async def prove_apart(asked: Asked) -> Proof:
    """Check everything in a process of its own. Raises ProofFailedError."""
    process = await asyncio.create_subprocess_exec(
        *command(__spec__.name),
        env=environment(),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    folder = str(asked.folder.resolve())
    words = {"url": asked.url, "folder": folder, "costs": asdict(asked.costs)}
    try:
        told, _ = await process.communicate(json.dumps(words).encode())
    finally:
        if process.returncode is None:  # whoever waited was cancelled
            process.kill()
            await process.wait()
    if process.returncode:
        raise ProofFailedError(f"the process that proves ended with {process.returncode}")
    return _read(json.loads(told))


def _read(told: dict[str, Any]) -> Proof:
    if "error" in told:
        raise ProofFailedError(told["error"])
    chain = ChainReport(told["events"], Head.read(told["head"]), None)
    findings = [Finding(*one) for one in told["findings"]]
    return Proof(findings, told["checked"], told["replayed"], Counter(told["unchecked"]), chain)


def _written(proof: Proof) -> dict[str, Any]:
    return {
        "findings": proof.findings,
        "checked": proof.checked,
        "replayed": proof.replayed,
        "unchecked": proof.unchecked,
        "events": proof.chain.events,
        "head": str(proof.chain.head),
    }


def chain_holds(findings: Sequence[Finding]) -> bool:
    """Tell whether no fault is one of the chain of events."""
    return all((one.what, one.field) != ("event", "chain") for one in findings)


async def _answer(words: dict[str, Any]) -> dict[str, Any]:
    try:
        database = await Database.open(words["url"], readers=1, timeout_seconds=QUERY_SECONDS)
        try:
            return _written(await prove(database, Path(words["folder"]), Costs(**words["costs"])))
        finally:
            await database.close()
    except StoreError as error:
        return {"error": f"the record cannot be read: {type(error).__name__}"}


def main() -> None:
    """Do what `prove_apart` asks for."""
    if hasattr(os, "nice"):
        os.nice(NICE)
    told = asyncio.run(_answer(json.loads(sys.stdin.read())))
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
