"""The gate that a price passes before anything acts on it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.trading.gate import (
    LIMITS,
    MOST_DENIALS,
    REMEMBERED,
    GateLimits,
    PriceGate,
    PriceVerdict,
)
from app.trading.market import is_price

FRESH, STALE, SUSPECT, INVALID = PriceVerdict
CONFIRM_MS, QUIET_MS = LIMITS.confirm_ms, LIMITS.quiet_ms
SANE = st.floats(1e-18, 1e30)
NONSENSE = st.sampled_from([math.nan, math.inf, -math.inf, 0.0, -0.0, -1e-300, -5.0])


def gate_at(*prices: float, witnessed: bool = False) -> PriceGate:
    """Make a gate that has let these prices through."""
    gate = PriceGate(witnessed=witnessed)
    for price in prices:
        assert gate.check(price, 0) == FRESH
    return gate


def test_the_first_price_is_believed() -> None:
    assert PriceGate().check(123.0, 0) == FRESH


@pytest.mark.parametrize(
    ("price", "verdict"),
    [
        (10.0, FRESH),
        (16.0, FRESH),
        (4.0, FRESH),
        (16.001, SUSPECT),
        (3.999, SUSPECT),
        (1000.0, SUSPECT),
        (1e-9, SUSPECT),
        (0.0, INVALID),
        (math.nan, INVALID),
    ],
)
def test_a_jump_of_more_than_sixty_percent_waits(price: float, verdict: PriceVerdict) -> None:
    assert gate_at(10.0).check(price, 0) == verdict


def test_a_jump_is_measured_from_the_median_of_the_last_five() -> None:
    gate = gate_at(1.0, 1.0, 1.0, 1.5, 1.5)
    assert gate.check(1.61, 0) == SUSPECT
    gate = gate_at(1.0, 1.0, 1.0, 1.5, 1.5, 1.5, 1.5)
    assert gate.check(2.39, 0) == FRESH


@pytest.mark.parametrize(("first", "second"), [(0.1, 0.09), (0.1, 0.39), (9.0, 8.0), (9.0, 1.7)])
def test_two_prices_on_one_side_are_real(first: float, second: float) -> None:
    gate = gate_at(1.0)
    assert gate.check(first, 0) == SUSPECT
    assert gate.check(second, 1) == FRESH
    assert gate.check(second * 1.1, 2) == FRESH
    assert gate.check(1.0 if second < 0.3 or second > 2.5 else second * 9, 3) == SUSPECT


@pytest.mark.parametrize("wick", [0.01, 50.0])
def test_a_wick_is_dropped_and_leaves_no_trace(wick: float) -> None:
    gate = gate_at(1.0, 1.0)
    assert gate.check(wick, 0) == SUSPECT
    assert gate.check(1.1, 1) == FRESH
    assert gate.check(wick, 2) == SUSPECT
    assert gate.overdue(3) is None
    assert gate.accepted == [1.0, 1.0, 1.1]


def test_a_wick_to_the_other_side_takes_the_first_ones_place() -> None:
    gate = gate_at(1.0)
    assert gate.check(9.0, 0) == SUSPECT
    assert gate.check(0.1, 1_000) == SUSPECT
    assert gate.overdue(2_999) is None
    assert gate.overdue(3_000) == 0.1


def test_a_fall_passes_after_two_seconds_once_and_a_rise_does_not() -> None:
    gate = gate_at(1.0)
    gate.check(0.1, 1_000)
    assert gate.overdue(1_000 + CONFIRM_MS - 1) is None
    assert gate.overdue(1_000 + CONFIRM_MS) == 0.1
    assert gate.overdue(99_000) is None
    assert gate.check(0.11, 99_000) == FRESH
    gate.check(5.0, 100_000)
    assert gate.overdue(999_000) is None
    assert gate.check(5.1, 999_000) == FRESH


def test_a_gate_without_prices_has_nothing_overdue() -> None:
    assert PriceGate().overdue(10**15) is None


# promises


@given(st.lists(st.tuples(st.one_of(SANE, NONSENSE), st.integers(0, 3_000)), max_size=40))
def test_what_passes_is_a_price_and_the_gate_never_fails(
    seen: list[tuple[float, int]],
) -> None:
    gate, now = PriceGate(), 0
    for price, wait in seen:
        now += wait
        late = gate.overdue(now)
        assert late is None or is_price(late)
        verdict = gate.check(price, now)
        assert (verdict == INVALID) == (not is_price(price))
        assert len(gate.accepted) <= REMEMBERED
        assert all(is_price(one) for one in gate.accepted)
        assert (gate.waiting is not None) == (verdict == SUSPECT) or verdict == INVALID


CALM = st.lists(st.floats(0.8, 1.2), min_size=1, max_size=12)
WICKS = st.one_of(st.floats(1e-18, 0.2), st.floats(4.0, 1e18))


@given(CALM, st.lists(st.tuples(WICKS, CALM), max_size=6))
def test_single_wicks_never_pass(start: list[float], rest: list[tuple[float, list[float]]]) -> None:
    gate, now = gate_at(*start), 0
    for wick, calm in rest:
        now += 1_000
        assert gate.check(wick, now) == SUSPECT
        for price in calm:
            now += 500
            assert gate.overdue(now) is None
            assert gate.check(price, now) == FRESH


@given(CALM, st.floats(1e-12, 0.3), st.floats(0.5, 1.0), st.integers(0, 10**6))
def test_a_real_crash_passes_with_the_next_price_or_in_two_seconds(
    start: list[float], crash: float, further: float, wait: int
) -> None:
    by_price, by_time = gate_at(*start), gate_at(*start)
    assert by_price.check(crash, 0) == by_time.check(crash, 0) == SUSPECT
    assert by_price.check(crash * further, wait) == FRESH
    assert by_time.overdue(CONFIRM_MS + wait) == crash
    assert by_price.check(crash * further, wait + 1) == FRESH


@given(CALM, st.floats(3.0, 1e12), st.floats(1.0, 2.0), st.integers(0, 10**6))
def test_a_real_rise_passes_with_the_next_price_only(
    start: list[float], rise: float, further: float, wait: int
) -> None:
    gate = gate_at(*start)
    assert gate.check(rise, 0) == SUSPECT
    assert gate.overdue(wait) is None
    assert gate.check(rise * further, wait) == FRESH


# a second source


@pytest.mark.parametrize("jump", [0.1, 9.0])
def test_a_second_source_on_its_side_confirms_the_doubted_price(jump: float) -> None:
    gate = gate_at(1.0, witnessed=True)
    assert gate.check(jump, 1_000) == SUSPECT
    assert gate.testify(jump * 1.05, 1_100) == jump
    assert gate.accepted == [jump]
    assert gate.check(jump * 1.1, 2_000) == FRESH


@pytest.mark.parametrize("jump", [0.1, 150.0])
def test_a_second_source_in_the_band_denies_it_and_its_side_for_a_while(jump: float) -> None:
    gate = gate_at(1.0, witnessed=True)
    assert gate.check(jump, 1_000) == SUSPECT
    assert gate.testify(1.02, 1_100) == 1.02
    assert gate.waiting is None
    for at in (2_000, 3_000, 1_100 + QUIET_MS - 1):
        assert gate.check(jump, at) == SUSPECT
        assert gate.overdue(at) is None
    assert gate.check(1.01, 5_000) == FRESH
    assert gate.accepted == [1.0, 1.02, 1.01]


def test_a_rise_is_denied_as_long_as_the_second_source_denies_it() -> None:
    gate, now = gate_at(1.0, witnessed=True), 0
    for _ in range(50):
        now += QUIET_MS
        assert gate.check(150.0, now) == SUSPECT
        assert gate.testify(1.0, now + 100) == 1.0
    assert set(gate.accepted) == {1.0}


def test_a_fall_is_denied_so_often_and_no_more() -> None:
    """A source that stands still must not hold anybody in."""
    gate, now = gate_at(1.0, witnessed=True), 0
    for _ in range(MOST_DENIALS):
        now += QUIET_MS + 1
        assert gate.check(0.1, now) == SUSPECT
        assert gate.testify(1.0, now) == 1.0
    now += QUIET_MS + 1
    assert gate.check(0.1, now) == SUSPECT
    assert gate.testify(1.0, now) is None
    assert gate.overdue(now + CONFIRM_MS) == 0.1


def test_a_witnessed_rise_waits_for_the_second_source_before_its_next_price_confirms() -> None:
    gate = gate_at(1.0, witnessed=True)
    assert gate.check(9.0, 1_000) == SUSPECT
    assert gate.check(9.1, 2_000) == SUSPECT
    assert gate.waiting == 9.1
    assert gate.check(9.2, 1_000 + CONFIRM_MS) == FRESH


def test_a_witnessed_fall_does_not_wait() -> None:
    gate = gate_at(1.0, witnessed=True)
    assert gate.check(0.1, 1_000) == SUSPECT
    assert gate.check(0.11, 1_001) == FRESH


@pytest.mark.parametrize("word", [math.nan, 0.0, -1.0, math.inf])
def test_nonsense_is_no_testimony(word: float) -> None:
    gate = gate_at(1.0, witnessed=True)
    gate.check(0.1, 1_000)
    assert gate.testify(word, 1_001) is None
    assert gate.waiting == 0.1


def test_a_second_source_on_the_other_side_says_nothing() -> None:
    gate = gate_at(1.0, witnessed=True)
    gate.check(0.1, 1_000)
    assert gate.testify(9.0, 1_001) is None
    assert gate.overdue(3_000) == 0.1


def test_without_a_doubt_a_testimony_is_a_price_like_any() -> None:
    gate = gate_at(1.0, witnessed=True)
    assert gate.testify(1.1, 1_000) == 1.1
    assert gate.testify(0.1, 2_000) is None
    assert gate.waiting == 0.1


# how its prices stand


def test_a_token_without_fresh_prices_is_stale() -> None:
    gate = PriceGate()
    assert gate.standing(QUIET_MS) == STALE
    gate.check(1.0, 100_000)
    assert gate.standing(100_000 + QUIET_MS - 1) == FRESH
    assert gate.standing(100_000 + QUIET_MS) == STALE
    gate.check(math.nan, 200_000)
    assert gate.standing(200_000) == STALE
    gate.check(9.0, 200_000)
    assert gate.standing(200_000) == SUSPECT
    gate.check(1.0, 200_001)
    assert gate.standing(200_001) == FRESH


def test_limits_are_settings_and_follow_long_candles() -> None:
    wide = PriceGate(GateLimits(jump=0.9, confirm_ms=500))
    wide.check(1.0, 0)
    assert wide.check(0.11, 0) == FRESH
    assert wide.check(0.01, 0) == SUSPECT
    assert wide.overdue(500) == 0.01
    assert LIMITS.for_candles(1_000) == LIMITS
    assert LIMITS.for_candles(60_000).quiet_ms == 90_000


def test_the_limits_are_what_the_rules_say() -> None:
    assert GateLimits() == (0.60, 2_000, 15_000)
    assert (REMEMBERED, MOST_DENIALS) == (5, 3)
    assert PriceGate().witnessed is False


def test_what_was_denied_may_be_doubted_anew_after_the_quiet_time() -> None:
    gate = gate_at(1.0, witnessed=True)
    assert gate.check(0.1, 0) == SUSPECT
    assert gate.testify(1.0, 10) == 1.0
    assert gate.check(0.1, 10 + QUIET_MS - 1) == SUSPECT
    assert gate.waiting is None
    assert gate.check(0.1, 10 + QUIET_MS) == SUSPECT
    assert gate.waiting == 0.1


def test_after_a_jump_that_was_real_nothing_counts_as_denied() -> None:
    gate = gate_at(1.0, witnessed=True)
    assert gate.check(0.1, 0) == SUSPECT
    assert gate.testify(1.0, 10) == 1.0
    assert gate.check(9.0, 20) == SUSPECT
    assert gate.check(9.0, 20 + CONFIRM_MS) == FRESH
    assert gate.check(100.0, 30 + CONFIRM_MS) == SUSPECT
    assert gate.waiting == 100.0
