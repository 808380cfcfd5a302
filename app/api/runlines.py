"""Backtests and sweeps as the wire has them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
import numpy as np

from app.api import figures
from app.api.wire import encode, iso, iso_or_none, percent, sol, sol_or_none, tokens
from app.research.jobs import row as sweep_row
from app.research.results import Backtest, Fold, RunTrade, Score, Sweep, SweepRow, TokenRun
from app.store.runs import RunLine

Written = dict[str, Any]
DAY_SECONDS = 86_400

SCORES: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "net_pnl": ("net_pnl_sol", sol),
    "volume": ("volume_sol", sol),
    "expectancy": ("expectancy_sol", sol_or_none),
    "total_return": ("total_return_percent", percent),
    "max_drawdown": ("max_drawdown_percent", percent),
    "cagr": ("cagr_percent", percent),
}
"""Figures of a combination whose name or unit is another on the wire."""


def head(line: RunLine, progress: float | None = None) -> Written:
    """Write how a run stands; `progress` when it is known better than the record does."""
    error = {"detail": line.error, "pointer": line.error_pointer} if line.error else None
    return {
        "id": line.id,
        "name": line.name,
        "status": line.status,
        "progress": progress if progress is not None else _progress(line),
        "created_at": iso(line.created_at),
        "started_at": iso_or_none(line.started_at),
        "finished_at": iso_or_none(line.finished_at),
        "seconds": line.seconds,
        "error": error,
        "request": msgspec.json.decode(line.settings),
        "code_version": line.code_version,
        "code_digest": line.code_digest,
        "data_hash": line.data_hash,
        "adopted_at": iso_or_none(line.adopted_at),
        "adopted_symbol": line.adopted_symbol,
        "summary": None if line.summary is None else _summary(msgspec.json.decode(line.summary)),
    }


def _progress(line: RunLine) -> float:
    return 1.0 if line.status == "finished" else line.progress


def _summary(raw: Written) -> Written:
    shown = raw["figures"]
    written = {figures.shown(name): figures.value_of(name, shown[name]) for name in shown or ()}
    return {
        "tokens": raw["tokens"],
        "candles": raw["candles"],
        "figures": written or None,
        "combinations": raw.get("combinations"),
        "best": raw.get("best"),
    }


def used(token: TokenRun) -> Written:
    """Write which candles of a token were used."""
    return {
        "token": {"address": token.token, "symbol": token.symbol},
        "decimals": token.decimals,
        "timeframe": token.timeframe,
        "candles": token.candles,
        "first": iso(token.first),
        "last": iso(token.last),
        "gaps": token.gaps,
        "data_hash": token.data_hash,
    }


def trade(one: RunTrade, token: TokenRun) -> Written:
    """Write a trade."""
    places = token.decimals
    return {
        "token": {"address": token.token, "symbol": token.symbol},
        "strategy": one.strategy,
        "entry_time": iso(one.entry_time),
        "entry_price": one.entry_price,
        "quantity": tokens(one.units, places),
        "sol_invested": sol(one.cost),
        "fee_sol": sol(one.fee),
        "fills": [
            {
                "time": iso(part.time),
                "price": part.price,
                "quantity": tokens(part.units, places),
                "sol": sol(part.lamports),
                "fee_sol": sol(part.fee),
                "reason": part.reason,
            }
            for part in one.sold
        ],
        "exit_time": iso_or_none(one.exit_time),
        "exit_price": one.exit_price,
        "exit_reason": one.exit_reason,
        "pnl_sol": sol_or_none(one.pnl),
        "pnl_percent": None if one.pnl is None else 100.0 * one.pnl / one.cost,
        "open_quantity": tokens(one.left, places),
        "open_value_sol": sol(one.value),
    }


def pace(candles: int, seconds: float) -> float | None:
    """Say how many candles went by in a second."""
    return candles / seconds if seconds > 0 else None


def backtest(top: Written, result: Backtest | None) -> bytes:
    """Write a backtest; what it came to is left empty until there is a result."""
    if result is None:
        return encode({**top, **NO_BACKTEST})
    body = {
        **top,
        "seconds": result.seconds,
        "tokens": [used(token) for token in result.tokens],
        "equity": [
            (at // 1000, sol(value))
            for at, value in zip(result.equity_time, result.equity, strict=True)
        ],
        "statistics": figures.overall(result.statistics),
        "refusals": result.refusals,
        "driver": result.driver,
        "candles": result.candles,
        "candles_per_second": pace(result.candles, result.seconds),
    }
    trades = (encode(trade(one, result.tokens[one.token])) for one in result.trades)
    return joined(encode(body), "trades", trades)


NO_BACKTEST: Written = {
    "tokens": [],
    "trades": [],
    "equity": [],
    "statistics": None,
    "refusals": {},
    "driver": None,
    "candles": None,
    "candles_per_second": None,
}


def joined(body: bytes, name: str, items: Iterable[bytes]) -> bytes:
    """Put a list of JSON texts into a JSON object, under a name it does not have yet."""
    return body[:-1] + b"," + encode(name) + b":[" + b",".join(items) + b"]}"


def score(one: Score) -> Written:
    """Write the figures of a combination."""
    written: Written = {}
    for field in Score.__struct_fields__:
        name, convert = SCORES.get(field, (field, _same))
        written[name] = convert(getattr(one, field))
    return written


def _same(value: Any) -> Any:
    return value


def row(one: SweepRow) -> Written:
    """Write a combination."""
    return {
        "number": one.number,
        "params": one.params,
        "inside": score(one.inside),
        "outside": None if one.outside is None else score(one.outside),
    }


def fold(one: Fold, objective: str) -> Written:
    """Write a step of a walk forward; the objective in its unit on the wire."""
    _, convert = SCORES.get(objective, (objective, _same))
    return {
        "since": iso(one.since),
        "until": iso(one.until),
        "chosen": one.chosen,
        "inside": None if one.inside is None else convert(one.inside),
        "outside": None if one.outside is None else convert(one.outside),
    }


def sweep(top: Written, result: Sweep | None, lines: Sequence[bytes]) -> bytes:
    """Write a sweep with the rows that are wanted."""
    if result is None:
        return encode({**top, **NO_SWEEP})
    body = {
        **top,
        "seconds": result.seconds,
        "tokens": [used(token) for token in result.tokens],
        "objective": result.objective,
        "varied": result.varied,
        "combinations": result.combinations,
        "impossible": result.impossible,
        "split": iso_or_none(result.split),
        "folds": [fold(one, result.objective) for one in result.folds],
        "luck": msgspec.to_builtins(result.luck),
        "candles": result.candles,
        "candles_per_second": pace(result.candles * result.combinations, result.seconds),
    }
    return joined(encode(body), "rows", (encode(row(sweep_row(line))) for line in lines))


NO_SWEEP: Written = {
    "tokens": [],
    "objective": None,
    "varied": [],
    "rows": [],
    "combinations": None,
    "impossible": None,
    "split": None,
    "folds": [],
    "luck": None,
    "candles": None,
    "candles_per_second": None,
}


def compared(tops: Sequence[Written], results: Sequence[Backtest]) -> Written:
    """Write backtests side by side, their equity at the end of each UTC day."""
    marked = [one for one in results if one.equity_time]
    first = min((one.equity_time[0] for one in marked), default=0) // 1000 // DAY_SECONDS
    last = max((one.equity_time[-1] for one in marked), default=-1) // 1000 // DAY_SECONDS
    ends = np.arange(first + 1, last + 2, dtype=np.int64) * DAY_SECONDS
    items = [
        {
            **top,
            "statistics": figures.overall(result.statistics),
            "equity": at_ends(result, ends),
        }
        for top, result in zip(tops, results, strict=True)
    ]
    return {"items": items, "days": ends.tolist()}


def at_ends(result: Backtest, ends: Any) -> list[float | None]:
    """Find equity at the ends of days, in SOL; None before it began and after it ended."""
    if not result.equity_time:
        return [None] * len(ends)
    places = np.searchsorted(result.equity_time, ends * 1000, side="right") - 1
    over = (result.equity_time[-1] // 1000 // DAY_SECONDS + 1) * DAY_SECONDS
    return [
        sol(result.equity[place]) if place >= 0 and end <= over else None
        for place, end in zip(places.tolist(), ends.tolist(), strict=True)
    ]
