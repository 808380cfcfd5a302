"""`python -m app backtest`."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from app import strategies
from app.api import runlines
from app.api.checking import without_rows
from app.commands import settings
from app.research import typed
from app.research.backtest import run_backtest
from app.research.checking import Fault, Misfit, check_backtest, sentence
from app.research.code import code_digest, code_version
from app.research.loading import Sources
from app.research.outline import headline, statistics
from app.research.report import backtest_report
from app.research.report_about import About
from app.research.results import Backtest, Sweep, Tell, Unfit
from app.research.summary import summary_of
from app.research.worker import data_hash_of
from app.store.runs import RunLine

PIPED_WIDTH = 200

cli = typer.Typer()

DATES = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"]
STEPS = 1_000


def option(*names: str, words: str, **more: Any) -> Any:
    """Describe an option."""
    return typer.Option(*names, help=words, **more)


RequestFile = Annotated[
    Path | None, option("--request", words="The API's request as JSON; options win over it.")
]
Tokens = Annotated[list[str] | None, option("--token", words="A stored token, or several.")]
Timeframe = Annotated[str | None, option(words="1s, 1m, 5m, 15m, 1h, 4h or 1d.")]
Since = Annotated[datetime | None, option("--from", words="First candle, UTC.", formats=DATES)]
Until = Annotated[datetime | None, option("--to", words="Exclusive end, UTC.", formats=DATES)]
Strategy = Annotated[str | None, option(words="An entry strategy, by name or alias.")]
Template = Annotated[str | None, option(words="A template of the strategy.")]
Param = Annotated[list[str] | None, option("--param", words="A parameter of it, as fast=10.")]
StopLoss = Annotated[float | None, option(words="0.15 sells all 15 % below the entry.")]
Trailing = Annotated[str | None, option(words="0.2 sells all 20 % below the peak; or none.")]
Tiers = Annotated[str | None, option(words="gain:portion, as 0.3:0.33,0.75:0.33; or none.")]
Holding = Annotated[int | None, option(words="Candles after which all is sold.")]
Money = Annotated[float | None, option(words="SOL at the start; default 10.")]
Share = Annotated[float | None, option(words="Share of equity that a trade spends.")]
Limits = Annotated[
    list[str] | None,
    option("--risk", words="A limit, as max_open_positions=3; `defaults` for all of them."),
]
Costs = Annotated[str | None, option(words="none, jupiter or jupiter_new_token.")]
BasisPoints = Annotated[int | None, option(words="Basis points of each swap.")]
PricePath = Annotated[str | None, option(words="close or ohlc.")]
Decimals = Annotated[int | None, option(words="Decimals of the tokens; default 6.")]
DataDir = Annotated[Path | None, option(words="Default: AUTOTRADER_DATA_DIR.")]
AsJson = Annotated[bool, option("--json", words="Print the API's result as JSON.")]
Report = Annotated[Path | None, option(words="Write an HTML report to this file.")]


@cli.command(name="backtest")
def backtest_command(
    *,
    request: RequestFile = None,
    token: Tokens = None,
    timeframe: Timeframe = None,
    since: Since = None,
    until: Until = None,
    strategy: Strategy = None,
    template: Template = None,
    param: Param = None,
    stop_loss: StopLoss = None,
    trailing_stop: Trailing = None,
    take_profit: Tiers = None,
    max_holding_candles: Holding = None,
    initial_sol: Money = None,
    risk_per_trade: Share = None,
    risk: Limits = None,
    preset: Costs = None,
    fees_bps: BasisPoints = None,
    slippage_bps: BasisPoints = None,
    price_path: PricePath = None,
    decimals: Decimals = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
    report: Report = None,
) -> None:
    """Show what one wallet would have made of history; exit 2 for what cannot be run."""
    money = typed.kept(initial_sol=initial_sol, risk_per_trade=risk_per_trade, decimals=decimals)
    costs = typed.kept(preset=preset, fees_bps=fees_bps, slippage_bps=slippage_bps)
    plan = typed.kept(stop_loss=stop_loss, max_holding_candles=max_holding_candles)
    with failing():
        value = typed.request_in(request)
        typed.with_candles(value, token, timeframe, (since, until))
        params = typed.pairs(param, "--param")
        entry = typed.kept(strategy=strategy, template=template)
        typed.into(value, "entry", entry | ({"params": params} if params else {}))
        plan |= {} if trailing_stop is None else {"trailing_stop": typed.plain(trailing_stop)}
        typed.into(value, "exit", plan | typed.tiers(take_profit))
        value |= money | costs | typed.kept(price_path=price_path) | typed.limits(risk)
        sources = Sources(folder(data_dir))
        asked = check_backtest(value, sources, strategies.load())
        with progress("backtest") as tell:
            result = run_backtest(asked, sources, tell)
        line = line_of("backtest", value, result)
        if report is not None:
            save(report, backtest_report(about(line), result))
    if as_json:
        sys.stdout.write(runlines.backtest(runlines.head(line), result).decode() + "\n")
        return
    typer.echo(headline(result.tokens, result.candles, result.seconds))
    show(("Figure", "#Value", "95 % interval, or why there is none"), statistics(result))
    for limit, many in sorted(result.refusals.items()):
        typer.echo(f"{many:,} confirmed entries were forbidden by {limit}")


@contextmanager
def failing() -> Iterator[None]:
    """Say what cannot be run, a line each, and exit 2; Ctrl-C exits 130."""
    try:
        yield
    except Misfit as misfit:
        for fault in misfit.faults:
            typer.echo(sentence(fault), err=True)
        raise typer.Exit(2) from misfit
    except Unfit as unfit:
        typer.echo(sentence(Fault(unfit.place, unfit.detail)), err=True)
        raise typer.Exit(2) from unfit
    except KeyboardInterrupt as interrupt:
        typer.echo("cancelled; nothing is kept", err=True)
        raise typer.Exit(130) from interrupt


@contextmanager
def progress(what: str) -> Iterator[Tell]:
    """Show how far a run is, on standard error."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=STEPS)
        tell: Callable[[float], None] = lambda share: bar.update(task, completed=share * STEPS)  # noqa: E731
        yield tell


