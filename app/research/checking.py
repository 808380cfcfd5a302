"""Whether a request can be run, found out before it waits in the queue."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError

from app.research.asked import Strategies, resolve_entries
from app.research.loading import Sources, load
from app.research.requests import BacktestRequest, SweepRequest
from app.research.results import Unfit
from app.research.space import Combination, Space
from app.research.sweep import cut_up

MOST_FAULTS = 20
OFTEN_ENOUGH = 1_000
"""Draws of a search at random of which one must be possible."""

SCALARS = frozenset({"float", "int", "bool", "str"})
"""How pydantic names alternatives of a plain value."""

NOTHING = object()

Place = tuple[str | int, ...]
R = TypeVar("R")


class Fault(NamedTuple):
    """A field at fault: the path of keys and indices to it, and what was expected."""

    place: Place
    detail: str


class Misfit(Exception):
    """A request that cannot be run; `faults` names the fields."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(map(sentence, faults)))
        self.faults = faults


def sentence(fault: Fault) -> str:
    """Write a fault in one line."""
    place = ".".join(map(str, fault.place))
    return f"{place}: {fault.detail}" if place else fault.detail


def check_backtest(value: Any, sources: Sources, strategies: Strategies) -> BacktestRequest:
    """Read a backtest and find its strategies and candles. Raises Misfit."""

    def find(request: BacktestRequest) -> None:
        resolved = resolve_entries(request, strategies)
        load(request, sources, max(strategy.lookback for _, strategy in resolved))

    return _checked(BacktestRequest.model_validate, value, find)


def check_sweep(value: Any, sources: Sources, strategies: Strategies) -> SweepRequest:
    """Read a sweep, find its candles and a combination that is possible. Raises Misfit."""

    def find(request: SweepRequest) -> None:
        space = Space(request, strategies)
        search = request.search
        draws = max(search.samples, OFTEN_ENOUGH)
        grid = search.method == "grid"
        first = _first(space, space.grid() if grid else space.draws(draws, search.seed))
        cut_up(request, load(request, sources, first.strategy.lookback))

    return _checked(SweepRequest.model_validate, value, find)


def _first(space: Space, wanted: Iterable[Mapping[str, Any]]) -> Combination:
    """Make the first combination that is possible. Raises Unfit when none is."""
    refused: Unfit | None = None
    for params in wanted:
        try:
            return space.make(params)
        except Unfit as unfit:
            refused = refused or unfit
    raise refused or Unfit((), "there is no combination to try")


def _checked(read: Callable[[Any], R], value: Any, find: Callable[[R], None]) -> R:
    try:
        request = read(value)
    except ValidationError as error:
        raise Misfit(faults_of(error, value)) from error
    try:
        find(request)
    except Unfit as unfit:
        raise Misfit([Fault(unfit.place, unfit.detail.removeprefix("Value error, "))]) from unfit
    return request


def faults_of(error: ValidationError, value: Any) -> list[Fault]:
    """Name the fields at fault, each once, by their places in what was given."""
    found: dict[Place, Fault] = {}
    for one in error.errors(include_url=False, include_input=False):
        place = _located(one["loc"], value)
        if place is not None:
            detail = one["msg"].removeprefix("Value error, ")
            found.setdefault(place, Fault(place, detail))
    return list(found.values())[:MOST_FAULTS] or [Fault((), "this is no request")]


def _located(loc: Iterable[str | int], value: Any) -> Place | None:
    """Drop the names of alternatives from a place; None for an alternative that was not meant."""
    place: list[str | int] = []
    for part in loc:
        inner = _inner(value, part)
        if inner is not NOTHING:
            value = inner
        elif part in SCALARS:
            continue
        elif isinstance(part, str) and ("[" in part or part.endswith("In")):
            if part.startswith("list[") != isinstance(value, list):
                return None
            continue
        place.append(part)
    return tuple(place)


def _inner(value: Any, part: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(part, NOTHING)
    if isinstance(value, list) and isinstance(part, int) and part < len(value):
        return value[part]
    return NOTHING
