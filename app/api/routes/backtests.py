"""Backtests: what one wallet would have made of history.

A run waits in a queue and is computed by a process of its own; pages follow its `progress` by
asking again each second.
"""

import asyncio
from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from app.api import researched, runlines
from app.api.adopting import backtest_of, setting_of
from app.api.deps import DEFAULT_PAGE, Cursor, Limit, Platform, RowId, SignedIn
from app.api.errors import invalid
from app.api.exports.runs import FILE, Kind, trades_file
from app.api.nouns import Noun, body_of
from app.api.once import Key
from app.api.requested import Requests, given
from app.api.researched import RunName
from app.api.routes.settings import put_settings
from app.api.shapes.research import AdoptIn, BacktestOut, ComparedOut, CreatedOut, RunOut, RunsOut
from app.api.shapes.settings import SettingOut
from app.api.wire import JSON, encoded
from app.research.jobs import unpack_backtest
from app.research.report import backtest_report
from app.research.requests import BacktestRequest
from app.store.runs import adopt_run

router = Noun(route_class=Requests)
EXAMPLE = {
    "candles": {"source": "stored", "token": "BONK", "timeframe": "5m"},
    "entry": {"strategy": "sma_crossover", "params": {"fast": 10, "slow": 21}},
    "exit": {"stop_loss": 0.15, "trailing_stop": 0.2, "take_profit": [[0.3, 0.33], [0.75, 0.33]]},
    "initial_sol": 10,
    "risk_per_trade": 0.02,
    "preset": "jupiter",
    "price_path": "ohlc",
}


@router.post(
    "",
    status_code=202,
    response_model=CreatedOut,
    openapi_extra=body_of(BacktestRequest, EXAMPLE),
)
async def create_backtest(
    request: Request,
    parts: Platform,
    me: SignedIn,
    name: RunName = None,
    idempotency_key: Key = None,
) -> Response:
    """Ask for a backtest; it waits in the queue, and `Location` says where it will be.

    The body is judged before that: 422 points at what cannot be run. At most 20 runs of a wallet
    wait at once.
    """
    return await researched.create(request, parts, me, "backtest", name=name, key=idempotency_key)


@router.get("", response_model=RunsOut)
async def list_backtests(
    parts: Platform, me: SignedIn, limit: Limit = DEFAULT_PAGE, cursor: Cursor = None
) -> dict[str, object]:
    """List your backtests, newest first."""
    return await researched.page_of(parts, me, "backtest", limit, cursor)


@router.get(
    "/compare",
    response_model=ComparedOut,
    responses={404: {"description": "One of them is not there, or not yours: the same answer."}},
)
async def compare_backtests(
    parts: Platform,
    me: SignedIn,
    ids: Annotated[
        str,
        Query(
            pattern=r"^\d{1,16}(,\d{1,16}){0,3}$",
            description="Up to four, with commas between them.",
            examples=["17,18"],
        ),
    ],
) -> Response:
    """Show finished backtests side by side, their equity at the end of each UTC day."""
    numbers = [int(one) for one in ids.split(",")]
    if len(set(numbers)) < len(numbers):
        raise invalid("/ids", "each run may stand once", "query")
    lines = [await researched.line_of(parts, me, "backtest", number) for number in numbers]
    packed = [await researched.result_of(parts, line) for line in lines]
    tops = [researched.head_of(parts, line) for line in lines]

    def compare() -> dict[str, object]:
        return runlines.compared(tops, [unpack_backtest(one) for one in packed])

    return encoded(await asyncio.to_thread(compare))


@router.get("/{run_id}", response_model=BacktestOut)
async def get_backtest(parts: Platform, me: SignedIn, run_id: RowId) -> Response:
    """Show a backtest: how it stands, and once it is finished what it came to.

    To follow a run, ask again each second until its `status` is `finished`, `failed` or
    `cancelled`; nothing is sent over the WebSocket.
    """
    line = await researched.line_of(parts, me, "backtest", run_id)
    top = researched.head_of(parts, line)
    if line.status != "finished":
        return Response(runlines.backtest(top, None), media_type=JSON)
    packed = await researched.result_of(parts, line)
    body = await asyncio.to_thread(lambda: runlines.backtest(top, unpack_backtest(packed)))
    return Response(body, media_type=JSON)


@router.get("/{run_id}/report.html", response_class=Response, responses=researched.REPORT)
async def download_backtest_report(parts: Platform, me: SignedIn, run_id: RowId) -> Response:
    """Download a backtest as one HTML file to share.

    It has the figures with their definitions, curves, trades and settings, and needs no network.
    """
    line = await researched.line_of(parts, me, "backtest", run_id)
    packed = await researched.result_of(parts, line)

    def write() -> str:
        return backtest_report(researched.about(line), unpack_backtest(packed))

    return researched.report(await asyncio.to_thread(write), line)


@router.get("/{run_id}/trades.{kind}", response_class=Response, responses=FILE)
async def download_backtest_trades(
    parts: Platform, me: SignedIn, run_id: RowId, kind: Kind
) -> Response:
    """Download the trades of a backtest as CSV or Parquet."""
    line = await researched.line_of(parts, me, "backtest", run_id)
    packed = await researched.result_of(parts, line)
    result = await asyncio.to_thread(unpack_backtest, packed)
    return await trades_file(result, f"backtest-{run_id}-trades.{kind}")


@router.delete("/{run_id}", status_code=204, response_model=None)
async def delete_backtest(parts: Platform, me: SignedIn, run_id: RowId) -> None:
    """Remove a backtest with all it came to; one that waits or runs is cancelled first."""
    await researched.delete(parts, me, "backtest", run_id)


@router.post("/{run_id}/cancel", response_model=RunOut)
async def cancel_backtest(parts: Platform, me: SignedIn, run_id: RowId) -> dict[str, object]:
    """Cancel a backtest that waits or runs; its row stays, and nothing else."""
    return await researched.cancel(parts, me, "backtest", run_id)


@router.post(
    "/{run_id}/adopt",
    response_model=SettingOut,
    response_model_exclude_unset=True,
    openapi_extra=body_of(AdoptIn, {"symbol": "BONK"}),
)
async def adopt_backtest(
    request: Request, parts: Platform, me: SignedIn, run_id: RowId
) -> dict[str, object]:
    """Make what a backtest was run with the wallet's settings for a symbol.

    It is an ordinary new version of these settings: strategies with their parameters, exit plan,
    size and limits. A run without limits (`risk: null`) leaves the platform's limits in place.
    """
    line = await researched.line_of(parts, me, "backtest", run_id)
    asked = await given(AdoptIn, request)
    setting = setting_of(backtest_of(line.settings), parts.strategies)
    written = await put_settings(parts, me, asked.symbol, setting)
    now = parts.clock.now()
    await adopt_run(parts.journal, me.wallet_id, run_id, asked.symbol, now)
    return written
