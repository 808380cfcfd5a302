"""The veto layer: each rule is one function over columns of candidate wallets, and each verdict is
recorded.

A rule answers the value that it saw, per wallet, and the limit; a wallet passes when the value
stays within it. The first rule that a wallet fails is the reason of its refusal. Shares are
fractions of equity, times Unix ms.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from app.trading.books import Flags, Floats, Ints
from app.trading.plans import Limits

MINUTE_MS = 60_000
LONG_AGO = -(2**62)


class Candidates(NamedTuple):
    """Wallets that might buy one token now: columns of equal length, amounts in lamports.

    `guard_until` is when the stop-loss guard lets go, `last_loss` when this token last lost money
    (LONG_AGO: never).
    """

    wallet: Ints
    spend: Ints
    equity: Ints
    day_start: Ints
    day_low: Ints
    peak: Ints
    paused: Flags
    open_trades: Ints
    open_in_token: Ints
    token_value: Ints
    total_value: Ints
    last_loss: Ints
    guard_until: Ints


class Moment(NamedTuple):
    """What is the same for every wallet: the time, the age of the price and its limit in seconds,
    the kill switch.
    """

    at: int
    price_age: float
    max_price_age: float
    kill_switch: bool


class Seen(NamedTuple):
    """What a rule saw for each wallet, and the most it allows."""

    value: Floats
    limit: float


Rule = Callable[[Candidates, Limits, Moment], Seen]


def _share(part: Ints, whole: Ints) -> Floats:
    """Divide; of nothing every share is none, the least spend refuses a wallet without equity."""
    share: Floats = np.zeros(len(part))
    np.divide(part, whole, out=share, where=whole > 0)
    return share


def kill_switch(candidates: Candidates, _: Limits, moment: Moment) -> Seen:
    """Refuse every entry while the platform's kill switch is on."""
    return Seen(np.full(len(candidates.wallet), float(moment.kill_switch)), 0.0)


def wallet_paused(candidates: Candidates, _: Limits, __: Moment) -> Seen:
    """Refuse entries of a paused wallet."""
    return Seen(candidates.paused.astype(np.float64), 0.0)


def price_age(candidates: Candidates, _: Limits, moment: Moment) -> Seen:
    """Refuse to buy at an old price (seconds)."""
    return Seen(np.full(len(candidates.wallet), moment.price_age), moment.max_price_age)


def drawdown(candidates: Candidates, limits: Limits, _: Moment) -> Seen:
    """Refuse entries (and pause) once equity fell too far from its peak."""
    return Seen(_share(candidates.peak - candidates.equity, candidates.peak), limits.max_drawdown)


def daily_loss(candidates: Candidates, limits: Limits, _: Moment) -> Seen:
    """Refuse entries until UTC midnight once the loss since the last was too large."""
    return Seen(
        _share(candidates.day_start - candidates.day_low, candidates.day_start),
        limits.max_daily_loss,
    )


def stop_guard(candidates: Candidates, _: Limits, moment: Moment) -> Seen:
    """Refuse entries for a while after many stops in a short time (minutes left)."""
    return Seen(np.maximum(candidates.guard_until - moment.at, 0) / MINUTE_MS, 0.0)


def loss_cooldown(candidates: Candidates, limits: Limits, moment: Moment) -> Seen:
    """Refuse a token for a while after a loss in it (minutes left)."""
    since = (moment.at - candidates.last_loss) / MINUTE_MS
    return Seen(np.maximum(limits.loss_cooldown_minutes - since, 0.0), 0.0)


def open_positions(candidates: Candidates, limits: Limits, _: Moment) -> Seen:
    """Refuse one trade too many (counting this one)."""
    return Seen((candidates.open_trades + 1).astype(np.float64), float(limits.max_open_positions))


def open_in_token(candidates: Candidates, limits: Limits, _: Moment) -> Seen:
    """Refuse one trade too many in the same token (counting this one)."""
    return Seen((candidates.open_in_token + 1).astype(np.float64), float(limits.max_open_per_token))


def token_exposure(candidates: Candidates, limits: Limits, _: Moment) -> Seen:
    """Refuse too large a share of equity in one token (with this buy)."""
    return Seen(
        _share(candidates.token_value + candidates.spend, candidates.equity),
        limits.max_token_exposure,
    )


def exposure(candidates: Candidates, limits: Limits, _: Moment) -> Seen:
    """Refuse too large a share of equity in all tokens (with this buy)."""
    return Seen(
        _share(candidates.total_value + candidates.spend, candidates.equity), limits.max_exposure
    )


RULES: tuple[tuple[str, Rule], ...] = (
    ("kill_switch", kill_switch),
    ("wallet_paused", wallet_paused),
    ("price_age", price_age),
    ("drawdown", drawdown),
    ("daily_loss", daily_loss),
    ("stop_guard", stop_guard),
    ("loss_cooldown", loss_cooldown),
    ("open_positions", open_positions),
    ("open_in_token", open_in_token),
    ("token_exposure", token_exposure),
    ("exposure", exposure),
)
"""The rules in the order in which they are asked."""

UNCONDITIONAL = {"kill_switch", "wallet_paused", "price_age"}
"""What refuses even a wallet that wants no limits."""


def guard_until(stops: list[int], limits: Limits) -> int:
    """Find until when the stop-loss guard holds, given the times of a wallet's stops, oldest
    first; 0 when it does not.
    """
    window = int(limits.stop_guard_minutes * MINUTE_MS)
    many = limits.stop_guard_count
    for last in range(len(stops) - 1, many - 2, -1):
        if stops[last] - stops[last - many + 1] <= window:
            return stops[last] + window
    return 0
