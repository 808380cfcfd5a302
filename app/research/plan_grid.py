"""Exit plans to try: written out one by one, or a grid with lists where a value may vary."""

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from app.research.results import Unfit
from app.trading.plans import ExitPlan

MOST_PLANS = 5_000
Place = tuple[str | int, ...]


def plans_of(given: Sequence[Any], place: Place) -> list[ExitPlan]:
    """Read plans that are written out. Raises Unfit, which points at the first that is none."""
    if len(given) > MOST_PLANS:
        raise Unfit(place, f"at most {MOST_PLANS:,} plans can be tried, got {len(given):,}")
    if not given:
        raise Unfit(place, "at least one plan is needed")
    return [_plan(one, (*place, number)) for number, one in enumerate(given)]


def grid_of(given: Mapping[str, Any], place: Place) -> list[ExitPlan]:
    """Make every combination of a grid, the last field first.

    A field that is left out keeps its default. A list of tiers is one value of `take_profit`, a
    list of such lists several. Raises Unfit for a field or value that an exit plan
    does not have, and for too many combinations.
    """
    axes = {name: _values(name, one, (*place, name)) for name, one in given.items()}
    many = math.prod(len(values) for values in axes.values())
    if many > MOST_PLANS:
        sizes = " · ".join(f"{len(values):,}" for values in axes.values())
        detail = (
            f"the grid has {many:,} combinations ({sizes}), at most {MOST_PLANS:,} can be tried"
        )
        raise Unfit(place, detail)
    return [
        ExitPlan.model_validate(dict(zip(axes, chosen, strict=True)))
        for chosen in itertools.product(*axes.values())
    ]


def _values(name: str, given: Any, place: Place) -> list[Any]:
    """List the values of a field, each of which a plan takes."""
    if name not in ExitPlan.model_fields:
        known = ", ".join(ExitPlan.model_fields)
        raise Unfit(place, f"an exit plan has no such field, only {known}")
    if not isinstance(given, list) or (name == "take_profit" and not _lists_tiers(given)):
        return [_value(name, given, place)]
    if not given:
        raise Unfit(place, "at least one value is needed")
    if len(given) > MOST_PLANS:
        raise Unfit(place, f"at most {MOST_PLANS:,} values can be tried, got {len(given):,}")
    return [_value(name, one, (*place, number)) for number, one in enumerate(given)]


def _value(name: str, given: Any, place: Place) -> Any:
    try:
        return getattr(ExitPlan.model_validate({name: given}), name)
    except ValidationError as error:
        raise _unfit(error, place, skip=1) from error


def _plan(given: Any, place: Place) -> ExitPlan:
    try:
        return ExitPlan.model_validate(given)
    except ValidationError as error:
        raise _unfit(error, place, skip=0) from error


def _unfit(error: ValidationError, place: Place, *, skip: int) -> Unfit:
    first = error.errors(include_url=False)[0]
    message = first["msg"].removeprefix("Value error, ")
    return Unfit((*place, *first["loc"][skip:]), message)


def _lists_tiers(given: Sequence[Any]) -> bool:
    """Tell whether a list holds lists of tiers: a tier itself is two numbers."""
    return bool(given) and all(
        isinstance(one, list) and (not one or isinstance(one[0], list)) for one in given
    )
