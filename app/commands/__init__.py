"""The command line, a file a command: each module's `cli` joins `python -m app`."""

import importlib
import pkgutil
from datetime import UTC, datetime
from pathlib import Path

import typer

from app.config import InvalidConfiguration, Settings, load


def add_commands(cli: typer.Typer) -> None:
    """Add the commands of every module of this package that has a `cli`."""
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        cli.add_typer(module.cli)


def settings() -> Settings:
    """Read the settings as the platform does; exit 2 with one line for those that are wrong."""
    try:
        return load(Path(".env"))
    except InvalidConfiguration as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error


def milliseconds(moment: datetime) -> int:
    """Read a time as a person gives it, UTC unless it says otherwise, as Unix ms."""
    return int(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() * 1_000)
