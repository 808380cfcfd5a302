"""Shadows: what a wallet would make of the same stream by other settings, without its money.

    register --> trades like any wallet --> retire --> no entries, positions go on to their exits
                          |
                        adopt --> its settings are its owner's, too

A shadow is a wallet in every column and row: prices, entries, limits and fills know no other. Here
is only what makes one, what its owner may do with it, and that nobody else notices.
"""

from collections.abc import Collection

from app.trading import accounts
from app.trading.amounts import LAMPORTS_PER_SOL
from app.trading.ids import WalletId, shadow_address
from app.trading.inputs import (
    AdoptShadow,
    Answer,
    EditShadow,
    Pause,
    Refused,
    Register,
    Resume,
    RetireShadow,
    Written,
)
from app.trading.judging import equities
from app.trading.ledger import ShadowRow
from app.trading.plans import ANY_SYMBOL
from app.trading.state import Batch, Shadow, State

SHADOW = "shadow"
MOST_SHADOWS = 20
MOST_BALANCE = 1_000 * LAMPORTS_PER_SOL
"""What a shadow may begin with when its owner is worth less: a position must not grow to more than
the books of its token can hold, for they are everybody's.
"""

NO_SHADOW = Refused(slug="no-shadow", detail="there is no such shadow")


def register(batch: Batch, wish: Register) -> Answer:
    """Let a wallet join, or a shadow of one."""
    if wish.owner is None and wish.kind != SHADOW:
        return accounts.register(batch, wish)
    state, owner = batch.state, wish.owner or 0
    refused = (
        accounts.unable(state, owner)
        or _no_room(state, owner)
        or accounts.meaningless(state, wish.settings)
    )
    if refused is not None:
        return refused
    worth = int(equities(state)[owner])
    lamports = worth if wish.lamports is None else wish.lamports
    if not 0 <= lamports <= max(worth, MOST_BALANCE):
        most = max(worth, MOST_BALANCE) // LAMPORTS_PER_SOL
        return Refused(slug="invalid-balance", detail=f"a shadow begins with 0 to {most} SOL")
    number = len(state.shadows_of.get(owner, ())) + 1
    address = shadow_address(state.wallets.addresses[owner], number)
    row = accounts.first_row(state, wish, address, lamports)
    named = row._replace(kind=SHADOW, owner_id=owner, owner_value=worth, name=wish.name)
    accounts.join(batch, named)
    for written in wish.settings:
        accounts.write_settings(batch, row.id, written, wish.at)
    return row.id


def _no_room(state: State, owner: int) -> Refused | None:
    if owner in state.shadows:
        return Refused(slug="shadow-of-shadow", detail="a shadow has no shadows of its own")
    many = sum(state.shadows[one].retired_at is None for one in state.shadows_of.get(owner, ()))
    if many < MOST_SHADOWS:
        return None
    detail = f"a wallet has at most {MOST_SHADOWS} shadows; retire one first"
    return Refused(slug="too-many-shadows", detail=detail)


def _found(state: State, wallet: int) -> Shadow | Refused:
    shadow = state.shadows.get(wallet)
    if shadow is None:
        return NO_SHADOW
    return shadow if shadow.retired_at is None else accounts.RETIRED


def edit(batch: Batch, wish: EditShadow) -> Answer:
    """Change what is given of a shadow: its name, all of its settings, whether it is paused."""
    state, number = batch.state, wish.shadow
    shadow = _found(state, number)
    if isinstance(shadow, Refused):
        return shadow
    refused = accounts.meaningless(state, wish.settings or ())
    if refused is not None:
        return refused
    if wish.name is not None and wish.name != shadow.name:
        shadow.name = wish.name
        batch.changes.add(ShadowRow(number, wish.name, None))
    if wish.settings is not None:
        _rewrite(batch, number, shadow, {one.symbol: one for one in wish.settings}, wish.at)
    if wish.paused is not None:
        _stop_or_go(batch, number, paused=wish.paused, at=wish.at)
    return None


def _rewrite(
    batch: Batch, number: int, shadow: Shadow, settings: dict[str, Written], at: int
) -> None:
    for symbol in sorted(shadow.written.keys() - settings.keys()):
        accounts.write_settings(batch, number, _nothing(symbol), at)
    for symbol, written in settings.items():
        if shadow.written.get(symbol) != written:
            accounts.write_settings(batch, number, written, at)


def _nothing(symbol: str) -> Written:
    return Written(symbol=symbol, body=None, profile=None)


def _stop_or_go(batch: Batch, number: int, *, paused: bool, at: int) -> None:
    if paused:
        accounts.pause(batch, Pause(at=at, wallet=WalletId(number)))
    else:
        accounts.resume(batch, Resume(at=at, wallet=WalletId(number)))


def retire(batch: Batch, wish: RetireShadow) -> Answer:
    """Let a shadow enter nothing any more; its settings stay in the record only."""
    state, number = batch.state, wish.shadow
    shadow = _found(state, number)
    if isinstance(shadow, Refused):
        return shadow
    for symbol in shadow.written:
        accounts.put_on(state, number, symbol, None)
    state.wishes.counts[0] -= 1
    state.wallets.profile[number] = accounts.NO_PROFILE
    shadow.retired_at, shadow.written = wish.at, {}
    batch.changes.add(ShadowRow(number, shadow.name, wish.at))
    return None


def adopt(batch: Batch, wish: AdoptShadow) -> Answer:
    """Give the owner the shadow's settings: symbol by symbol where they mean something else.

    Every wallet wishes something for `*`, so a shadow that wrote nothing for it hands on the
    platform's default.
    """
    state = batch.state
    shadow = _found(state, wish.shadow)
    if isinstance(shadow, Refused):
        return shadow
    owner, theirs = shadow.owner, _worn(state, wish.shadow, shadow.written)
    mine = _worn(state, shadow.owner, [ANY_SYMBOL, *state.wishes.named])
    gone = mine.keys() - theirs.keys() if wish.replace else set()
    for symbol in sorted(gone):
        accounts.write_settings(batch, owner, _nothing(symbol), wish.at)
    for symbol, profile in sorted(theirs.items()):
        if mine.get(symbol) != profile:
            written = shadow.written.get(symbol, _nothing(symbol))
            accounts.write_settings(batch, owner, written, wish.at)
    return None


def _worn(state: State, wallet: int, symbols: Collection[str]) -> dict[str, int]:
    """Tell which profile a wallet has for `*`, and for those symbols that it has settings for."""
    worn = {ANY_SYMBOL: int(state.wallets.profile[wallet])}
    for symbol in symbols:
        profile = state.wishes.named.get(symbol, {}).get(wallet)
        if profile is not None:
            worn[symbol] = profile
    return worn
