"""`python -m app audit`."""

import asyncio
import json
from typing import Annotated

import typer

from app.commands import settings
from app.engine.audit import Finding, audit
from app.store.database import Database
from app.store.errors import StoreError

cli = typer.Typer()


@cli.command(name="audit")
def audit_command(
    database_url: Annotated[str, typer.Option(help="Default: AUTOTRADER_DATABASE_URL.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a finding.")] = False,
) -> None:
    """Recompute every balance, position and open exit state from the record; exit 1 on a fault."""
    url = database_url or settings().database_url
    try:
        findings, checked = asyncio.run(_audit(url))
    except StoreError as error:
        typer.echo(f"the record cannot be read: {error}", err=True)
        raise typer.Exit(2) from error
    for finding in findings:
        typer.echo(json.dumps(finding._asdict()) if as_json else _sentence(finding))
    if not as_json:
        typer.echo(f"{checked} wallets and trades checked, {len(findings)} faults")
    if findings:
        raise typer.Exit(1)


async def _audit(url: str) -> tuple[list[Finding], int]:
    database = await Database.open(url)
    try:
        return await audit(database)
    finally:
        await database.close()


def _sentence(finding: Finding) -> str:
    return (
        f"{finding.what} {finding.id}: {finding.field} is {finding.recorded}, "
        f"the record adds up to {finding.computed}"
    )
