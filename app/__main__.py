"""The command line: `python -m app --help`."""

import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from app import api
from app.config import InvalidConfiguration, Settings, load
from app.engine.audit import Finding, audit
from app.engine.clock import SystemClock
from app.simulator import (
    NotARecording,
    RecordedConfig,
    SimulatorConfig,
    create_recorded_market,
    first_start,
    run_alone,
    run_standalone,
)
from app.store.database import Database
from app.store.errors import StoreError

cli = typer.Typer(
    help="Auto Trader from the command line; `uvicorn app.main:app` runs the platform itself.",
    no_args_is_help=True,
    add_completion=False,
)


@cli.command()
def openapi() -> None:
    """Print the OpenAPI document of the REST and WebSocket interface."""
    sys.stdout.write(api.openapi_json())


@cli.command()
def simulate(
    *,
    host: str = "127.0.0.1",
    port: int = 8765,
    seed: int = 1,
    speed: Annotated[float, typer.Option(help="Simulated seconds per real second.")] = 1.0,
    recorded: Annotated[
        Path | None, typer.Option(help="Play the Parquet candles of this folder instead.")
    ] = None,
    start: Annotated[
        datetime | None, typer.Option(help="Where a recording begins (UTC); default: early.")
    ] = None,
    timeframe: Annotated[
        str, typer.Option(help="How long a recorded candle takes here: 1s, 1m or 5m.")
    ] = "1s",
    signals_every: Annotated[
        int, typer.Option(min=1, help="Candles between two signals of a recorded coin.")
    ] = 60,
) -> None:
    """Serve the built-in market alone, or a recorded one, for a platform that runs elsewhere."""
    if recorded is None:
        typer.echo(f"http://{host}:{port}", err=True)
        run_standalone(SimulatorConfig(seed=seed, speed=speed), host, port)
        return
    try:
        config = RecordedConfig(
            folder=recorded,
            start=first_start(recorded) if start is None else _milliseconds(start),
            timeframe=timeframe,
            signals_every=signals_every,
        )
        market = create_recorded_market(config, SystemClock())
    except (NotARecording, ValueError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    typer.echo(f"http://{host}:{port}", err=True)
    run_alone(market, host, port)


@cli.command(name="audit")
def audit_command(
    database_url: Annotated[str, typer.Option(help="Default: AUTOTRADER_DATABASE_URL.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a finding.")] = False,
) -> None:
    """Recompute every balance, position and open exit state from the record; exit 1 on a fault."""
    url = database_url or _settings().database_url
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


def _milliseconds(moment: datetime) -> int:
    return int(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() * 1_000)


def _settings() -> Settings:
    try:
        return load(Path(".env"))
    except InvalidConfiguration as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error


if __name__ == "__main__":
    cli()
