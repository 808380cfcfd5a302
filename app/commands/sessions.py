"""`python -m app sessions`."""

import asyncio
import json
import time
from typing import Annotated

import typer

from app.api.wire import iso
from app.commands import settings
from app.providers.text import clean
from app.store.database import Database
from app.store.errors import StoreError
from app.store.journal import Journal
from app.store.sessions import KnownSession, all_sessions, revoke_all, revoke_everybody
from app.store.wallets import find_address

cli = typer.Typer()
LONGEST_BROWSER = 80


@cli.command(name="sessions")
def sessions_command(
    wallet: Annotated[str, typer.Argument(help="Of this wallet only.")] = "",
    revoke: Annotated[bool, typer.Option("--revoke", help="End them.")] = False,
    everybody: Annotated[bool, typer.Option("--all", help="Of every wallet.")] = False,
    database_url: Annotated[str, typer.Option(help="Default: AUTOTRADER_DATABASE_URL.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a session.")] = False,
) -> None:
    """List who is signed in, or end sessions with --revoke WALLET or --revoke --all; a platform
    that runs notices within a minute and closes their sockets. Exit 2 when that cannot be done.
    """
    if wallet and everybody:
        _fail("say either a wallet or --all")
    if revoke and not wallet and not everybody:
        _fail("say whose sessions end: --revoke WALLET, or --revoke --all")
    url = database_url or settings().database_url
    try:
        if revoke:
            typer.echo(f"{asyncio.run(_revoke(url, wallet))} sessions ended")
        else:
            for one in asyncio.run(_listed(url, wallet)):
                typer.echo(json.dumps(_told(one)) if as_json else _sentence(one))
    except StoreError as error:
        _fail(f"the record cannot be used: {error}", error)
    except LookupError as error:
        _fail(str(error), error)


def _fail(message: str, cause: Exception | None = None) -> None:
    typer.echo(message, err=True)
    raise typer.Exit(2) from cause


def _now() -> int:
    return time.time_ns() // 1_000_000


async def _listed(url: str, wallet: str) -> list[KnownSession]:
    database = await Database.open(url)
    try:
        found = await all_sessions(database, _now())
        if wallet:
            await _number(database, wallet)
        return [one for one in found if wallet in {"", one.wallet_address}]
    finally:
        await database.close()


async def _revoke(url: str, wallet: str) -> int:
    database = await Database.open(url)
    try:
        number = await _number(database, wallet) if wallet else None
    finally:
        await database.close()
    journal = await Journal.open(url)
    try:
        if number is None:
            return await revoke_everybody(journal, _now())
        return len(await revoke_all(journal, number, _now()))
    finally:
        await journal.close()


async def _number(database: Database, wallet: str) -> int:
    """Find a wallet's number. Raises LookupError."""
    found = await find_address(database, wallet)
    if found is None:
        message = f"there is no wallet {wallet}"
        raise LookupError(message)
    return found.id


def _told(one: KnownSession) -> dict[str, object]:
    return {
        "wallet_address": one.wallet_address,
        "id": one.id,
        "created_at": iso(one.created_at),
        "last_seen_at": iso(one.last_seen_at),
        "expires_at": iso(one.expires_at),
        "user_agent": one.user_agent,
    }


def _sentence(one: KnownSession) -> str:
    browser = clean(one.user_agent or "", LONGEST_BROWSER) or "a program without a name"
    return (
        f"{one.wallet_address}  since {iso(one.created_at)}, seen {iso(one.last_seen_at)},"
        f" until {iso(one.expires_at)}: {browser}"
    )
