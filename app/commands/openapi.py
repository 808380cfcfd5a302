"""`python -m app openapi`."""

import sys

import typer

from app import api

cli = typer.Typer()


@cli.command()
def openapi() -> None:
    """Print the OpenAPI document of the REST and WebSocket interface."""
    sys.stdout.write(api.openapi_json())
