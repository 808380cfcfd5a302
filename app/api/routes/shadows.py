"""Shadows: other settings on the same stream, without money, to hold against one's own."""

from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import Path, Query
from starlette.requests import Request
from starlette.responses import Response

from app.api import equity, figures, pairs, shadowlines, tradelines, wishes
from app.api.deps import Own, Parts, Platform
from app.api.errors import Problem, invalid, invalid_fields, not_found, pointer, refusal
from app.api.nouns import Noun
from app.api.once import Key, digest_of, once
from app.api.sessions import Session
from app.api.shapes.settings import SettingIn
from app.api.shapes.shadows import (
    LONGEST_NAME,
    AdoptedOut,
    AdoptShadowIn,
    ComparisonOut,
    ShadowChangeIn,
    ShadowDetailOut,
    ShadowIn,
    ShadowOut,
    ShadowsOut,
)
from app.api.wire import encode
from app.engine.views import ShadowView, Views
from app.providers.text import clean
from app.store.settings import current_settings
from app.store.snapshots import RESOLUTIONS
from app.store.trade_lists import list_trades
from app.store.types import LARGEST
from app.trading.amounts import to_lamports
from app.trading.ids import WalletId
from app.trading.inputs import (
    AdoptShadow,
    EditShadow,
    Input,
    Refused,
    Register,
    RetireShadow,
    Written,
)
from app.trading.plans import ANY_SYMBOL, Profile
from app.trading.shadows import SHADOW

router = Noun()
TRADES = 100
POINTS = 1_000

NumberPath = Annotated[
    int, Path(ge=1, le=LARGEST, description="The shadow's number.", examples=[1])
]
Resolution = Annotated[
    Literal["1m", "1h", "1d"], Query(description="How far apart the points of `history` are.")
]


async def _find(parts: Parts, me: Session, number: int) -> tuple[Views, ShadowView]:
    views = await parts.live.settled()
    for view in views.shadows(me.wallet_id):
        if view.number == number:
            return views, view
    raise not_found()


async def _living(parts: Parts, me: Session, number: int) -> ShadowView:
    """Find a shadow that may still be changed."""
    _, view = await _find(parts, me, number)
    if view.retired_at is not None:
        raise not_found()
    return view


async def _do(parts: Parts, wish: Input) -> int:
    answer = await parts.live.submit(wish)
    if isinstance(answer, Refused):
        raise refusal(answer)
    return answer if isinstance(answer, int) else 0


def _named(name: str) -> str:
    cleaned = clean(name, LONGEST_NAME)
    if not cleaned:
        raise invalid("/name", "must hold something that can be shown")
    return cleaned


def _settings(
    parts: Parts, default: Profile, given: Mapping[str, SettingIn]
) -> tuple[Written, ...]:
    """Check all settings. Raises a 422 problem that points at what does not fit."""
    return tuple(_one(parts, default, symbol, setting) for symbol, setting in given.items())


def _one(parts: Parts, default: Profile, symbol: str, setting: SettingIn) -> Written:
    try:
        profile = wishes.profile_of(setting, parts.strategies, default)
    except Problem as problem:
        place = "/settings" + pointer([symbol])
        faults = [one.model_copy(update={"pointer": place + one.pointer}) for one in problem.errors]
        raise invalid_fields(faults) from None
    body = setting.model_dump_json(exclude_unset=True)
    return Written(symbol=symbol, body=body, profile=profile)


@router.get("/{wallet}", response_model=ShadowsOut, response_model_exclude_unset=True)
async def list_shadows(parts: Platform, me: Own) -> dict[str, object]:
    """List a wallet's shadows.

    A retired one stays in the list until it holds nothing.
    """
    views = await parts.live.settled()
    return {"items": [shadowlines.shadow(view) for view in views.shadows(me.wallet_id)]}


@router.post(
    "/{wallet}", status_code=201, response_model=ShadowOut, response_model_exclude_unset=True
)
async def create_shadow(
    request: Request, parts: Platform, me: Own, body: ShadowIn, idempotency_key: Key = None
) -> Response:
    """Begin a shadow: it trades from now on, by the settings given and no others.

    At most 20 at once; without `initial_sol` it begins level with the wallet.
    """

    async def begin() -> bytes:
        return await _begin(parts, me, body)

    digest = digest_of(request, body.model_dump_json())
    return await once(parts, me.wallet_id, idempotency_key, digest, begin, status=201)


async def _begin(parts: Parts, me: Session, body: ShadowIn) -> bytes:
    default = (await parts.live.settled()).default_profile
    wish = Register(
        at=parts.clock.now(),
        kind=SHADOW,
        lamports=None if body.initial_sol is None else to_lamports(body.initial_sol),
        owner=me.wallet_id,
        name=_named(body.name),
        settings=_settings(parts, default, body.settings),
    )
    made = await _do(parts, wish)
    views = await parts.live.settled()
    found = next(view for view in views.shadows(me.wallet_id) if view.wallet.id == made)
    return encode(shadowlines.shadow(found))


