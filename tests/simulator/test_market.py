"""Prices are a pure function of seed, token and second, and look like a market."""

import itertools
import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.simulator import SimulatorConfig
from app.simulator.blocks import CLOSE, HIGH, LOW, OPEN, VOLUME
from app.simulator.market import Market
from app.simulator.regimes import FALLING, Regime, level, move_second, regime
from app.simulator.tokens import EPISODE_SECONDS
from tests.simulator.conftest import NOON

START = int(NOON)
seeds = st.integers(0, 2**63 - 1)
seconds = st.integers(1_000_000_000, 4_000_000_000)


def test_two_markets_with_one_seed_agree_whatever_was_asked_before() -> None:
    first, second = Market(SimulatorConfig(seed=5)), Market(SimulatorConfig(seed=5))
    for token in second.universe.everything:
        second.seconds(token, START - 9_000, START - 8_000)
    for one, other in zip(first.universe.everything, second.universe.everything, strict=True):
        assert one == other
        rows = first.seconds(one, START - 700, START)
        parts = [
            second.seconds(other, START - 700 + at, START - 693 + at) for at in range(0, 700, 7)
        ]
        assert np.array_equal(rows, np.concatenate(parts))


def test_another_seed_is_another_market() -> None:
    first, second = Market(SimulatorConfig(seed=5)), Market(SimulatorConfig(seed=6))
    assert not {token.mint for token in first.universe.tokens} & set(second.universe.by_mint)
    closes = [market.close(market.universe.index, START) for market in (first, second)]
    assert closes[0] != closes[1]


@given(seeds, st.integers(0, 11), seconds)
def test_candles_are_sound_and_each_opens_at_the_close_before(
    seed: int, number: int, start: int
) -> None:
    market = Market(SimulatorConfig(seed=seed))
    rows = market.seconds(market.universe.tokens[number], start, start + 2 * EPISODE_SECONDS)
    assert len(rows) == 2 * EPISODE_SECONDS
    assert np.isfinite(rows).all()
    assert (rows[:, :VOLUME] > 0).all()
    assert (rows[:, LOW] <= rows[:, [OPEN, CLOSE]].min(axis=1)).all()
    assert (rows[:, HIGH] >= rows[:, [OPEN, CLOSE]].max(axis=1)).all()
    assert np.array_equal(rows[1:, OPEN], rows[:-1, CLOSE])
    quiet = rows[:, VOLUME] == 0
    assert (rows[quiet, HIGH] == rows[quiet, LOW]).all()


@given(seeds, st.integers(0, 11), seconds)
def test_levels_stay_near_the_base_price_for_ever(seed: int, number: int, start: int) -> None:
    token = Market(SimulatorConfig(seed=seed)).universe.tokens[number]
    height = level(seed, token, token.episode(start)) - math.log(token.base_price)
    assert -4.0 < height < 1.0


@given(st.integers(1, 50), st.integers(0, 11), st.floats(0, 3 * EPISODE_SECONDS))
def test_a_forming_candle_grows_into_the_closed_one(seed: int, number: int, after: float) -> None:
    market = Market(SimulatorConfig(seed=seed))
    token = market.universe.tokens[number]
    now = START + after
    closed = market.seconds(token, int(now), int(now) + 1)[0]
    early, late = (market.forming(token, int(now) + part)[0] for part in (0.3, 0.999))
    forming = market.forming(token, now)[0]
    assert forming[OPEN] == closed[OPEN]
    assert closed[LOW] <= forming[LOW] <= forming[CLOSE] <= forming[HIGH] <= closed[HIGH]
    assert early[HIGH] <= late[HIGH] == closed[HIGH]
    assert early[LOW] >= late[LOW] == closed[LOW]
    assert math.isclose(late[CLOSE], closed[CLOSE], rel_tol=1e-9)
    assert forming[VOLUME] <= closed[VOLUME]


