"""`python -m app candles`: the candles of the past, as files that backtests stand on."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from app.commands import milliseconds, settings
from app.engine.clock import SystemClock
from app.ports import ProviderError
from app.providers.candles.gecko import GeckoCandles
from app.providers.http import Http
from app.research import downloading, importing
from app.research.importing_report import remarks, report
from app.store.database import Database
from app.store.errors import StoreError
from app.store.history import History
from app.store.history_collecting import Collected, collect
from app.store.history_errors import HistoryError
from app.store.history_library import shared_history

cli = typer.Typer()
candles = typer.Typer(
    help="The candles of the past: import, download, collect, list, delete.", no_args_is_help=True
)
cli.add_typer(candles, name="candles")

DATES = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"]
DataDir = Annotated[Path | None, typer.Option(help="Default: AUTOTRADER_DATA_DIR.")]
AsJson = Annotated[bool, typer.Option("--json", help="Machine output: one JSON object a line.")]
TIMEFRAMES = "1s, 1m, 5m, 15m, 1h, 4h or 1d."
TimeframeArgument = Annotated[str, typer.Argument(help=TIMEFRAMES)]
TimeframeOption = Annotated[str, typer.Option(help=TIMEFRAMES)]


@contextmanager
def failing() -> Iterator[None]:
    """Say what goes wrong in a few lines and exit 2."""
    try:
        yield
    except (HistoryError, StoreError, ProviderError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    except KeyboardInterrupt as error:
        typer.echo("stopped; what was stored is kept", err=True)
        raise typer.Exit(130) from error


def _history(data_dir: Path | None) -> History:
    return shared_history(data_dir or settings().data_dir)


def _say(text: str, fields: dict[str, Any], *, as_json: bool) -> None:
    typer.echo(json.dumps(fields) if as_json else text)


def _bar(unit: str) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    left = (TextColumn(unit), TimeRemainingColumn())
    return Progress(*columns, *left, console=Console(stderr=True))


def _time(at: int) -> str:
    return f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d %H:%M:%S}"


@candles.command("list")
def list_candles(data_dir: DataDir = None, *, as_json: AsJson = False) -> None:
    """List what is stored; times are when the first and the last candle open (UTC)."""
    with failing():
        entries = _history(data_dir).entries()
    if as_json:
        for one in entries:
            typer.echo(json.dumps(asdict(one)))
        return
    table = Table("symbol", "token", "timeframe", "first", "last", "candles", "gaps", "source")
    for one in entries:
        gaps = f"{one.gaps:,} ({one.missing:,} missing)" if one.gaps else "0"
        span = (_time(one.first), _time(one.last))
        words = (one.symbol, one.token, one.timeframe, *span, f"{one.candles:,}", gaps, one.source)
        table.add_row(*words)
    console = Console(markup=False, width=None if Console().is_terminal else 200)
    console.print(table if entries else "nothing is stored yet")


@candles.command()
def show(
    token: Annotated[str, typer.Argument(help="The token's mint or name, or its symbol.")],
    timeframe: TimeframeArgument,
    since: Annotated[datetime | None, typer.Option("--from", formats=DATES, help="UTC.")] = None,
    until: Annotated[datetime | None, typer.Option("--to", formats=DATES, help="UTC.")] = None,
    data_dir: DataDir = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Write candles as CSV, times in Unix ms; a coarser timeframe is made of a stored finer one."""
    with failing():
        first, last = (milliseconds(one) if one else None for one in (since, until))
        frame = _history(data_dir).read(token, timeframe, first, last)
    typer.echo((frame.write_ndjson() if as_json else frame.write_csv()).rstrip("\n"))


