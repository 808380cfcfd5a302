"""What a sweep tries: the values of each parameter, and the combinations of them.

A parameter is one value, a list of values, or a range `{"min": a, "max": b, "step": s}`. A grid
takes every combination; random search draws some, also from ranges without a step.
"""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from pydantic import ValidationError

from app.research.asked import Strategies
from app.research.requests import MAX_COMBINATIONS, SweepRequest
from app.research.results import Tell, Unfit
from app.trading.entry import (
    EntryStrategy,
    UnknownStrategyError,
    UnknownTemplateError,
    find_name,
    resolve,
)
from app.trading.plans import ExitPlan

RANGE = frozenset({"min", "max", "step"})
TIERS_DEPTH = 2
TOLD_EVERY = 500
MOST_TRIES = 50
"""How often a draw is repeated, on average, before the space counts as too small."""


@dataclass(frozen=True, slots=True)
class Values:
    """What a parameter may be: a list of values, or numbers from `low` to `high`."""

    listed: tuple[Any, ...] = ()
    low: float = 0.0
    high: float = 0.0
    whole: bool = False

    def draw(self, rng: np.random.Generator) -> Any:
        """Draw one value."""
        if self.listed:
            return self.listed[int(rng.integers(len(self.listed)))]
        if self.whole:
            return int(rng.integers(int(self.low), int(self.high) + 1))
        return float(rng.uniform(self.low, self.high))


class Combination(NamedTuple):
    """One of them: what varies by its path, and the strategy and plan that it makes."""

    params: dict[str, Any]
    strategy: EntryStrategy
    exit: ExitPlan


class Space:
    """The parameters of a sweep; `values` holds what varies, by its path."""

    def __init__(
        self, request: SweepRequest, strategies: Mapping[str, type[EntryStrategy]]
    ) -> None:
        self._request = request
        self._strategies = strategies
        self.name = _known(request, strategies)
        self.fixed: dict[str, Any] = {}
        self.values: dict[str, Values] = {}
        for key, given in request.entry.params.items():
            self._add("entry", key, given, varies=isinstance(given, (list, dict)))
        for key, given in request.exit.items():
            if key not in ExitPlan.model_fields:
                known = ", ".join(ExitPlan.model_fields)
                raise Unfit(("exit", key), f"an exit plan has no such field, only {known}")
            self._add("exit", key, given, varies=_varies(key, given))

    def _add(self, part: str, key: str, given: Any, *, varies: bool) -> None:
        path = f"{part}.{key}"
        if varies:
            self.values[path] = _values(given, (part, key))
        else:
            self.fixed[path] = given

    def make(self, params: Mapping[str, Any]) -> Combination:
        """Make the combination of some values. Raises Unfit when it is impossible."""
        chosen = {**self.fixed, **params}
        entry = {k.removeprefix("entry."): v for k, v in chosen.items() if k.startswith("entry.")}
        plan = {k.removeprefix("exit."): v for k, v in chosen.items() if k.startswith("exit.")}
        try:
            strategy = resolve(self._strategies, self.name, self._request.entry.template, entry)
        except UnknownTemplateError as error:
            raise Unfit(("entry", "template"), str(error)) from error
        except ValidationError as error:
            raise _unfit(("entry", "params"), error) from error
        try:
            return Combination(dict(params), strategy, ExitPlan.model_validate(plan))
        except ValidationError as error:
            raise _unfit(("exit",), error) from error

    def largest(self) -> dict[str, Any]:
        """Give every parameter its largest value: the one that looks back farthest, if possible."""
        return {
            path: max(values.listed, key=_size) if values.listed else values.high
            for path, values in self.values.items()
        }

    def size(self) -> int:
        """Count the combinations of a grid. Raises Unfit for a range without a step."""
        for path, values in self.values.items():
            if not values.listed:
                part, key = path.split(".")
                raise Unfit((part, key), "a grid needs a step, or a list of values")
        return math.prod(len(values.listed) for values in self.values.values())

    def grid(self) -> Iterator[dict[str, Any]]:
        """Go through all combinations, the last parameter first."""
        many = self.size()
        if many > MAX_COMBINATIONS:
            detail = (
                f"the grid has {many:,} combinations, at most {MAX_COMBINATIONS:,} can be tried: "
                "try fewer values, or search at random"
            )
            raise Unfit(("search", "method"), detail)
        lists = [values.listed for values in self.values.values()]
        for chosen in itertools.product(*lists):
            yield dict(zip(self.values, chosen, strict=True))

    def draws(self, samples: int, seed: int) -> Iterator[dict[str, Any]]:
        """Draw different combinations; fewer when the space has no more."""
        rng = np.random.default_rng(seed)
        seen: set[str] = set()
        for _ in range(samples * MOST_TRIES):
            if len(seen) == samples:
                return
            drawn = {path: values.draw(rng) for path, values in self.values.items()}
            if repr(drawn) not in seen:
                seen.add(repr(drawn))
                yield drawn

    def possible(
        self, wanted: Iterator[dict[str, Any]], tell: Tell
    ) -> tuple[list[Combination], int]:
        """Make combinations, and count those that a strategy or a plan refuses.

        Raises Unfit, with the reason of the first, when it refuses all, or Cancelled out of `tell`.
        """
        made: list[Combination] = []
        refused: list[Unfit] = []
        for number, params in enumerate(wanted):
            if number % TOLD_EVERY == 0:
                tell(0.0)
            try:
                made.append(self.make(params))
            except Unfit as error:
                refused.append(error)
        if not made:
            raise refused[0]
        return made, len(refused)


