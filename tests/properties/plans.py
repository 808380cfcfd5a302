"""Exit plans and prices for Hypothesis: wild ones, and those that stand exactly on a level."""

import math

from hypothesis import strategies as st

from tests.trading.exit_model import Holding, Wanted

FRACTIONS = st.one_of(
    st.sampled_from([0.01, 0.05, 0.15, 0.2, 0.5, 0.9, 0.99]),
    st.floats(0.001, 0.999),
)
GAINS = st.one_of(
    st.sampled_from([0.01, 0.05, 0.1, 0.3, 0.75, 1.0, 4.0]),
    st.floats(1e-6, 20),
)
AFTER = st.sampled_from([None, 0, 1, 1, 2, 3, 8])


@st.composite
def tiers(draw: st.DrawFn) -> tuple[tuple[float, float], ...]:
    """Draw up to eight tiers whose portions add up to at most one."""
    gains = sorted(set(draw(st.lists(GAINS, max_size=8))))
    weights = draw(st.lists(st.floats(0.01, 1), min_size=len(gains) + 1, max_size=len(gains) + 1))
    spare = draw(st.booleans())
    total = sum(weights if spare else weights[:-1]) or 1.0
    return tuple(
        (gain, min(weight / total, 1.0)) for gain, weight in zip(gains, weights[:-1], strict=True)
    )


@st.composite
def plans(draw: st.DrawFn) -> Wanted:
    """Draw an exit plan."""
    return Wanted(
        stop_loss=draw(FRACTIONS),
        tiers=draw(tiers()),
        trailing_stop=draw(st.one_of(st.none(), FRACTIONS)),
        breakeven_after_tier=draw(AFTER),
        trailing_after_tier=draw(AFTER),
    )


UNITS = st.one_of(
    st.integers(1, 12), st.integers(1, 10**6), st.integers(10**9, 10**18), st.just(2**62)
)
ENTRIES = st.one_of(
    st.sampled_from([1.0, 0.1, 1e-5, 3.7e-9, 250.0]),
    st.floats(1e-12, 1e6),
)

LEVELS = ("last", "entry", "stop", "tier", "highest", "follows")
Move = tuple[str, float, int, int]
"""A level, a factor on it, steps to the next float numbers, and milliseconds that pass."""

MOVES: st.SearchStrategy[Move] = st.tuples(
    st.sampled_from(LEVELS),
    st.one_of(st.just(1.0), st.just(1.0), st.floats(0.5, 2.0), st.floats(0.98, 1.02)),
    st.integers(-1, 1),
    st.sampled_from([0, 1, 1_000, 60_000]),
)


def price_of(move: Move, holding: Holding, last: float) -> float:
    """Find the price of a move: most stand on, or a hair from, a level of a position."""
    level, factor, hair, _ = move
    distance = holding.wanted.trailing_stop or 0.5
    levels = {
        "last": last,
        "entry": holding.entry,
        "stop": holding.stop,
        "tier": holding.next_tier() or last * 1.1,
        "highest": holding.highest,
        "follows": holding.stop / (1 - distance),
    }
    price = levels[level] * factor
    if hair:
        price = math.nextafter(price, math.inf if hair > 0 else 0.0)
    return min(max(price, 1e-300), 1e300)
