"""`python -m app backup`."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from app.commands import settings
from app.engine.backups import FOLDER, KEPT, Backup, back_up, back_up_to
from app.store.errors import StoreError

cli = typer.Typer()


@cli.command(name="backup")
def backup_command(
    to: Annotated[
        Path | None,
        typer.Option(help="The file to write; default: one named by the time in DATA_DIR/backups."),
    ] = None,
    keep: Annotated[
        int, typer.Option(min=1, help="How many to keep in DATA_DIR/backups; others stay.")
    ] = KEPT,
    database_url: Annotated[str, typer.Option(help="Default: AUTOTRADER_DATABASE_URL.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Back the database up to one file while the platform trades, and prove the copy: every page is
    read and the record in it audited. Exit 1 when it does not add up, 2 when there is no backup.
    """
    given = settings()
    url = database_url or given.database_url
    try:
        if to is not None:
            made = asyncio.run(back_up_to(url, to))
        else:
            folder = given.data_dir / FOLDER
            made = asyncio.run(back_up(url, folder, datetime.now(UTC), keep=keep))
    except (StoreError, OSError) as error:
        typer.echo(f"no backup was made: {error}", err=True)
        raise typer.Exit(2) from error
    typer.echo(json.dumps(_told(made)) if as_json else _sentence(made))
    if made.findings:
        raise typer.Exit(1)


def _told(made: Backup) -> dict[str, object]:
    findings = [finding._asdict() for finding in made.findings]
    return {**made._asdict(), "path": str(made.path), "findings": findings}


def _sentence(made: Backup) -> str:
    size = f"{made.path}: {made.bytes / 1_000_000:.1f} MB in {made.seconds:.1f} s"
    if made.checked is None:
        return f"{size}, read back whole"
    return (
        f"{size}, up to batch {made.batch}; "
        f"{made.checked} wallets and trades checked, {len(made.findings)} faults"
    )
