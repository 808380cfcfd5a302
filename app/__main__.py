"""The command line: `python -m app --help`."""

import typer

from app.commands import add_commands

cli = typer.Typer(
    help="Auto Trader from the command line; `uvicorn app.main:app` runs the platform itself.",
    no_args_is_help=True,
    add_completion=False,
)
add_commands(cli)

if __name__ == "__main__":
    cli()
