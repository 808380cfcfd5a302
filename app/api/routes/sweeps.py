"""Sweeps: many parameter sets over the same history, and how likely the best of them is luck.

As with backtests, pages follow the `progress` of a run by asking again each second.
"""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from app.api import researched, runlines
from app.api.adopting import setting_of_row, sweep_of
from app.api.deps import DEFAULT_PAGE, Cursor, Limit, Platform, RowId, SignedIn
from app.api.errors import invalid
from app.api.exports.runs import FILE, Kind, sets_file
from app.api.nouns import Noun, body_of
from app.api.once import Key
from app.api.requested import Requests, given
from app.api.researched import RunName
from app.api.routes.settings import put_settings
from app.api.shapes.research import AdoptRowIn, CreatedOut, RunOut, RunsOut, Sample, SweepOut
from app.api.shapes.settings import SettingOut
from app.api.wire import JSON
from app.research.jobs import row, unpack_sweep
from app.research.requests import MAX_COMBINATIONS, SweepRequest
from app.research.results import SweepRow
from app.research.sweep_report import sweep_report
from app.store.runs import adopt_run

router = Noun(route_class=Requests)
EXAMPLE = {
    "candles": {"source": "stored", "token": "BONK", "timeframe": "5m"},
    "entry": {"strategy": "sma_crossover", "params": {"fast": [5, 10, 20], "slow": [30, 50]}},
    "exit": {"stop_loss": [0.05, 0.1, 0.15], "trailing_stop": [0.1, 0.2]},
    "objective": "sharpe",
    "out_of_sample": 0.3,
}
SweepSort = Literal[
    "objective",
    "number",
    "net_pnl",
    "total_return",
    "win_rate",
    "profit_factor",
    "expectancy",
    "sqn",
    "max_drawdown",
    "sharpe",
    "sortino",
    "cagr",
    "calmar",
    "trades",
]


class Place(msgspec.Struct):
    """What a row is sorted by."""

    number: int
    inside: dict[str, float | None]
    outside: dict[str, float | None] | None


_place = msgspec.json.Decoder(Place).decode


@router.post(
    "", status_code=202, response_model=CreatedOut, openapi_extra=body_of(SweepRequest, EXAMPLE)
)
async def create_sweep(
    request: Request,
    parts: Platform,
    me: SignedIn,
    name: RunName = None,
    idempotency_key: Key = None,
) -> Response:
    """Ask for a sweep; it waits in the queue, and `Location` says where it will be.

    A field of `entry.params` and `exit` may be one value or a list of values to try.
    """
    return await researched.create(request, parts, me, "sweep", name=name, key=idempotency_key)


@router.get("", response_model=RunsOut)
async def list_sweeps(
    parts: Platform, me: SignedIn, limit: Limit = DEFAULT_PAGE, cursor: Cursor = None
) -> dict[str, object]:
    """List your sweeps, newest first."""
    return await researched.page_of(parts, me, "sweep", limit, cursor)


@router.get("/{run_id}", response_model=SweepOut)
async def get_sweep(
    parts: Platform,
    me: SignedIn,
    run_id: RowId,
    *,
    sort: Annotated[
        SweepSort, Query(description="`objective`: by what the sweep was asked for, best first.")
    ] = "objective",
    sample: Annotated[Sample, Query(description="Which figures are sorted by.")] = "inside",
    order: Literal["asc", "desc"] = "desc",
    limit: Annotated[int, Query(ge=1, le=MAX_COMBINATIONS, description="Rows at most.")] = 100,
) -> Response:
    """Show a sweep with a row of figures for each combination, or for the first so many.

    To follow a run, ask again each second until its `status` is `finished`, `failed` or
    `cancelled`; nothing is sent over the WebSocket.
    """
    line = await researched.line_of(parts, me, "sweep", run_id)
    top = researched.head_of(parts, line)
    if line.status != "finished":
        return Response(runlines.sweep(top, None, ()), media_type=JSON)
    packed = await researched.result_of(parts, line)

    def write() -> bytes:
        result, lines = unpack_sweep(packed)
        if sort != "objective":
            lines = arranged(lines, sort, sample, descending=order == "desc")
        elif order == "asc":
            lines.reverse()
        return runlines.sweep(top, result, lines[:limit])

    return Response(await asyncio.to_thread(write), media_type=JSON)


