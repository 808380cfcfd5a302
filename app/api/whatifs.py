"""What other exit plans would have made: questions read and answers written, in threads."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from starlette.responses import Response

from app.api.deps import to_ms
from app.api.errors import Problem, invalid, not_found, pointer
from app.api.shapes.what_if import PeriodWhatIfIn, PlansIn, WhatIfIn
from app.api.wire import JSON, encode, iso, iso_or_none, sol, tokens
from app.config import Settings
from app.research.led import Outcomes
from app.research.plan_grid import grid_of, plans_of
from app.research.results import SoldPart, Unfit
from app.research.seen_prices import TooManyPricesError, UnplayableError
from app.research.what_if import ManyTrades, OneTrade, Totals, WhatIf
from app.store.replays import PlayedFilter
from app.store.types import LARGEST, SMALLEST
from app.trading.fills import Costs
from app.trading.market import TIMEFRAMES
from app.trading.plans import ExitPlan

Written = dict[str, Any]


class Told(Protocol):
    """What a question is asked of."""

    what_if: WhatIf


def what_if(state: Any) -> WhatIf:
    """Make what answers, from the parts of a running platform."""
    given: Settings = state.settings
    costs = Costs(fees_bps=given.fees_bps, slippage_bps=given.slippage_bps)
    width = TIMEFRAMES[given.timeframe]
    return WhatIf(state.database, given.data_dir, costs, width, state.clock)


async def of_trade(parts: Told, wallet: int, number: int, body: WhatIfIn) -> Response:
    """Answer a question about one trade. Raises problems."""
    plans = await asyncio.to_thread(asked_plans, body)
    try:
        found = await parts.what_if.of_trade(wallet, number, plans, path=body.path)
    except UnplayableError as error:
        raise Problem(409, "no-prices", f"This trade cannot be led again: {error}.") from error
    except TooManyPricesError as error:
        raise Problem(
            409, "too-many-prices", f"This trade cannot be led again: {error}."
        ) from error
    if found is None:
        raise not_found()
    return Response(await asyncio.to_thread(one_trade, found), media_type=JSON)


async def of_wallet(parts: Told, wallet: int, body: PeriodWhatIfIn) -> Response:
    """Answer a question about the trades of a time. Raises problems."""
    plans = await asyncio.to_thread(asked_plans, body)
    since = SMALLEST if body.since is None else to_ms(body.since)
    until = LARGEST if body.until is None else to_ms(body.until)
    if since > until:
        raise invalid("/from", "must not be after `to`")
    wanted = PlayedFilter(since, until, body.token, body.strategy)
    try:
        found = await parts.what_if.of_wallet(wallet, wanted, plans)
    except Unfit as error:
        raise unfit(error) from error
    except TooManyPricesError as error:
        raise invalid("/from", str(error)) from error
    return Response(await asyncio.to_thread(many_trades, found), media_type=JSON)


def asked_plans(body: PlansIn) -> list[ExitPlan]:
    """Read the plans of a body. Raises a 422 problem that points at what does not fit."""
    try:
        if body.grid is not None:
            return grid_of(body.grid, ("grid",))
        if body.plans is not None:
            return plans_of(body.plans, ("plans",))
    except Unfit as error:
        raise unfit(error) from error
    return [body.plan or ExitPlan()]


def unfit(error: Unfit) -> Problem:
    """Say which field of a body does not fit."""
    return invalid(pointer(error.place), error.detail)


def one_trade(found: OneTrade) -> bytes:
    """Write a trade under its plans."""
    places = found.trade.decimals
    path = None
    if found.path is not None:
        times, prices = (column.tolist() for column in found.path)
        path = [
            {"time": time / 1000, "price": price}
            for time, price in dict(sorted(zip(times, prices, strict=True))).items()
        ]
    return encode(
        {
            "trade_id": found.trade.id,
            "recorded": _led([found.plan], found.recorded, places)[0],
            "plan_changes": found.plan_changes,
            "results": _led(found.asked.plans, found.outcomes, places),
            "seen_until": iso(found.seen_until),
            "path": path,
        }
    )


def _led(plans: Sequence[ExitPlan], outcomes: Outcomes, places: int) -> list[Written]:
    columns = (outcomes.pnl, outcomes.percent, outcomes.left, outcomes.exit_time)
    rows = zip(plans, *(column.tolist() for column in columns), outcomes.reason, strict=True)
    sold = outcomes.sold
    return [
        {
            "plan": _plan(plan),
            "pnl_sol": sol(pnl),
            "pnl_percent": percent,
            "exit_reason": reason,
            "exit_time": None if left else iso(time),
            "still_open": left > 0,
            "fills": [_fill(part, places) for part in sold[number]] if sold else None,
        }
        for number, (plan, pnl, percent, left, time, reason) in enumerate(rows)
    ]


def _plan(plan: ExitPlan) -> Mapping[str, object]:
    """Write a plan, without asking each field how: this is done thousands of times."""
    return vars(plan)


def _fill(part: SoldPart, places: int) -> Written:
    return {
        "time": iso(part.time),
        "price": part.price,
        "token_amount": tokens(part.units, places),
        "sol_amount": sol(part.lamports),
        "fee_sol": sol(part.fee),
        "reason": part.reason,
    }


def many_trades(found: ManyTrades) -> bytes:
    """Write the trades of a time under their plans."""
    compared = found.trades - len(found.skipped)
    really = _totals(found.recorded, compared)[0]
    plans = zip(found.asked.plans, _totals(found.totals, compared), strict=True)
    one = len(found.asked.plans) == 1
    return encode(
        {
            "recorded": really,
            "results": [
                {
                    "plan": _plan(plan),
                    **total,
                    "difference_sol": sol(pnl - int(found.recorded.pnl[0])),
                }
                for (plan, total), pnl in zip(plans, found.totals.pnl.tolist(), strict=True)
            ],
            "trades": [_each(*each) for each in found.each] if one else None,
            "skipped": [{"trade_id": number, "reason": reason} for number, reason in found.skipped],
        }
    )


def _totals(totals: Totals, trades: int) -> list[Written]:
    columns = (totals.pnl, totals.finished, totals.wins)
    return [
        {
            "trades": trades,
            "still_open": trades - finished,
            "pnl_sol": sol(pnl),
            "win_rate": wins / finished if finished else None,
        }
        for pnl, finished, wins in zip(*(column.tolist() for column in columns), strict=True)
    ]


def _each(trade: Any, led: Outcomes, really: Outcomes) -> Written:
    pnl, recorded = int(led.pnl[0]), int(really.pnl[0])
    open_still = bool(led.left[0])
    return {
        "trade_id": trade.id,
        "token": {"address": trade.mint, "symbol": trade.symbol},
        "entry_time": iso(trade.entry_time),
        "recorded_pnl_sol": sol(recorded),
        "pnl_sol": sol(pnl),
        "difference_sol": sol(pnl - recorded),
        "exit_reason": led.reason[0],
        "exit_time": iso_or_none(None if open_still else int(led.exit_time[0])),
        "still_open": open_still,
    }
