"""Files of what runs came to: the trades of a backtest, the parameter sets of a sweep."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec
import polars as pl
from fastapi import Path
from starlette.responses import Response

from app.api import runlines
from app.api.exports.files import CSV, PARQUET, TIME, Frames, answer, frame
from app.api.wire import sol, sol_or_none, tokens
from app.research.jobs import row
from app.research.results import Backtest, RunTrade, Score, SweepRow, TokenRun

Kind = Annotated[Literal["csv", "parquet"], Path(description="In which format.")]
FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file.",
        "content": {
            CSV.partition(";")[0]: {"example": "number,token_address,symbol\n1,6XnC…,BONK\n"},
            PARQUET: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}
AT_ONCE = 5_000
TRADES = {
    "number": pl.Int64,
    "token_address": pl.String,
    "symbol": pl.String,
    "strategy": pl.String,
    "entry_time": TIME,
    "entry_price": pl.Float64,
    "quantity": pl.Float64,
    "sol_invested": pl.Float64,
    "fee_sol": pl.Float64,
    "exit_time": TIME,
    "exit_price": pl.Float64,
    "exit_reason": pl.String,
    "pnl_sol": pl.Float64,
    "pnl_percent": pl.Float64,
    "open_quantity": pl.Float64,
    "open_value_sol": pl.Float64,
}


async def trades_file(result: Backtest, name: str) -> Response:
    """Answer with the trades of a backtest, in its order."""
    return await answer(name, _trades(result))


async def _trades(result: Backtest) -> Frames:
    yield frame([], TRADES)
    for first in range(0, len(result.trades), AT_ONCE):
        part = result.trades[first : first + AT_ONCE]
        rows = [
            _trade(number, one, result.tokens[one.token])
            for number, one in enumerate(part, first + 1)
        ]
        yield frame(rows, TRADES)


def _trade(number: int, one: RunTrade, token: TokenRun) -> tuple[Any, ...]:
    return (
        number,
        token.token,
        token.symbol,
        one.strategy,
        one.entry_time,
        one.entry_price,
        tokens(one.units, token.decimals),
        sol(one.cost),
        sol(one.fee),
        one.exit_time,
        one.exit_price,
        one.exit_reason,
        sol_or_none(one.pnl),
        None if one.pnl is None else 100.0 * one.pnl / one.cost,
        tokens(one.left, token.decimals),
        sol(one.value),
    )


async def sets_file(lines: Sequence[bytes], name: str) -> Response:
    """Answer with the parameter sets of a sweep; what varies stands in columns of its own.

    A value that is no number is written as JSON.
    """
    return await answer(name, _sets(lines))


async def _sets(lines: Sequence[bytes]) -> Frames:
    varied = list(row(lines[0]).params) if lines else []
    schema = {
        "number": pl.Int64,
        **dict.fromkeys(varied, pl.String),
        **{f"{sample}_{name}": kind for sample in SAMPLES for name, kind in _figures().items()},
    }
    yield frame([], schema)
    for first in range(0, len(lines), AT_ONCE):
        rows = [_set(row(line), varied) for line in lines[first : first + AT_ONCE]]
        yield frame(rows, schema)


SAMPLES = ("inside", "outside")
COUNTS = {"trades", "open_trades", "wins", "losses"}


def _figures() -> dict[str, Any]:
    """Name the figures of a set as the wire does."""
    return {
        runlines.SCORES.get(name, (name,))[0]: pl.Int64 if name in COUNTS else pl.Float64
        for name in Score.__struct_fields__
    }


def _set(one: SweepRow, varied: Sequence[str]) -> tuple[Any, ...]:
    values = (msgspec.json.encode(one.params.get(name)).decode() for name in varied)
    return (one.number, *values, *_scored(one.inside), *_scored(one.outside))


def _scored(score: Score | None) -> list[Any]:
    found = []
    for name in Score.__struct_fields__:
        value = None if score is None else getattr(score, name)
        _, write = runlines.SCORES.get(name, (name, None))
        found.append(value if write is None or value is None else write(value))
    return found
