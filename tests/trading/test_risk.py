"""The veto layer: each rule at its limit and a hair beyond, and what guards remember."""

from collections.abc import Mapping

import numpy as np
import pytest

from app.trading import risk
from app.trading.plans import Limits
from app.trading.risk import LONG_AGO, MINUTE_MS, RULES, Candidates, Moment, guard_until

BY_NAME = dict(RULES)
SOL = 1_000_000_000
NOW = 1_700_000_000_000
CALM: Mapping[str, int] = {
    "wallet": 1,
    "spend": SOL // 5,
    "equity": 10 * SOL,
    "day_start": 10 * SOL,
    "day_low": 10 * SOL,
    "peak": 10 * SOL,
    "open_trades": 0,
    "open_in_token": 0,
    "token_value": 0,
    "total_value": 0,
    "last_loss": LONG_AGO,
    "guard_until": 0,
}


def candidate(**seen: int) -> Candidates:
    paused = np.array([bool(seen.pop("paused", 0))])
    columns = {name: np.array([value], np.int64) for name, value in {**CALM, **seen}.items()}
    return Candidates(paused=paused, **columns)


def moment(*, age: float = 0.0, oldest: float = 60.0, kill: bool = False) -> Moment:
    return Moment(at=NOW, price_age=age, max_price_age=oldest, kill_switch=kill)


def judged(
    name: str, seen: Candidates, limits: Limits | None = None, now: Moment | None = None
) -> tuple[float, float, bool]:
    """Return what a rule saw, its limit, and whether the wallet passes."""
    value, limit = BY_NAME[name](seen, limits or Limits(), now or moment())
    return float(value[0]), limit, bool(value[0] <= limit)


def test_the_rules_are_asked_in_this_order() -> None:
    assert [name for name, _ in RULES] == [
        "kill_switch",
        "wallet_paused",
        "price_age",
        "drawdown",
        "daily_loss",
        "stop_guard",
        "loss_cooldown",
        "open_positions",
        "open_in_token",
        "token_exposure",
        "exposure",
    ]
    assert {"kill_switch", "wallet_paused", "price_age"} == risk.UNCONDITIONAL


@pytest.mark.parametrize("name", BY_NAME)
def test_a_calm_wallet_passes_every_rule(name: str) -> None:
    assert judged(name, candidate())[2]


@pytest.mark.parametrize("name", BY_NAME)
def test_a_wallet_with_nothing_breaks_no_share(name: str) -> None:
    nothing = candidate(spend=0, equity=0, day_start=0, day_low=0, peak=0)
    assert judged(name, nothing)[2]


@pytest.mark.parametrize(
    ("name", "at_limit", "beyond", "value", "limit"),
    [
        ("drawdown", {"equity": 7 * SOL}, {"equity": 7 * SOL - 1}, 0.3, 0.3),
        ("daily_loss", {"day_low": 9 * SOL}, {"day_low": 9 * SOL - 1}, 0.1, 0.1),
        ("open_positions", {"open_trades": 9}, {"open_trades": 10}, 10, 10),
        ("open_in_token", {"open_in_token": 0}, {"open_in_token": 1}, 1, 1),
        (
            "token_exposure",
            {"token_value": 4 * SOL // 5},
            {"token_value": 4 * SOL // 5 + 1},
            0.1,
            0.1,
        ),
        ("exposure", {"total_value": 24 * SOL // 5}, {"total_value": 24 * SOL // 5 + 1}, 0.5, 0.5),
        (
            "loss_cooldown",
            {"last_loss": NOW - 30 * MINUTE_MS},
            {"last_loss": NOW - 30 * MINUTE_MS + 1},
            0,
            0,
        ),
        ("stop_guard", {"guard_until": NOW}, {"guard_until": NOW + 1}, 0, 0),
        ("wallet_paused", {"paused": 0}, {"paused": 1}, 0, 0),
    ],
)
def test_a_rule_lets_its_limit_pass_and_nothing_beyond(
    name: str, at_limit: dict[str, int], beyond: dict[str, int], value: float, limit: float
) -> None:
    assert judged(name, candidate(**at_limit)) == (value, limit, True)
    seen, same, passes = judged(name, candidate(**beyond))
    assert (same, passes) == (limit, False)
    assert seen > value


def test_an_old_price_and_the_kill_switch_refuse_everybody() -> None:
    assert judged("price_age", candidate(), now=moment(age=60.0)) == (60.0, 60.0, True)
    assert judged("price_age", candidate(), now=moment(age=60.001)) == (60.001, 60.0, False)
    assert judged("kill_switch", candidate(), now=moment(kill=True)) == (1.0, 0.0, False)


def test_waiting_times_are_shown_in_minutes_left() -> None:
    ago = candidate(last_loss=NOW - 10 * MINUTE_MS)
    assert judged("loss_cooldown", ago) == (20.0, 0.0, False)
    assert judged("loss_cooldown", ago, Limits(loss_cooldown_minutes=10))[2]
    held = candidate(guard_until=NOW + 90_000)
    assert judged("stop_guard", held) == (1.5, 0.0, False)


def test_a_loss_that_never_was_is_no_cooldown_however_long() -> None:
    assert judged("loss_cooldown", candidate(), Limits(loss_cooldown_minutes=100_000))[2]


def test_rules_judge_a_column_as_each_of_its_wallets() -> None:
    columns = {
        name: np.array([value, value * 2, max(value - 10**10, 0)], np.int64)
        for name, value in CALM.items()
        if name != "last_loss"
    }
    losses = np.array([LONG_AGO, NOW - MINUTE_MS, NOW], np.int64)
    crowd = Candidates(paused=np.array([False, True, False]), last_loss=losses, **columns)
    for name, rule in RULES:
        together = rule(crowd, Limits(), moment())
        for place in range(3):
            alone = Candidates._make(column[place : place + 1] for column in crowd)
            assert judged(name, alone)[:2] == (together.value[place], together.limit)


MINUTES = [0, 10, 20, 30, 75, 85, 95]


@pytest.mark.parametrize(
    ("stops", "many", "minutes", "until"),
    [
        ([], 4, 60, None),
        ([0, 10, 20], 4, 60, None),
        ([0, 10, 20, 30], 4, 60, 90),
        ([0, 10, 20, 60], 4, 60, 120),
        ([0, 10, 20, 61], 4, 60, None),
        (MINUTES, 4, 60, 90),
        ([*MINUTES, 105], 4, 60, 165),
        ([5], 1, 30, 35),
        ([0, 0, 0, 0], 4, 0, 0),
    ],
)
def test_the_guard_holds_for_its_window_after_the_last_of_many_stops(
    stops: list[int], many: int, minutes: float, until: int | None
) -> None:
    limits = Limits(stop_guard_count=many, stop_guard_minutes=minutes)
    times = [NOW + minute * MINUTE_MS for minute in stops]
    assert guard_until(times, limits) == (0 if until is None else NOW + until * MINUTE_MS)
