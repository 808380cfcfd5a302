"""What a wallet wishes per symbol; a symbol of its own wins over `*`, which means every one."""

from typing import Annotated

from fastapi import Body, Path
from pydantic import Field

from app.api import wishes
from app.api.deps import Own, Parts, Platform
from app.api.errors import not_found, refusal
from app.api.nouns import Noun
from app.api.preview import moved
from app.api.sessions import Session
from app.api.shapes.settings import (
    MOST_SYMBOLS,
    SYMBOL,
    PreviewOut,
    SettingIn,
    SettingOut,
    SymbolKey,
    VersionsOut,
)
from app.api.wire import iso
from app.store.settings import current_settings, settings_versions
from app.trading.inputs import ChangeSettings, Refused
from app.trading.ledger import SettingsRow
from app.trading.plans import ANY_SYMBOL, Profile
from app.trading.watches import matches

router = Noun()

SymbolPath = Annotated[
    str,
    Path(
        min_length=1,
        max_length=64,
        pattern=SYMBOL,
        description="A symbol (`BONK`, `SOL-USDC`), a mint, or `*` for every signalled token.",
        examples=["SOL-USDC"],
    ),
]
EXAMPLE = {
    "active_strategy": "ma_crossover",
    "parameters": {"template": "aggressive", "custom_params": {"fast_ma": 10, "slow_ma": 21}},
    "risk_settings": {
        "position_size": 100,
        "stop_loss": 0.02,
        "trailing_stop": {"active": True, "distance": 0.03},
    },
}
SettingBody = Annotated[SettingIn, Body(examples=[EXAMPLE])]
AllBody = Annotated[
    dict[SymbolKey, SettingIn],
    Field(max_length=MOST_SYMBOLS),
    Body(examples=[{"SOL-USDC": EXAMPLE}]),
]


async def _default(parts: Parts) -> Profile:
    return (await parts.live.settled()).default_profile


def _stored(row: SettingsRow | None) -> SettingIn | None:
    return None if row is None or row.body is None else SettingIn.model_validate_json(row.body)


def _written(
    symbol: str, row: SettingsRow | None, parts: Parts, default: Profile
) -> dict[str, object]:
    stored = _stored(row)
    profile = default if stored is None else wishes.profile_of(stored, parts.strategies, default)
    return {
        "symbol": symbol,
        "version": 0 if row is None else row.version,
        "updated_at": None if row is None else iso(row.created_at),
        "settings": None if stored is None else stored.model_dump(exclude_unset=True),
        "effective": wishes.effective(profile, parts.strategies),
    }


async def _rows(parts: Parts, me: Session) -> dict[str, SettingsRow]:
    return {row.symbol: row for row in await current_settings(parts.database, me.wallet_id)}


@router.get("/{wallet}", response_model=dict[str, SettingOut], response_model_exclude_unset=True)
async def get_all_settings(parts: Platform, me: Own) -> dict[str, dict[str, object]]:
    """Show the settings for every symbol that has some, and for `*`."""
    default = await _default(parts)
    rows = await _rows(parts, me)
    kept = {symbol: row for symbol, row in rows.items() if row.body is not None}
    symbols = [ANY_SYMBOL, *sorted(kept.keys() - {ANY_SYMBOL})]
    return {symbol: _written(symbol, rows.get(symbol), parts, default) for symbol in symbols}


@router.put("/{wallet}", response_model=dict[str, SettingOut], response_model_exclude_unset=True)
async def replace_all_settings(
    parts: Platform, me: Own, body: AllBody
) -> dict[str, dict[str, object]]:
    """Replace all settings: symbols that are not in the body lose theirs.

    All of them are checked before the first is changed; what stays as it is gets no new version.
    """
    default = await _default(parts)
    profiles = {
        symbol: wishes.profile_of(setting, parts.strategies, default)
        for symbol, setting in body.items()
    }
    rows = await _rows(parts, me)
    kept = {symbol for symbol, row in rows.items() if row.body is not None}
    for symbol in sorted(kept - body.keys()):
        await _change(parts, me, symbol, None, None)
    for symbol, setting in body.items():
        if _stored(rows.get(symbol)) != setting:
            await _change(parts, me, symbol, setting, profiles[symbol])
    return await get_all_settings(parts, me)


@router.get("/{wallet}/{symbol}", response_model=SettingOut, response_model_exclude_unset=True)
async def get_settings(parts: Platform, me: Own, symbol: SymbolPath) -> dict[str, object]:
    """Show the settings for a symbol; without any of its own it follows `*`, then the platform."""
    default = await _default(parts)
    row = (await _rows(parts, me)).get(symbol)
    if symbol != ANY_SYMBOL and (row is None or row.body is None):
        raise not_found()
    return _written(symbol, row, parts, default)


@router.put("/{wallet}/{symbol}", response_model=SettingOut, response_model_exclude_unset=True)
async def put_settings(
    parts: Platform, me: Own, symbol: SymbolPath, body: SettingBody
) -> dict[str, object]:
    """Write the settings for a symbol; trades that are open keep the exit plan they began with."""
    default = await _default(parts)
    profile = wishes.profile_of(body, parts.strategies, default)
    await _change(parts, me, symbol, body, profile)
    row = (await _rows(parts, me)).get(symbol)
    return _written(symbol, row, parts, default)


@router.delete("/{wallet}/{symbol}", status_code=204, response_model=None)
async def delete_settings(parts: Platform, me: Own, symbol: SymbolPath) -> None:
    """Remove the settings for a symbol."""
    row = (await _rows(parts, me)).get(symbol)
    if row is None or row.body is None:
        raise not_found()
    await _change(parts, me, symbol, None, None)


@router.get(
    "/{wallet}/{symbol}/versions", response_model=VersionsOut, response_model_exclude_unset=True
)
async def list_settings_versions(parts: Platform, me: Own, symbol: SymbolPath) -> dict[str, object]:
    """List the versions of a symbol's settings, newest first; write one again to revert to it."""
    rows = await settings_versions(parts.database, me.wallet_id, symbol)
    return {
        "items": [
            {"version": row.version, "created_at": iso(row.created_at), "settings": _dumped(row)}
            for row in rows
        ]
    }


def _dumped(row: SettingsRow) -> dict[str, object] | None:
    stored = _stored(row)
    return None if stored is None else stored.model_dump(exclude_unset=True)


@router.post("/{wallet}/{symbol}/preview", response_model=PreviewOut)
async def preview_settings(
    parts: Platform, me: Own, symbol: SymbolPath, body: SettingBody
) -> dict[str, object]:
    """Show what settings would come to, and how open positions would stand under them.

    It changes nothing. Neither does writing the settings change an open position: a trade keeps
    the exit plan that it was opened with.
    """
    views = await parts.live.settled()
    profile = wishes.profile_of(body, parts.strategies, views.default_profile)
    held = [
        view
        for view in views.positions(me.wallet_id)
        if symbol == ANY_SYMBOL or matches(symbol, view.token)
    ]
    return {
        "effective": wishes.effective(profile, parts.strategies),
        "open_positions_keep_their_plan": True,
        "positions": [moved(view, profile.exit) for view in held],
    }


async def _change(
    parts: Parts, me: Session, symbol: str, setting: SettingIn | None, profile: Profile | None
) -> None:
    body = None if setting is None else setting.model_dump_json(exclude_unset=True)
    answer = await parts.live.submit(
        ChangeSettings(
            at=parts.clock.now(), wallet=me.wallet_id, symbol=symbol, body=body, profile=profile
        )
    )
    if isinstance(answer, Refused):
        raise refusal(answer)
