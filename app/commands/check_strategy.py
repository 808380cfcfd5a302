"""`python -m app check-strategy`."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from app.commands import settings
from app.research.asked import resolve_entries
from app.research.checks import Finding, check_strategy, made_up
from app.research.loading import Sources, load
from app.research.requests import BacktestRequest, CandlesIn, EntryIn
from app.research.results import Unfit
from app.strategies import load as load_strategies

CANDLES = 2_000

cli = typer.Typer()


@cli.command(name="check-strategy")
def check_strategy_command(
    name: Annotated[str, typer.Argument(help="Its name; without one, every strategy.")] = "",
    template: Annotated[str, typer.Option(help="Parameters by name.")] = "",
    token: Annotated[str, typer.Option(help="Stored candles; default: made-up ones.")] = "",
    timeframe: Annotated[str, typer.Option(help="Of the stored candles.")] = "5m",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a finding.")] = False,
) -> None:
    """Try whether a strategy sees the future or depends on where history starts; exit 1 if so."""
    names = [name] if name else sorted(load_strategies())
    findings = 0
    for one in names:
        try:
            found = _check(one, template or None, token, timeframe)
        except (Unfit, ValueError) as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(2) from error
        findings += len(found)
        for finding in found:
            typer.echo(
                json.dumps({"strategy": one, **finding._asdict()})
                if as_json
                else _say(one, finding)
            )
        if not found and not as_json:
            typer.echo(f"{one}: neither look-ahead nor dependence on the start of history")
    if findings:
        raise typer.Exit(1)


def _check(name: str, template: str | None, token: str, timeframe: str) -> list[Finding]:
    candles = CandlesIn.model_validate({"token": token or "made-up", "timeframe": timeframe})
    request = BacktestRequest(candles=candles, entry=EntryIn(strategy=name, template=template))
    ((known, strategy),) = resolve_entries(request, load_strategies())
    if not token:
        return check_strategy(known, strategy, made_up(CANDLES, seed=1), request)
    sources = Sources(Path(settings().data_dir))
    (loaded,) = load(request, sources, strategy.lookback)
    return check_strategy(known, strategy, loaded, request)


def _json(name: str, finding: Finding) -> str:
    return json.dumps({"strategy": name, **finding._asdict()})


def _say(name: str, finding: Finding) -> str:
    at = datetime.fromtimestamp(finding.at / 1000, UTC).isoformat(timespec="minutes")
    return f"{name}: {finding.check} at {at}: {finding.what}"
