"""`python -m app audit`."""

import asyncio
import json
from typing import Annotated

import typer

from app.commands import settings
from app.config import Settings
from app.engine.audit import Finding, Replays, audit, replay_all
from app.store.database import Database
from app.store.errors import StoreError
from app.trading.fills import Costs

cli = typer.Typer()


@cli.command(name="audit")
def audit_command(
    database_url: Annotated[str, typer.Option(help="Default: AUTOTRADER_DATABASE_URL.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a finding.")] = False,
) -> None:
    """Recompute every balance, position and open exit state from the record, and run every closed
    trade again on its own prices; exit 1 on a fault.
    """
    given = settings()
    try:
        findings, checked, replays = asyncio.run(_audit(database_url or given.database_url, given))
    except StoreError as error:
        typer.echo(f"the record cannot be read: {error}", err=True)
        raise typer.Exit(2) from error
    for finding in findings:
        typer.echo(json.dumps(finding._asdict()) if as_json else _sentence(finding))
    if not as_json:
        typer.echo(f"{replays.replayed} closed trades run again")
        for reason, many in sorted(replays.unchecked.items()):
            typer.echo(f"{many} closed trades not run again: {reason}")
        typer.echo(f"{checked} wallets and trades checked, {len(findings)} faults")
    if findings:
        raise typer.Exit(1)


async def _audit(url: str, given: Settings) -> tuple[list[Finding], int, Replays]:
    costs = Costs(fees_bps=given.fees_bps, slippage_bps=given.slippage_bps)
    database = await Database.open(url)
    try:
        findings, checked = await audit(database)
        replays = await replay_all(database, given.data_dir, costs)
        return [*findings, *replays.findings], checked, replays
    finally:
        await database.close()


def _sentence(finding: Finding) -> str:
    return (
        f"{finding.what} {finding.id}: {finding.field} is {finding.recorded}, "
        f"the record adds up to {finding.computed}"
    )