def _size(value: Any) -> float:
    return value if isinstance(value, (int, float)) else 0.0


def _known(request: SweepRequest, strategies: Strategies) -> str:
    try:
        return find_name(strategies, request.entry.strategy)
    except UnknownStrategyError as error:
        raise Unfit(("entry", "strategy"), str(error)) from error


def _unfit(place: tuple[str, ...], error: ValidationError) -> Unfit:
    first = error.errors()[0]
    return Unfit((*place, *(str(part) for part in first["loc"])), first["msg"])


def _varies(key: str, given: Any) -> bool:
    """Tell a list of values from one value; tiers are a list themselves."""
    if isinstance(given, dict):
        return True
    if key == "take_profit":
        return _depth(given) > TIERS_DEPTH
    return isinstance(given, list)


def _depth(value: Any) -> int:
    if not isinstance(value, list):
        return 0
    return 1 + max((_depth(part) for part in value), default=0)


def _values(given: Any, place: tuple[str, str]) -> Values:
    if isinstance(given, Sequence) and not isinstance(given, str):
        if not given:
            raise Unfit(place, "has no value to try")
        return Values(listed=tuple(dict.fromkeys(_hashable(value) for value in given)))
    return _range(given, place)


def _hashable(value: Any) -> Any:
    return tuple(_hashable(part) for part in value) if isinstance(value, list) else value


def _range(given: dict[str, Any], place: tuple[str, str]) -> Values:
    numbers = {key: value for key, value in given.items() if isinstance(value, (int, float))}
    unknown = given.keys() - RANGE
    if unknown or not {"min", "max"} <= numbers.keys() or len(numbers) < len(given):
        raise Unfit(place, 'a range is {"min": number, "max": number, "step": number}')
    low, high, step = numbers["min"], numbers["max"], numbers.get("step")
    if not low < high or not (step is None or step > 0) or not math.isfinite(high - low):
        raise Unfit(place, "a range needs min below max and a step above 0")
    whole = all(isinstance(value, int) for value in numbers.values())
    if step is None:
        return Values(low=low, high=high, whole=whole)
    many = int((high - low) / step + 1e-9) + 1
    if many > MAX_COMBINATIONS:
        raise Unfit(place, f"has {many:,} values, at most {MAX_COMBINATIONS:,} can be tried")
    values = [low + step * number for number in range(many)]
    return Values(listed=tuple(values if whole else [round(value, 12) for value in values]))