@router.get("/{wallet}/compare", response_model=ComparisonOut)
async def compare_shadows(parts: Platform, me: Own) -> dict[str, object]:
    """Hold every shadow against the wallet, over the time since the shadow began.

    Trades that the wallet entered before that do not count. Days are compared in pairs, because the
    same market made both.
    """
    views, now = await parts.live.settled(), parts.clock.now()
    shadows = views.shadows(me.wallet_id)
    found = await pairs.compared(parts, me, views.wallet(me.wallet_id), shadows, now)
    items = [
        shadowlines.pair(view, span, pair)
        for view, (span, pair) in zip(shadows, found, strict=True)
    ]
    return {"compared": len(shadows), "items": items}


@router.get("/{wallet}/{number}", response_model=ShadowDetailOut, response_model_exclude_unset=True)
async def get_shadow(
    parts: Platform, me: Own, number: NumberPath, resolution: Resolution = "1m"
) -> dict[str, object]:
    """Show a shadow with its figures, its newest trades and its value over time."""
    views, view = await _find(parts, me, number)
    now, shadow = parts.clock.now(), view.wallet.id
    default = views.default_profile
    profiles = {symbol: one.profile or default for symbol, one in view.settings.items()}
    marks = await equity.marks(parts.database, shadow)
    points = equity.last_of_each(equity.points(marks), RESOLUTIONS[resolution])
    lines = await list_trades(parts.database, shadow, limit=TRADES)
    return {
        **shadowlines.shadow(view),
        "effective": {
            symbol: wishes.effective(profile, parts.strategies)
            for symbol, profile in sorted({ANY_SYMBOL: default, **profiles}.items())
        },
        "statistics": figures.overall(await pairs.figures_of(parts, me, view, now)),
        "trades": [tradelines.trade(line) for line in lines],
        "history": equity.written(points[-POINTS:]),
    }


@router.put("/{wallet}/{number}", response_model=ShadowOut, response_model_exclude_unset=True)
async def change_shadow(
    parts: Platform, me: Own, number: NumberPath, body: ShadowChangeIn
) -> dict[str, object]:
    """Change a shadow's name, its settings, or whether it is paused; all of it or nothing.

    Trades that are open keep the exit plan they began with.
    """
    view = await _living(parts, me, number)
    default = (await parts.live.settled()).default_profile
    wish = EditShadow(
        at=parts.clock.now(),
        shadow=WalletId(view.wallet.id),
        name=None if body.name is None else _named(body.name),
        settings=None if body.settings is None else _settings(parts, default, body.settings),
        paused=body.paused,
    )
    await _do(parts, wish)
    _, changed = await _find(parts, me, number)
    return shadowlines.shadow(changed)


@router.delete("/{wallet}/{number}", status_code=204, response_model=None)
async def retire_shadow(parts: Platform, me: Own, number: NumberPath) -> None:
    """Retire a shadow for good: no new entries, what it holds goes on to its exits.

    It makes room for another at once, and leaves the list once it holds nothing.
    """
    view = await _living(parts, me, number)
    await _do(parts, RetireShadow(at=parts.clock.now(), shadow=WalletId(view.wallet.id)))


@router.post("/{wallet}/{number}/adopt", response_model=AdoptedOut)
async def adopt_shadow(
    parts: Platform, me: Own, number: NumberPath, body: AdoptShadowIn | None = None
) -> dict[str, object]:
    """Make a shadow's settings the wallet's own, for every symbol at once.

    What the shadow does for symbols that neither names is what its settings for `*` say, and
    without those the platform's; so the wallet's `*` follows in any case. A symbol that only the
    wallet names keeps its settings unless `replace` removes them. Trades that are open keep the
    exit plan they began with.
    """
    view = await _living(parts, me, number)
    before = await _versions(parts, me)
    replace = body is not None and body.replace
    await _do(
        parts, AdoptShadow(at=parts.clock.now(), shadow=WalletId(view.wallet.id), replace=replace)
    )
    after = await _versions(parts, me)
    news = {symbol for symbol, one in after.items() if before.get(symbol) != one}
    left = {symbol for symbol, (_, written) in after.items() if written}
    return {
        "changed": sorted(news & (left | {ANY_SYMBOL})),
        "removed": sorted(news - left - {ANY_SYMBOL}),
        "kept": sorted(left - view.settings.keys() - {ANY_SYMBOL}),
    }


async def _versions(parts: Parts, me: Session) -> dict[str, tuple[int, bool]]:
    """Tell the version of each symbol's settings, and whether any are written in it."""
    rows = await current_settings(parts.database, me.wallet_id)
    return {row.symbol: (row.version, row.body is not None) for row in rows}
