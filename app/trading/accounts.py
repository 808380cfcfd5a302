"""What happens to wallets themselves: joining, pausing, changing settings, and time going by."""

from collections.abc import Iterable

import numpy as np

from app.trading.books import DAY_MS, Ints
from app.trading.events import SettingsChanged, WalletPaused, WalletRegistered, WalletResumed
from app.trading.ids import is_address
from app.trading.inputs import Answer, ChangeSettings, Pause, Refused, Register, Resume, Written
from app.trading.judging import equities
from app.trading.ledger import SettingsRow, SnapshotRow, WalletRow
from app.trading.plans import ANY_SYMBOL
from app.trading.risk import MINUTE_MS
from app.trading.state import Batch, Shadow, State

DRAWDOWN = "drawdown"
RAW = "1m"
MAX_BALANCE = 2**53
"""Sums of balances in float64 stay exact below it."""

NO_PROFILE = -1
"""What a retired shadow wishes."""

NO_WALLET = Refused(slug="unknown-wallet", detail="no such wallet")
RETIRED = Refused(slug="shadow-retired", detail="this shadow is retired for good")


def register(batch: Batch, wish: Register) -> Answer:
    """Let a wallet join with its first balance."""
    state = batch.state
    if not is_address(wish.wallet_address):
        return Refused(slug="invalid-wallet", detail="a wallet address is base58 of 32 bytes")
    if wish.wallet_address in state.wallets.numbers:
        return Refused(slug="wallet-exists", detail="this wallet is registered already")
    lamports = wish.lamports
    if lamports is None or not 0 <= lamports <= MAX_BALANCE:
        return Refused(slug="invalid-balance", detail="a balance is 0 to 9 million SOL")
    row = first_row(state, wish, wish.wallet_address, lamports)
    join(batch, row)
    return row.id


def first_row(state: State, wish: Register, address: str, lamports: int) -> WalletRow:
    """Make the row of a wallet that joins."""
    return WalletRow(
        id=state.next.wallet,
        wallet_address=address,
        kind=wish.kind,
        created_at=wish.at,
        initial_sol_balance=lamports,
        sol_balance=lamports,
        deposits=0,
        peak_value=lamports,
        day=wish.at // DAY_MS,
        day_start_value=lamports,
        day_low_value=lamports,
        paused=False,
        pause_reason=None,
    )