@candles.command("import")
def import_candles(
    file: Annotated[Path, typer.Argument(help="CSV, Parquet or Feather.")],
    *,
    token: Annotated[str, typer.Option(help="The token's mint, or a name for it.")],
    symbol: Annotated[str, typer.Option(help="How people call it; default: the token.")] = "",
    timeframe: Annotated[str, typer.Option(help="Default: as far as most rows are apart.")] = "",
    fill: Annotated[
        Literal["none", "previous_close"], typer.Option(help="What is put where candles miss.")
    ] = "none",
    skip_bad: Annotated[bool, typer.Option(help="Leave out rows that are no candles.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Import a file; one row that is no candle refuses it, unless --skip-bad is given."""
    options = importing.Options(timeframe=timeframe or None, fill=fill, skip_bad=skip_bad)
    with failing(), _bar("candles") as bar:
        history = _history(data_dir)
        task = bar.add_task(f"reading {file.name}", total=None)
        read = importing.read_file(file, options)
        bar.update(task, description="storing", total=read.frame.height)
        merged = history.merge(
            token,
            symbol or token,
            read.timeframe,
            read.frame,
            "file",
            progress=lambda rows: bar.advance(task, rows),
        )
    fields = report(read) | merged._asdict() | {"token": token}
    _say(f"{token} {read.timeframe}: {merged.added:,} candles are new", fields, as_json=as_json)
    for line in () if as_json else remarks(read):
        typer.echo(line)
    if merged.replaced and not as_json:
        typer.echo(f"{merged.replaced:,} stored candles were replaced by the file's")


@candles.command()
def download(
    address: Annotated[str, typer.Argument(metavar="POOL_OR_MINT")],
    *,
    since: Annotated[datetime, typer.Option("--from", formats=DATES, help="UTC, inclusive.")],
    until: Annotated[
        datetime | None, typer.Option("--to", formats=DATES, help="UTC, exclusive; default: now.")
    ] = None,
    timeframe: TimeframeOption = "5m",
    symbol: Annotated[str, typer.Option(help="Default: as the service calls it.")] = "",
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Download candles from GeckoTerminal (or AUTOTRADER_CANDLES_URL); goes on where it stopped."""
    clock = SystemClock()
    span = (milliseconds(since), milliseconds(until) if until else clock.now())
    if span[0] >= span[1]:
        raise typer.BadParameter("must be before --to", param_hint="--from")
    with failing(), _bar("candles") as bar:
        task = bar.add_task(f"{address[:8]}… {timeframe}", total=None)

        def tell(told: downloading.Progress) -> None:
            bar.update(task, total=told.total, completed=told.done)
            if told.waiting:
                bar.console.print(f"waiting: {told.waiting}", markup=False)

        history = _history(data_dir)
        work = _download(history, address, timeframe, span, symbol=symbol, tell=tell)
        wanted, done = asyncio.run(work)
    text = (
        f"{wanted.symbol} {timeframe}: {done.added:,} candles are new, {done.pages} pages asked for"
    )
    if done.refused:
        text += f", {done.refused:,} rows were no candles"
    _say(text, asdict(wanted) | done._asdict(), as_json=as_json)


@candles.command("collect")
def collect_command(
    database_url: Annotated[str, typer.Option(help="Default: AUTOTRADER_DATABASE_URL.")] = "",
    data_dir: DataDir = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Add what the platform recorded: its candles, and its prices as candles of a second."""
    url = database_url or settings().database_url
    folder = data_dir or settings().data_dir
    with failing(), Console(stderr=True).status("collecting") as status:
        done = asyncio.run(_collect(url, folder, status.update))
    for one in done:
        text = f"{one.symbol} {one.timeframe}: {one.added:,} candles are new"
        if one.refused:
            text += f", {one.refused:,} were none"
        _say(text, one._asdict(), as_json=as_json)
    if not done and not as_json:
        typer.echo("nothing new was recorded")


@candles.command("delete")
def delete_candles(
    token: str,
    timeframe: TimeframeArgument,
    data_dir: DataDir = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Delete a token's candles of one timeframe."""
    with failing():
        _history(data_dir).delete(token, timeframe)
    fields = {"token": token, "timeframe": timeframe, "deleted": True}
    _say(f"{token} {timeframe} is deleted", fields, as_json=as_json)


async def _download(
    history: History,
    address: str,
    timeframe: str,
    span: tuple[int, int],
    *,
    symbol: str,
    tell: Callable[[downloading.Progress], None],
) -> tuple[downloading.Wanted, downloading.Downloaded]:
    clock = SystemClock()
    http = Http(clock)
    try:
        url = settings().candles_url
        source = GeckoCandles(http, clock, url) if url else GeckoCandles(http, clock)
        listing = await source.listing(address)
        if listing is None:
            raise HistoryError(f"the service knows {address} neither as a mint nor as a pool")
        wanted = downloading.Wanted(
            mint=listing.mint,
            pool=listing.pool,
            symbol=symbol or listing.symbol or listing.mint,
            timeframe=timeframe,
            since=span[0],
            until=span[1],
        )
        return wanted, await downloading.download(source, history, clock, wanted, tell)
    finally:
        await http.aclose()


async def _collect(url: str, folder: Path, progress: Callable[[str], None]) -> list[Collected]:
    database = await Database.open(url)
    try:
        now = SystemClock().now()
        return await collect(database, folder, shared_history(folder), now, progress)
    finally:
        await database.close()
