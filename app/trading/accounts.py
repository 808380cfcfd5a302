"""What happens to wallets themselves: joining, pausing, changing settings, and time going by."""

import numpy as np

from app.trading.books import DAY_MS, Ints
from app.trading.events import SettingsChanged, WalletPaused, WalletRegistered, WalletResumed
from app.trading.ids import is_address
from app.trading.inputs import Answer, ChangeSettings, Pause, Refused, Register, Resume
from app.trading.judging import equities
from app.trading.ledger import SettingsRow, SnapshotRow, WalletRow
from app.trading.plans import ANY_SYMBOL
from app.trading.risk import MINUTE_MS
from app.trading.state import Batch, State

DRAWDOWN = "drawdown"
RAW = "1m"
MAX_BALANCE = 2**53
"""Sums of balances in float64 stay exact below it."""

NO_WALLET = Refused(slug="unknown-wallet", detail="no such wallet")


def register(batch: Batch, wish: Register) -> Answer:
    """Let a wallet join with its first balance."""
    state = batch.state
    if not is_address(wish.wallet_address):
        return Refused(slug="invalid-wallet", detail="a wallet address is base58 of 32 bytes")
    if wish.wallet_address in state.wallets.numbers:
        return Refused(slug="wallet-exists", detail="this wallet is registered already")
    if not 0 <= wish.lamports <= MAX_BALANCE:
        return Refused(slug="invalid-balance", detail="a balance is 0 to 9 million SOL")
    row = WalletRow(
        id=state.next.wallet,
        wallet_address=wish.wallet_address,
        kind=wish.kind,
        created_at=wish.at,
        initial_sol_balance=wish.lamports,
        sol_balance=wish.lamports,
        deposits=0,
        peak_value=wish.lamports,
        day=wish.at // DAY_MS,
        day_start_value=wish.lamports,
        day_low_value=wish.lamports,
        paused=False,
        pause_reason=None,
    )
    state.next.wallet += 1
    state.wallets.add(row)
    state.wishes.counts[0] += 1
    state.changed_since_snapshot.add(row.id)
    batch.changes.add(row)
    batch.changes.add(
        SnapshotRow(row.id, RAW, wish.at // MINUTE_MS * MINUTE_MS, wish.lamports, wish.lamports, 0)
    )
    fact = WalletRegistered(
        wallet_address=row.wallet_address, initial_sol_balance=row.initial_sol_balance
    )
    batch.tell(wish.at, row.id, fact)
    return row.id


def _is_wallet(state: State, wallet: int) -> bool:
    return 0 < wallet < state.wallets.count


def pause(batch: Batch, wish: Pause) -> Answer:
    """Stop new entries of a wallet; pausing twice is once."""
    if not _is_wallet(batch.state, wish.wallet):
        return NO_WALLET
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
    if not _is_wallet(batch.state, wish.wallet):
        return NO_WALLET
    if not wallets.paused[wish.wallet]:
        return None
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
    state = batch.state
    if not _is_wallet(state, wish.wallet):
        return NO_WALLET
    try:
        number = None if wish.profile is None else state.wishes.number(wish.profile)
    except ValueError as error:
        return Refused(slug="invalid-settings", detail=str(error))
    wear(state, wish.wallet, wish.symbol, number)
    key = (wish.wallet, wish.symbol)
    version = state.versions.get(key, 0) + 1
    state.versions[key] = version
    profile = None if number is None else state.wishes.keys[number]
    resolved = None if wish.profile is None else wish.profile.canonical()
    batch.changes.add(
        SettingsRow(wish.wallet, wish.symbol, version, wish.body, resolved, profile, wish.at)
    )
    batch.tell(wish.at, wish.wallet, SettingsChanged(symbol=wish.symbol, version=version))
    return version


def wear(state: State, wallet: int, symbol: str, number: int | None) -> None:
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
    most = np.array(
        [1.0 if p.limits is None else p.limits.max_drawdown for p in state.wishes.profiles]
    )
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
        pnl = value - int(wallets.initial[wallet]) - int(wallets.deposits[wallet])
        batch.changes.add(SnapshotRow(wallet, RAW, at, int(wallets.cash[wallet]), value, pnl))
    state.changed_since_snapshot = set()