def folder(data_dir: Path | None) -> Path:
    """Find the data folder."""
    return data_dir or settings().data_dir


def line_of(kind: str, value: dict[str, Any], result: Backtest | Sweep) -> RunLine:
    """Describe a run that nobody keeps as if it were kept, under number 0."""
    now = int(time.time() * 1_000)
    ended = {"created_at": now, "started_at": now, "finished_at": now, "status": "finished"}
    fields: dict[str, Any] = {
        **dict.fromkeys(RunLine._fields),
        **dict.fromkeys(("id", "wallet_id", "size"), 0),
        **ended,
        "kind": kind,
        "progress": 1.0,
        "settings": msgspec.json.encode(without_rows(value)).decode(),
        "summary": msgspec.json.encode(summary_of(result)).decode(),
        "code_version": code_version(),
        "code_digest": code_digest(),
        "data_hash": data_hash_of(result),
        "seconds": result.seconds,
    }
    return RunLine(**fields)


def about(line: RunLine) -> About:
    """Say of a run what its report says besides the result."""
    return About(
        name=line.name,
        settings=msgspec.json.decode(line.settings),
        code_version=line.code_version,
        code_digest=line.code_digest,
        data_hash=line.data_hash,
        finished_at=line.finished_at,
    )


def save(file: Path, text: str) -> None:
    """Write a report. Raises Misfit when that is not possible."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise typed.fault("--report", f"{file} cannot be written: {error.strerror}") from error


def show(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table; a head that begins with # is of numbers."""
    table = Table()
    for head in heads:
        right = head.startswith("#")
        table.add_column(escape(head.removeprefix("#")), justify="right" if right else "left")
    for row in rows:
        table.add_row(*map(escape, row))
    # Where nobody sees an edge, no column is cut.
    Console(width=None if Console().is_terminal else PIPED_WIDTH).print(table)
