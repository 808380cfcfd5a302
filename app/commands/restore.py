"""`python -m app restore`."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from app.commands import settings
from app.engine.backups import url_of
from app.engine.restoring import RefusedError, restore
from app.store.errors import StoreError

cli = typer.Typer()

DATABASE = "autotrader.db"


@cli.command(name="restore")
def restore_command(
    file: Annotated[Path, typer.Argument(help="A backup that `python -m app backup` wrote.")],
    data_dir: Annotated[
        Path | None, typer.Option(help=f"Restore to {DATABASE} in this folder.")
    ] = None,
    database_url: Annotated[str, typer.Option(help="Default: AUTOTRADER_DATABASE_URL.")] = "",
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="Put a database with wallets aside, and take a backup whose record has faults.",
        ),
    ] = False,
) -> None:
    """Put a backup in the place of the database: it is read whole, brought to this version's schema
    and audited beside the old one, which is kept under another name. Exit 2 when nothing was done.
    """
    if data_dir is not None and database_url:
        typer.echo("say either --data-dir or --database-url", err=True)
        raise typer.Exit(2)
    url = database_url or (url_of(data_dir / DATABASE) if data_dir else settings().database_url)
    try:
        done = asyncio.run(restore(file, url, datetime.now(UTC), force=force))
    except (RefusedError, StoreError, OSError) as error:
        typer.echo(f"nothing was restored: {error}", err=True)
        raise typer.Exit(2) from error
    typer.echo(
        f"restored up to batch {done.batch}; {done.checked} wallets and trades checked, "
        f"{len(done.findings)} faults"
    )
    if done.before is not None:
        typer.echo(f"what was there before is {done.before}")