def join(batch: Batch, row: WalletRow) -> None:
    """Write a new wallet down and let it trade."""
    state, at, worth = batch.state, row.created_at, row.initial_sol_balance
    state.next.wallet += 1
    take_in(state, row)
    state.changed_since_snapshot.add(row.id)
    batch.changes.add(row)
    batch.changes.add(SnapshotRow(row.id, RAW, at // MINUTE_MS * MINUTE_MS, worth, worth, 0))
    fact = WalletRegistered(wallet_address=row.wallet_address, initial_sol_balance=worth)
    batch.tell(at, row.id, fact)


def take_in(state: State, row: WalletRow) -> None:
    """Give a wallet its place among the others; it wishes the default, a retired shadow nothing."""
    state.wallets.add(row)
    if row.owner_id is not None:
        shadow = Shadow(row.owner_id, row.owner_value or 0, row.name or "", row.retired_at)
        state.shadows[row.id] = shadow
        state.shadows_of.setdefault(row.owner_id, []).append(row.id)
    if row.retired_at is None:
        state.wishes.counts[0] += 1
    else:
        state.wallets.profile[row.id] = NO_PROFILE


def unable(state: State, wallet: int) -> Refused | None:
    """Say why nothing can change for a wallet: it is not there, or a retired shadow."""
    if not 0 < wallet < state.wallets.count:
        return NO_WALLET
    shadow = state.shadows.get(wallet)
    return None if shadow is None or shadow.retired_at is None else RETIRED


def pause(batch: Batch, wish: Pause) -> Answer:
    """Stop new entries of a wallet; pausing twice is once."""
    refused = unable(batch.state, wish.wallet)
    if refused is not None:
        return refused
    _pause(batch, wish.wallet, wish.reason, wish.at)
    return None


def _pause(batch: Batch, wallet: int, reason: str, at: int) -> None:
    wallets = batch.state.wallets
    if wallets.paused[wallet]:
        return
    wallets.paused[wallet] = True
    wallets.pause_reasons[wallet] = reason
    batch.touch([wallet])
    batch.tell(at, wallet, WalletPaused(reason=reason))


def resume(batch: Batch, wish: Resume) -> Answer:
    """Allow new entries again; the drawdown is counted from the present equity."""
    wallets = batch.state.wallets
    refused = unable(batch.state, wish.wallet)
    if refused is not None or not wallets.paused[wish.wallet]:
        return refused
    wallets.paused[wish.wallet] = False
    wallets.pause_reasons.pop(wish.wallet, None)
    wallets.peak[wish.wallet] = equities(batch.state)[wish.wallet]
    batch.touch([wish.wallet])
    batch.tell(wish.at, wish.wallet, WalletResumed())
    return None


def change_settings(batch: Batch, wish: ChangeSettings) -> Answer:
    """Give a wallet's settings for a symbol a new version; open positions keep the plan they were
    opened with.
    """
    written = Written(symbol=wish.symbol, body=wish.body, profile=wish.profile)
    refused = unable(batch.state, wish.wallet) or meaningless(batch.state, [written])
    return refused or write_settings(batch, wish.wallet, written, wish.at)


def meaningless(state: State, settings: Iterable[Written]) -> Refused | None:
    """Say which settings ask for what is not there."""
    try:
        for written in settings:
            if written.profile is not None:
                state.wishes.number(written.profile)
    except ValueError as error:
        return Refused(slug="invalid-settings", detail=str(error))
    return None


def write_settings(batch: Batch, wallet: int, written: Written, at: int) -> int:
    """Give a wallet's settings for a symbol a new version, and return it."""
    state, symbol, profile = batch.state, written.symbol, written.profile
    wear(state, wallet, written)
    key = (wallet, symbol)
    version = state.versions.get(key, 0) + 1
    state.versions[key] = version
    number = None if profile is None else profile.key()
    resolved = None if profile is None else profile.canonical()
    batch.changes.add(SettingsRow(wallet, symbol, version, written.body, resolved, number, at))
    batch.tell(at, wallet, SettingsChanged(symbol=symbol, version=version))
    return version


def wear(state: State, wallet: int, written: Written) -> None:
    """Let a wallet wish what was written for a symbol; of a shadow the words are kept too."""
    profile, symbol = written.profile, written.symbol
    put_on(state, wallet, symbol, None if profile is None else state.wishes.number(profile))
    shadow = state.shadows.get(wallet)
    if shadow is not None and profile is None:
        shadow.written.pop(symbol, None)
    elif shadow is not None:
        shadow.written[symbol] = written


def put_on(state: State, wallet: int, symbol: str, number: int | None) -> None:
    """Put a profile on a wallet for a symbol; None takes it off."""
    wishes, profiles = state.wishes, state.wallets.profile
    if symbol == ANY_SYMBOL:
        wishes.counts[int(profiles[wallet])] -= 1
        profiles[wallet] = number or 0
        wishes.counts[int(profiles[wallet])] += 1
    elif number is None:
        wishes.named.get(symbol, {}).pop(wallet, None)
    else:
        wishes.named.setdefault(symbol, {})[wallet] = number


def beat(batch: Batch, at: int) -> bool:
    """Once a minute mark every wallet: start a new day, raise peaks, pause who fell too far, keep
    a snapshot.

    True when it was time.
    """
    state = batch.state
    minute = at // MINUTE_MS
    if minute <= state.snapshot_minute:
        return False
    state.snapshot_minute = minute
    equity = equities(state)
    _new_day(batch, equity, at // DAY_MS)
    _peaks(batch, equity, at)
    _snapshots(batch, equity, minute * MINUTE_MS)
    return True


def _new_day(batch: Batch, equity: Ints, day: int) -> None:
    wallets = batch.state.wallets
    later = np.flatnonzero(wallets.day[1 : wallets.count] < day) + 1
    wallets.day[later] = day
    wallets.day_start[later] = equity[later]
    wallets.day_low[later] = equity[later]
    batch.touch(later.tolist())


def _peaks(batch: Batch, equity: Ints, at: int) -> None:
    state, wallets = batch.state, batch.state.wallets
    everyone = slice(1, wallets.count)
    risen = np.flatnonzero(equity[everyone] > wallets.peak[everyone]) + 1
    wallets.peak[risen] = equity[risen]
    sunk = np.flatnonzero(equity[everyone] < wallets.day_low[everyone]) + 1
    wallets.day_low[sunk] = equity[sunk]
    batch.touch(risen.tolist())
    batch.touch(sunk.tolist())
    limits = [1.0 if p.limits is None else p.limits.max_drawdown for p in state.wishes.profiles]
    most = np.array([*limits, 1.0])  # the last is at NO_PROFILE; nobody falls by more than all
    fallen = (
        wallets.peak[everyone] - equity[everyone]
        > most[wallets.profile[everyone]] * wallets.peak[everyone]
    )
    for wallet in (np.flatnonzero(fallen & ~wallets.paused[everyone]) + 1).tolist():
        _pause(batch, wallet, DRAWDOWN, at)


def _snapshots(batch: Batch, equity: Ints, at: int) -> None:
    """Keep a mark of each wallet that holds something or changed since the last."""
    state, wallets = batch.state, batch.state.wallets
    due = state.changed_since_snapshot
    for book in state.books.values():
        due.update(book.wallet[: book.count].tolist())
    for wallet in sorted(due):
        value = int(equity[wallet])
        pnl = value - wallets.paid_in(wallet)
        batch.changes.add(SnapshotRow(wallet, RAW, at, int(wallets.cash[wallet]), value, pnl))
    state.changed_since_snapshot = set()
