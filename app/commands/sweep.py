"""`python -m app sweep`."""

import sys
from typing import Annotated

import typer

from app import strategies
from app.api import runlines
from app.commands.backtest import (
    AsJson,
    BasisPoints,
    Costs,
    DataDir,
    Decimals,
    Limits,
    Money,
    PricePath,
    Report,
    RequestFile,
    Share,
    Since,
    Strategy,
    Template,
    Timeframe,
    Tokens,
    Until,
    about,
    failing,
    folder,
    line_of,
    option,
    progress,
    save,
    show,
)
from app.research import typed
from app.research.checking import check_sweep
from app.research.jobs import pack, unpack_sweep
from app.research.loading import Sources
from app.research.outline import headline, luck, scores
from app.research.sweep import run_sweep
from app.research.sweep_report import sweep_report

cli = typer.Typer()

Varying = Annotated[
    list[str] | None,
    option("--param", words="Values of a parameter: fast=5,10,20, or a range: fast=5:50:5."),
]
Exits = Annotated[
    list[str] | None, option("--exit", words="Values of the exit plan: stop_loss=0.05,0.1.")
]
Method = Annotated[str | None, option(words="grid, random or optuna.")]
Samples = Annotated[int | None, option(words="Combinations of random search and optuna.")]
Seed = Annotated[int | None, option(words="Of random search and optuna.")]
Objective = Annotated[str | None, option(words="net_pnl, sharpe, calmar, …; default net_pnl.")]
Outside = Annotated[float | None, option(words="Share of the history that chooses nothing.")]
Folds = Annotated[int | None, option(words="Folds of a walk forward.")]
Rows = Annotated[int, option(words="Combinations that are shown.", min=1)]
HEADS = ("#P&L", "#Sharpe", "#Drawdown", "#Trades")


@cli.command(name="sweep")
def sweep_command(
    *,
    request: RequestFile = None,
    token: Tokens = None,
    timeframe: Timeframe = None,
    since: Since = None,
    until: Until = None,
    strategy: Strategy = None,
    template: Template = None,
    param: Varying = None,
    exits: Exits = None,
    method: Method = None,
    samples: Samples = None,
    seed: Seed = None,
    objective: Objective = None,
    out_of_sample: Outside = None,
    walk_forward: Folds = None,
    initial_sol: Money = None,
    risk_per_trade: Share = None,
    risk: Limits = None,
    preset: Costs = None,
    fees_bps: BasisPoints = None,
    slippage_bps: BasisPoints = None,
    price_path: PricePath = None,
    decimals: Decimals = None,
    data_dir: DataDir = None,
    rows: Rows = 20,
    as_json: AsJson = False,
    report: Report = None,
) -> None:
    """Try many parameter sets on the same history; exit 2 for what cannot be run."""
    money = typed.kept(initial_sol=initial_sol, risk_per_trade=risk_per_trade, decimals=decimals)
    costs = typed.kept(preset=preset, fees_bps=fees_bps, slippage_bps=slippage_bps)
    how = typed.kept(price_path=price_path, objective=objective, walk_forward=walk_forward)
    with failing():
        value = typed.request_in(request)
        typed.with_candles(value, token, timeframe, (since, until))
        params = typed.pairs(param, "--param", varying=True)
        entry = typed.kept(strategy=strategy, template=template)
        typed.into(value, "entry", entry | ({"params": params} if params else {}))
        typed.into(value, "exit", typed.pairs(exits, "--exit", varying=True))
        typed.into(value, "search", typed.kept(method=method, samples=samples, seed=seed))
        value |= money | costs | how | typed.limits(risk)
        value |= typed.kept(out_of_sample=out_of_sample)
        sources = Sources(folder(data_dir))
        asked = check_sweep(value, sources, strategies.load())
        with progress("sweep") as tell:
            result = run_sweep(asked, sources, tell)
        line = line_of("sweep", value, result)
        if report is not None:
            save(report, sweep_report(about(line), result, result.rows))
    if as_json:
        written = runlines.sweep(runlines.head(line), *unpack_sweep(pack(result)))
        sys.stdout.write(written.decode() + "\n")
        return
    typer.echo(headline(result.tokens, result.candles * result.combinations, result.seconds))
    inside, outside = ([f"#{when} {head[1:]}" for head in HEADS] for when in ("In", "Out"))
    varied = [path.partition(".")[2] for path in result.varied]
    show(("#No.", *varied, *inside, *outside), scores(result, result.rows[:rows]))
    show(("How likely is luck", "#Value", "What it is"), luck(result))
