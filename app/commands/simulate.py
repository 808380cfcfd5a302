"""`python -m app simulate`."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.commands import milliseconds
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

cli = typer.Typer()


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
            start=first_start(recorded) if start is None else milliseconds(start),
            timeframe=timeframe,
            signals_every=signals_every,
        )
        market = create_recorded_market(config, SystemClock())
    except (NotARecording, ValueError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    typer.echo(f"http://{host}:{port}", err=True)
    run_alone(market, host, port)
