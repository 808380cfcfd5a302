"""What a run was about, as settings of a wallet."""

from collections.abc import Mapping
from typing import Any

import msgspec

from app.api.errors import Problem
from app.api.shapes.settings import ParametersIn, RiskSettingsIn, SettingIn
from app.research.asked import resolve_entries
from app.research.requests import BacktestRequest, Market, SweepRequest
from app.research.results import SweepRow
from app.research.space import Space
from app.trading.entry import EntryStrategy, Parameter
from app.trading.plans import ExitPlan

Strategies = Mapping[str, type[EntryStrategy]]
SOMETHING = {"source": "stored", "token": "any"}


def backtest_of(settings: str) -> BacktestRequest:
    """Read what a backtest asked for; its candles do not matter."""
    return BacktestRequest.model_validate({**msgspec.json.decode(settings), "candles": SOMETHING})


def sweep_of(settings: str) -> SweepRequest:
    """Read what a sweep asked for; its candles do not matter."""
    return SweepRequest.model_validate({**msgspec.json.decode(settings), "candles": SOMETHING})


def setting_of(request: BacktestRequest, strategies: Strategies) -> SettingIn:
    """Write a backtest's strategies, exits, size and limits as settings.

    Raises a 409 problem for several strategies that want one parameter to be different things.
    """
    resolved = resolve_entries(request, strategies)
    names = [name for name, _ in resolved]
    if len(names) == 1:
        (entry,) = request.entries
        given = ParametersIn(template=entry.template, custom_params=entry.params)
        return SettingIn(active_strategy=names[0], parameters=given, risk_settings=_risk(request))
    merged: dict[str, Parameter] = {}
    for name, strategy in resolved:
        for key, value in strategy.model_dump().items():
            if merged.setdefault(key, value) != value:
                detail = f"{name} and another strategy have {key!r}, and settings have room for one"
                raise Problem(409, "cannot-be-adopted", detail)
    given = ParametersIn(custom_params=merged)
    return SettingIn(active_strategy=names, parameters=given, risk_settings=_risk(request))


def setting_of_row(request: SweepRequest, row: SweepRow, strategies: Strategies) -> SettingIn:
    """Write a combination of a sweep as settings."""
    space = Space(request, strategies)
    made = space.make(row.params)
    return SettingIn(
        active_strategy=space.name,
        parameters=ParametersIn(custom_params=made.strategy.model_dump()),
        risk_settings=_risk(request, made.exit),
    )


def _risk(request: Market, plan: ExitPlan | None = None) -> RiskSettingsIn:
    """Write exits, size and limits; where a run had no limits, the wallet keeps its own."""
    if plan is None and isinstance(request, BacktestRequest):
        plan = request.exit
    parts: dict[str, Any] = {} if plan is None else plan.model_dump()
    parts |= request.sizing.model_dump()
    parts |= {} if request.risk is None else request.risk.model_dump()
    return RiskSettingsIn.model_validate(parts)
