"""`python -m app audit`."""

import asyncio
import json
from typing import Annotated

import typer

from app.commands import settings
from app.config import Settings
from app.engine.audit import Finding
from app.engine.proof import Proof, prove
from app.store.chain import Head
from app.store.chain_check import ChainReport, check_chain
from app.store.database import Database
from app.store.errors import StoreError
from app.trading.fills import Costs

cli = typer.Typer()
SECONDS = 600.0


@cli.command(name="audit")
def audit_command(
    database_url: Annotated[str, typer.Option(help="Default: AUTOTRADER_DATABASE_URL.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a finding.")] = False,
    chain: Annotated[bool, typer.Option("--chain", help="Check the chain of events only.")] = False,
    head: Annotated[
        str, typer.Option(help="A newest seal that was noted earlier: it must still be there.")
    ] = "",
) -> None:
    """Recompute every balance, position and open exit state from the record, run every closed trade
    again on its own prices, and check that each event follows from the one before it; exit 1 on a
    fault.
    """
    given = settings()
    url = database_url or given.database_url
    kept = _head(head)
    try:
        if chain:
            _tell_chain(asyncio.run(_chain(url, kept)), as_json=as_json)
        else:
            _tell(asyncio.run(_audit(url, given, kept)), as_json=as_json)
    except StoreError as error:
        typer.echo(f"the record cannot be read: {error}", err=True)
        raise typer.Exit(2) from error


def _head(text: str) -> Head | None:
    try:
        return Head.read(text) if text else None
    except ValueError as error:
        typer.echo(f"--head: {error}", err=True)
        raise typer.Exit(2) from error


async def _audit(url: str, given: Settings, kept: Head | None) -> Proof:
    costs = Costs(fees_bps=given.fees_bps, slippage_bps=given.slippage_bps)
    database = await Database.open(url, timeout_seconds=SECONDS)
    try:
        return await prove(database, given.data_dir, costs, kept)
    finally:
        await database.close()


async def _chain(url: str, kept: Head | None) -> ChainReport:
    database = await Database.open(url, timeout_seconds=SECONDS)
    try:
        return await check_chain(database, kept)
    finally:
        await database.close()


def _tell(proof: Proof, *, as_json: bool) -> None:
    for finding in proof.findings:
        typer.echo(json.dumps(finding._asdict()) if as_json else _sentence(finding))
    if not as_json:
        typer.echo(f"{proof.replayed} closed trades run again")
        for reason, many in sorted(proof.unchecked.items()):
            typer.echo(f"{many} closed trades not run again: {reason}")
        typer.echo(f"{proof.chain.events} events follow from each other: {proof.chain.head}")
        typer.echo(f"{proof.checked} wallets and trades checked, {len(proof.findings)} faults")
    if proof.findings:
        raise typer.Exit(1)


def _tell_chain(chain: ChainReport, *, as_json: bool) -> None:
    broken = chain.broken
    if as_json:
        fault = None if broken is None else broken._asdict()
        typer.echo(json.dumps({"events": chain.events, "head": str(chain.head), "broken": fault}))
    else:
        typer.echo(f"{chain.events} events follow from each other; the newest and its seal:")
        typer.echo(str(chain.head))
        if broken is not None:
            typer.echo(f"event {broken.seq} is the first that does not hold: {broken.reason}")
    if broken is not None:
        raise typer.Exit(1)


def _sentence(finding: Finding) -> str:
    if finding.what == "event":
        return (
            f"event {finding.id}: its seal is {finding.recorded}, "
            f"the events before it and its own text give {finding.computed}"
        )
    return (
        f"{finding.what} {finding.id}: {finding.field} is {finding.recorded}, "
        f"the record adds up to {finding.computed}"
    )
