"""What a person wrote for a symbol, turned into what the engine asks: a Profile.

Names are looked up, templates and parameters are tried on the strategies themselves, and whatever
does not fit is refused with a pointer to the field.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from app.api.errors import FaultOut, invalid, invalid_fields, pointer
from app.api.shapes.settings import RiskSettingsIn, SettingIn, TrailingStopIn
from app.trading.entry import (
    EntryStrategy,
    Parameter,
    UnknownStrategyError,
    find_name,
    resolve,
)
from app.trading.plans import Entry, ExitPlan, Limits, Profile, Sizing

Strategies = Mapping[str, type[EntryStrategy]]


def profile_of(setting: SettingIn, strategies: Strategies, default: Profile) -> Profile:
    """Turn settings into a profile; what they leave out is the platform's default.

    Raises a 422 problem that points at every field that does not fit.
    """
    given = _given(setting.risk_settings)
    base = default.limits or Limits()
    return Profile(
        entries=_entries(setting, strategies, default),
        exit=_changed(ExitPlan, default.exit, given),
        sizing=_changed(Sizing, default.sizing, given),
        limits=default.limits
        if not given.keys() & Limits.model_fields
        else _changed(Limits, base, given),
    )


def _given(risk: RiskSettingsIn) -> dict[str, Any]:
    """Return the fields that were written, in the spelling of the plans."""
    given = {name: getattr(risk, name) for name in risk.model_fields_set}
    trailing = given.get("trailing_stop")
    if isinstance(trailing, TrailingStopIn):
        given["trailing_stop"] = trailing.distance if trailing.active else None
    if "position_size" in given:
        if "max_spend_sol" in given:
            raise invalid(
                "/risk_settings/position_size", "says the same as max_spend_sol: write one of them"
            )
        given["max_spend_sol"] = given.pop("position_size")
    return given


def _changed(kind: Any, base: Any, given: Mapping[str, Any]) -> Any:
    fields = {name: value for name, value in given.items() if name in kind.model_fields}
    try:
        return kind.model_validate({**base.model_dump(), **fields})
    except ValidationError as error:
        raise invalid_fields(_faults(error, "/risk_settings")) from None


def _faults(error: ValidationError, place: str) -> list[FaultOut]:
    return [
        FaultOut(
            pointer=place + pointer(one["loc"]),
            location="body",
            detail=one["msg"].removeprefix("Value error, "),
        )
        for one in error.errors(include_url=False)
    ]


def _entries(setting: SettingIn, strategies: Strategies, default: Profile) -> tuple[Entry, ...]:
    wanted = setting.active_strategy
    if wanted is None and setting.parameters == type(setting.parameters)():
        return default.entries
    if wanted is None:
        wanted = [entry.strategy for entry in default.entries]
    alone = isinstance(wanted, str)
    names = _names([wanted] if isinstance(wanted, str) else wanted, strategies, alone=alone)
    template, custom = setting.parameters.template, setting.parameters.custom_params
    shares = {name: custom if len(names) == 1 else _own(strategies[name], custom) for name in names}
    unknown = set(custom).difference(*shares.values())
    if unknown:
        detail = f"no strategy of {', '.join(names)} has this parameter"
        raise invalid_fields([_custom(name, detail) for name in sorted(unknown)])
    if template is not None and not any(template in strategies[name].templates for name in names):
        known = sorted({known for name in names for known in strategies[name].templates})
        raise invalid("/parameters/template", f"no such template, known: {', '.join(known)}")
    return tuple(_entry(name, template, shares[name], strategies) for name in names)


def _names(wanted: Iterable[str], strategies: Strategies, *, alone: bool) -> list[str]:
    names: list[str] = []
    for place, given in enumerate(wanted):
        where = "/active_strategy" if alone else f"/active_strategy/{place}"
        try:
            name = find_name(strategies, given)
        except UnknownStrategyError as error:
            raise invalid(where, str(error)) from None
        if name in names:
            raise invalid(where, f"{name} stands here twice")
        names.append(name)
    return names


def _own(strategy: type[EntryStrategy], custom: Mapping[str, Parameter]) -> dict[str, Parameter]:
    known = {*strategy.model_fields, *strategy.spellings}
    return {name: value for name, value in custom.items() if name in known}


def _custom(name: str, detail: str) -> FaultOut:
    place = "/parameters/custom_params" + pointer([name])
    return FaultOut(pointer=place, location="body", detail=detail)


def _entry(
    name: str, template: str | None, custom: Mapping[str, Parameter], strategies: Strategies
) -> Entry:
    chosen = template if template in strategies[name].templates else None
    try:
        resolve(strategies, name, chosen, custom)
    except ValidationError as error:
        raise invalid_fields(_faults(error, "/parameters/custom_params")) from None
    return Entry(strategy=name, template=chosen, custom_params=dict(custom))


def effective(profile: Profile, strategies: Strategies) -> dict[str, Any]:
    """Write what a profile comes to: every strategy with all of its parameters."""
    entries = []
    for entry in profile.entries:
        strategy = resolve(strategies, entry.strategy, entry.template, entry.custom_params)
        name = find_name(strategies, entry.strategy)
        entries.append({"strategy": name, "parameters": strategy.model_dump()})
    return {
        "entries": entries,
        "exit": profile.exit.model_dump(),
        "sizing": profile.sizing.model_dump(),
        "limits": None if profile.limits is None else profile.limits.model_dump(),
    }
