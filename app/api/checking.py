"""Judges the request of a backtest or a sweep: strict JSON, its shape, and whether it can be run.

Small ones are judged by the platform's process. Candles in a request can make it large: those are
judged in a process of their own (`checker`), because reading millions of numbers would keep the
live engine waiting.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from app.api import bodies
from app.research.checking import Misfit, check_backtest, check_sweep
from app.research.jobs import Checked, Faulty
from app.research.loading import Sources
from app.trading.entry import EntryStrategy

Strategies = Mapping[str, type[EntryStrategy]]
CHECKS: Mapping[str, Callable[[Any, Sources, Strategies], object]] = {
    "backtest": check_backtest,
    "sweep": check_sweep,
}


def check(kind: str, body: bytes, sources: Sources, strategies: Strategies) -> Checked | Faulty:
    """Judge a request of a kind."""
    try:
        value = bodies.read(body.decode())
    except UnicodeDecodeError:
        return Faulty(faults=[([], "the body is not UTF-8")])
    except ValueError as error:
        return Faulty(faults=[([], f"the body cannot be read: {error}")])
    try:
        CHECKS[kind](value, sources, strategies)
    except Misfit as misfit:
        return Faulty(faults=[(list(one.place), one.detail) for one in misfit.faults])
    return Checked(settings=msgspec.json.encode(without_rows(value)).decode())


def without_rows(value: dict[str, Any]) -> dict[str, Any]:
    """Leave the candles out of a request that was checked."""
    candles = value["candles"]
    some = candles if isinstance(candles, list) else [candles]
    kept = [{key: one for key, one in part.items() if key != "rows"} for part in some]
    return {**value, "candles": kept if isinstance(candles, list) else kept[0]}
