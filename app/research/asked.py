"""The strategies that a request names, made with their parameters."""

from collections.abc import Mapping

from pydantic import ValidationError

from app.research.requests import BacktestRequest, EntryIn
from app.research.results import Unfit
from app.trading.entry import (
    EntryStrategy,
    UnknownStrategyError,
    UnknownTemplateError,
    find_name,
    resolve,
)

Strategies = Mapping[str, type[EntryStrategy]]
Place = tuple[str | int, ...]


def resolve_entries(
    request: BacktestRequest, strategies: Strategies
) -> list[tuple[str, EntryStrategy]]:
    """Make the strategies of a request, with their names. Raises Unfit."""
    many = isinstance(request.entry, list)
    found = []
    for number, entry in enumerate(request.entries):
        place: Place = ("entry", number) if many else ("entry",)
        found.append((find(entry, strategies, place), resolve_entry(entry, strategies, place)))
    names = [name for name, _ in found]
    if len(set(names)) != len(names):
        raise Unfit(("entry",), f"each strategy may stand once, got {', '.join(names)}")
    return found


def find(entry: EntryIn, strategies: Strategies, place: Place) -> str:
    """Look up a strategy's one name. Raises Unfit."""
    try:
        return find_name(strategies, entry.strategy)
    except UnknownStrategyError as error:
        raise Unfit((*place, "strategy"), str(error)) from error


def resolve_entry(entry: EntryIn, strategies: Strategies, place: Place) -> EntryStrategy:
    """Make a strategy with its parameters. Raises Unfit, which names the parameter at fault."""
    try:
        return resolve(strategies, entry.strategy, entry.template, entry.params)
    except UnknownTemplateError as error:
        raise Unfit((*place, "template"), str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = tuple(str(part) for part in first["loc"])
        raise Unfit((*place, "params", *where), first["msg"]) from error