def arranged(lines: Sequence[bytes], sort: str, sample: str, *, descending: bool) -> list[bytes]:
    """Sort rows by a figure; those without it come last."""
    known: list[tuple[float, int]] = []
    rest: list[int] = []
    for number, line in enumerate(lines):
        place = _place(line)
        figures = place.inside if sample == "inside" else place.outside
        value = place.number if sort == "number" else (figures or {}).get(sort)
        if value is None:
            rest.append(number)
        else:
            known.append((-value if descending else value, number))
    return [lines[number] for number in (*(number for _, number in sorted(known)), *rest)]


@router.get("/{run_id}/report.html", response_class=Response, responses=researched.REPORT)
async def download_sweep_report(parts: Platform, me: SignedIn, run_id: RowId) -> Response:
    """Download a sweep as one HTML file to share.

    It has the best combinations in and out of the sample, a map of two parameters, and a word on
    luck; it needs no network.
    """
    line = await researched.line_of(parts, me, "sweep", run_id)
    packed = await researched.result_of(parts, line)

    def write() -> str:
        result, lines = unpack_sweep(packed)
        return sweep_report(researched.about(line), result, [row(one) for one in lines])

    return researched.report(await asyncio.to_thread(write), line)


@router.get("/{run_id}/sets.{kind}", response_class=Response, responses=FILE)
async def download_sweep_sets(parts: Platform, me: SignedIn, run_id: RowId, kind: Kind) -> Response:
    """Download every combination of a sweep with its figures, best first, as CSV or Parquet."""
    line = await researched.line_of(parts, me, "sweep", run_id)
    packed = await researched.result_of(parts, line)
    _, lines = await asyncio.to_thread(unpack_sweep, packed)
    return await sets_file(lines, f"sweep-{run_id}-sets.{kind}")


@router.delete("/{run_id}", status_code=204, response_model=None)
async def delete_sweep(parts: Platform, me: SignedIn, run_id: RowId) -> None:
    """Remove a sweep with all it came to; one that waits or runs is cancelled first."""
    await researched.delete(parts, me, "sweep", run_id)


@router.post("/{run_id}/cancel", response_model=RunOut)
async def cancel_sweep(parts: Platform, me: SignedIn, run_id: RowId) -> dict[str, object]:
    """Cancel a sweep that waits or runs; its row stays, and nothing else."""
    return await researched.cancel(parts, me, "sweep", run_id)


@router.post(
    "/{run_id}/adopt",
    response_model=SettingOut,
    response_model_exclude_unset=True,
    openapi_extra=body_of(AdoptRowIn, {"symbol": "BONK", "number": 17}),
)
async def adopt_combination(
    request: Request, parts: Platform, me: SignedIn, run_id: RowId
) -> dict[str, object]:
    """Make a combination of a sweep the wallet's settings for a symbol.

    It is an ordinary new version of these settings: the strategy with its parameters, exit plan,
    size and limits. A sweep without limits (`risk: null`) leaves the platform's limits in place.
    """
    line = await researched.line_of(parts, me, "sweep", run_id)
    asked = await given(AdoptRowIn, request)
    packed = await researched.result_of(parts, line)
    chosen = await asyncio.to_thread(find_row, packed, asked.number)
    if chosen is None:
        raise invalid("/number", "this sweep has no such combination")
    setting = setting_of_row(sweep_of(line.settings), chosen, parts.strategies)
    written = await put_settings(parts, me, asked.symbol, setting)
    await adopt_run(parts.journal, me.wallet_id, run_id, asked.symbol, parts.clock.now())
    return written


def find_row(packed: bytes, number: int) -> SweepRow | None:
    """Find a combination by its number; None when there is none."""
    _, lines = unpack_sweep(packed)
    return next((row(line) for line in lines if _place(line).number == number), None)