def test_a_market_has_every_regime_and_mostly_usual_volumes() -> None:
    market = Market(SimulatorConfig(seed=3))
    seen: Counter[Regime] = Counter()
    volumes = []
    for token in market.universe.tokens:
        first = token.episode(START)
        seen.update(regime(3, token, first + step) for step in range(60))
        volumes.append(market.seconds(token, START, START + 1_200)[:, VOLUME])
    assert set(seen) == set(Regime)
    volume = np.concatenate(volumes)
    assert ((volume >= 200_000) & (volume <= 5_000_000)).mean() > 0.9
    assert (volume >= 1_000_000).mean() > 0.2
    assert 0 < (volume == 0).mean() < 0.01


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6, 7, 12, 13, 40, 64])
def test_any_number_of_tokens_makes_a_market_with_falls_and_rises(count: int) -> None:
    market = Market(SimulatorConfig(seed=2, token_count=count))
    assert len(market.universe.tokens) == count
    assert len(market.universe.by_symbol) == len(market.universe.by_pool) == count + 1
    kinds = Counter(
        regime(2, token, token.episode(START) + step) in FALLING
        for token in market.universe.tokens
        for step in range(60)
    )
    assert kinds[True] > 0
    assert kinds[False] > 0


def test_a_token_falls_only_after_its_moon() -> None:
    for seed in range(30):
        market = Market(SimulatorConfig(seed=seed))
        for token in market.universe.tokens:
            if token.place is None:
                continue
            for episode in range(1_000, 1_030):
                if regime(seed, token, episode) in FALLING:
                    assert regime(seed, token, episode - 1) is Regime.MOON


def test_somewhere_something_is_always_about_to_move() -> None:
    market = Market(SimulatorConfig(seed=4))
    moves = sorted(
        move_second(4, token, token.episode(START) + step)
        for token in market.universe.tokens
        for step in range(10)
        if token.mood == "good" and regime(4, token, token.episode(START) + step) not in FALLING
    )
    middle = [move for move in moves if START + 300 < move < START + 1_500]
    assert max(b - a for a, b in itertools.pairwise(middle)) <= 50


def test_settings_shape_the_market() -> None:
    calm, wild = (Market(SimulatorConfig(seed=1, volatility=size)) for size in (0.0, 0.04))
    flat = Market(SimulatorConfig(seed=1, volatility=0.0, drift=0.0))
    dear = Market(SimulatorConfig(seed=1, initial_price=1.0))

    def roughness(market: Market) -> float:
        rows = market.seconds(market.universe.tokens[0], START, START + 1_200)
        return float(np.abs(np.diff(np.log(rows[:, CLOSE]))).mean())

    assert roughness(flat) < roughness(calm) < roughness(wild)
    assert math.isclose(dear.universe.tokens[0].base_price, 1.0)
    prices = [token.base_price for token in Market(SimulatorConfig(seed=1)).universe.tokens]
    assert prices[0] == 0.01
    assert all(1e-7 <= price <= 0.01 for price in prices)
    assert max(prices) / min(prices) > 100


def test_simulated_time_runs_at_its_speed_from_its_anchor() -> None:
    fast = SimulatorConfig(speed=60, anchor=NOON, now=lambda: NOON + 2)
    assert fast.clock()() == NOON + 120
    assert SimulatorConfig(speed=60, now=lambda: NOON).clock()() == NOON
    assert SimulatorConfig(now=lambda: NOON).clock()() == NOON


def test_memory_is_bounded() -> None:
    market = Market(SimulatorConfig(seed=1))
    for token in market.universe.everything:
        market.seconds(token, START - 50_000, START)
    assert len(market._blocks) <= 37 * 13


@pytest.mark.parametrize(
    "wrong",
    [
        {"speed": 0.0},
        {"speed": math.nan},
        {"initial_price": -1.0},
        {"signal_every": math.inf},
        {"seed": -1},
        {"token_count": 0},
        {"token_count": 65},
        {"volatility": 0.6},
        {"drift": math.nan},
        {"sentiment_failures": 1.5},
    ],
)
def test_impossible_settings_are_refused_by_name(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        SimulatorConfig(**wrong)  # type: ignore[arg-type]
