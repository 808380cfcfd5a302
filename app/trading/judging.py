"""What the veto layer is shown: wallets that might buy, as columns, and what each rule says."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from app.trading import risk, sizing
from app.trading.amounts import LAMPORTS_PER_SOL
from app.trading.books import Book, Floats, Ints
from app.trading.entry import Verdict
from app.trading.plans import Limits, Profile
from app.trading.risk import Candidates, Moment
from app.trading.state import State
from app.trading.watches import Question, Watch

NO_LIMITS = Limits()
MIN_SPEND = "min_spend"
REASONS = (*(name for name, _ in risk.RULES), MIN_SPEND)
"""Why a wallet does not buy; a profile without limits knows some of them only."""

PRICE_AGE_MS = 60_000
PRICE_AGE_CANDLES = 3


class Close(NamedTuple):
    """The closed candle that asks: its price, when it closed, and when the platform saw it (Unix
    ms).
    """

    price: float
    closed_at: int
    seen_at: int


class Judged(NamedTuple):
    """Candidates with what each rule saw: rules along the first axis, wallets along the second."""

    candidates: Candidates
    names: list[str]
    values: Floats
    limits: list[float]
    failed: Ints

    def codes(self) -> Ints:
        """Number each wallet's reason as watches remember it (see `reason_code`); 0 for none."""
        numbers = np.array([0, *(reason_code(name) for name in self.names)])
        return numbers[self.failed + 1]


@dataclass(frozen=True, slots=True)
class Ask:
    """One confirmed question on behalf of one profile."""

    watch: Watch
    book: Book
    question: Question
    verdict: Verdict
    number: int
    profile: Profile
    close: Close


def reason_code(reason: str) -> int:
    """Number a reason; it is the same number whatever the profile."""
    return REASONS.index(reason) + 1


def max_price_age_ms(timeframe_ms: int) -> int:
    """Return how old a price may be to act on it: 60 s or three candles, the larger."""
    return max(PRICE_AGE_MS, PRICE_AGE_CANDLES * timeframe_ms)


def equities(state: State) -> Ints:
    """Value every wallet: cash plus open positions at their last prices, lamports; row 0 is
    nobody.
    """
    return state.wallets.cash[: state.wallets.count] + held_values(state)


def held_values(state: State) -> Ints:
    """Value every wallet's open positions at their last prices, lamports."""
    total = np.zeros(state.wallets.count)
    for book in state.books.values():
        if book.count:
            total += np.bincount(
                book.wallet[: book.count], book.values(), minlength=state.wallets.count
            )
    return total.astype(np.int64)


def _per_wallet(book: Book, wallets: int) -> tuple[Ints, Ints]:
    owners = book.wallet[: book.count]
    values = np.bincount(owners, book.values(), minlength=wallets).astype(np.int64)
    return np.bincount(owners, minlength=wallets), values


def _candidates(state: State, ask: Ask, wallets: Ints) -> Candidates:
    owned, everyone = state.wallets, state.wallets.count
    held = held_values(state)[wallets]
    equity = owned.cash[wallets] + held
    trades = np.zeros(everyone, np.int64)
    for book in state.books.values():
        trades += np.bincount(book.wallet[: book.count], minlength=everyone)
    in_token, token_value = _per_wallet(ask.book, everyone)
    limits = ask.profile.limits or NO_LIMITS
    losses = state.last_loss.get(ask.watch.token.id, {})
    return Candidates(
        wallet=wallets,
        spend=sizing.spends(ask.profile.sizing, state.rules.costs, equity, owned.cash[wallets]),
        equity=equity,
        day_start=owned.day_start[wallets],
        day_low=np.minimum(owned.day_low[wallets], equity),
        peak=np.maximum(owned.peak[wallets], equity),
        paused=owned.paused[wallets],
        open_trades=trades[wallets],
        open_in_token=in_token[wallets],
        token_value=token_value[wallets],
        total_value=held,
        last_loss=_sparse(losses, wallets, risk.LONG_AGO),
        guard_until=_sparse(
            {wallet: risk.guard_until(stops, limits) for wallet, stops in state.stops.items()},
            wallets,
            0,
        ),
    )


def _sparse(values: dict[int, int], wallets: Ints, default: int) -> Ints:
    if not values:
        return np.full(len(wallets), default, np.int64)
    return np.array([values.get(wallet, default) for wallet in wallets.tolist()], np.int64)


def judge(state: State, ask: Ask, wallets: Ints) -> Judged:
    """Ask every rule about every candidate; `failed` is the first rule each fails, −1 for none."""
    candidates = _candidates(state, ask, wallets)
    rules = state.rules
    moment = Moment(
        at=ask.close.seen_at,
        price_age=max(ask.close.seen_at - ask.close.closed_at, 0) / 1000,
        max_price_age=max_price_age_ms(rules.timeframe_ms) / 1000,
        kill_switch=rules.kill_switch,
    )
    names: list[str] = []
    values: list[Floats] = []
    limits: list[float] = []
    failed = np.full(len(wallets), -1, np.int64)
    asked = ask.profile.limits or NO_LIMITS
    for name, rule in risk.RULES:
        seen = rule(candidates, asked, moment)
        binds = ask.profile.limits is not None or name in risk.UNCONDITIONAL
        limit = seen.limit if binds else math.inf
        failed[(failed < 0) & (seen.value > limit)] = len(names)
        names.append(name)
        values.append(seen.value)
        limits.append(limit)
    least = sizing.least(ask.profile.sizing)
    failed[(failed < 0) & (candidates.spend < least)] = len(names)
    names.append(MIN_SPEND)
    values.append(sizing.in_sol(candidates.spend))
    limits.append(least / LAMPORTS_PER_SOL)
    return Judged(candidates, names, np.array(values), limits, failed)
