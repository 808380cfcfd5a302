"""Bad prices, many of them: what the gate lets through, what the exits make of it, and what a
sale may bring.

Each example of the long run has a seed of its own, `SEED:NUMBER`; `PRICE_SEED` and `PRICE_EXAMPLES`
in the environment choose where it begins and how long it is.
"""

import math
import os
import random
from collections.abc import Iterable
from secrets import randbelow

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.trading import exits
from app.trading.fills import Costs
from app.trading.gate import LIMITS, MOST_DENIALS, REMEMBERED, PriceGate, PriceVerdict
from app.trading.ledger import FillRow, TickRow
from app.trading.market import is_price
from app.trading.plans import ExitPlan
from tests.trading.world import World, coin, wish

MANY = 1_000_000
SHARE = settings.get_profile(settings.get_current_profile_name()).max_examples
"""A hundred in the fast lane."""
NONSENSE = (math.nan, math.inf, -math.inf, 0.0, -0.0, -1.0, -1e-300)
EXTREME = (1e-18, 1e30, 5e-324, 1.7e308)
WORDS = ("check", "check", "check", "overdue", "testify")
Step = tuple[str, float, int]


class Held:
    """A gate beside a plain reading of its rules."""

    def __init__(self, *, witnessed: bool) -> None:
        self.gate = PriceGate(witnessed=witnessed)
        self.passed: list[float] = []
        self.doubt: tuple[float, int] | None = None
        self.now = 0

    def side(self, price: float) -> int:
        """Say on which side of the band a price stands."""
        if not self.passed:
            return 0
        ordered = sorted(self.passed)
        half = len(ordered) // 2
        middle = ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
        if abs(price - middle) <= LIMITS.jump * middle:
            return 0
        return 1 if price > middle else -1

    def take(self, word: str, price: float, wait: int) -> float | None:
        """Do one thing to the gate, hold what it says against the rules; return what passed."""
        self.now += wait
        if not self.gate.witnessed and word == "testify":
            word = "check"
        before = (list(self.gate.accepted), self.gate.waiting)
        passed = getattr(self, f"_{word}")(price)
        assert passed is None or is_price(passed)
        if not is_price(price) and word != "overdue":
            assert passed is None
            assert (self.gate.accepted, self.gate.waiting) == before
        assert self.gate.accepted == self.passed
        assert len(self.passed) <= REMEMBERED
        assert self.gate.waiting == (None if self.doubt is None else self.doubt[0])
        return passed  # type: ignore[no-any-return]

    def _pass(self, price: float, *, jumped: bool) -> float:
        self.passed = [price] if jumped else [*self.passed, price][-REMEMBERED:]
        self.doubt = None
        return price

    def _check(self, price: float) -> float | None:
        verdict = self.gate.check(price, self.now)
        if not is_price(price):
            assert verdict == PriceVerdict.INVALID
            return None
        side = self.side(price)
        if side == 0:
            assert verdict == PriceVerdict.FRESH
            return self._pass(price, jumped=False)
        same = self.doubt is not None and self.side(self.doubt[0]) == side
        if verdict == PriceVerdict.FRESH:
            assert same  # a jump passes only behind another one on its side
            return self._pass(price, jumped=True)
        assert verdict == PriceVerdict.SUSPECT
        assert not same or (self.gate.witnessed and side > 0)
        if self.gate.waiting is None:  # denied before, and not doubted anew yet
            assert self.gate.witnessed
        elif self.gate.waiting == price:
            since = self.doubt[1] if same and self.doubt is not None else self.now
            self.doubt = (price, since)
        return None

    def _overdue(self, _: float) -> float | None:
        late = self.gate.overdue(self.now)
        due = (
            self.doubt is not None
            and self.side(self.doubt[0]) < 0
            and self.now - self.doubt[1] >= LIMITS.confirm_ms
        )
        assert (late is not None) == due
        return None if late is None else self._pass(late, jumped=True)

    def _testify(self, price: float) -> float | None:
        doubt, side = self.doubt, self.side(price) if is_price(price) else 0
        said = self.gate.testify(price, self.now)
        if said is None:
            if doubt is None and self.gate.waiting is not None:
                self.doubt = (price, self.now)
            return None
        if doubt is not None and self.side(doubt[0]) == side:
            assert said == doubt[0]
            return self._pass(said, jumped=True)
        assert (said, side) == (price, 0)
        return self._pass(price, jumped=False)


def steps(chance: random.Random) -> Iterable[Step]:
    """Make up what happens to a gate: calm, wicks, jumps, nonsense, silence, a second source."""
    level = 10.0 ** chance.uniform(-12, 6)
    for _ in range(chance.randrange(1, 16)):
        kind = chance.random()
        if kind < 0.5:
            price = level * chance.uniform(0.8, 1.2)
        elif kind < 0.7:
            price = level * 10.0 ** chance.uniform(-6, 6)
        elif kind < 0.8:
            price = chance.choice(NONSENSE)
        elif kind < 0.85:
            price = chance.choice(EXTREME)
        else:
            level *= 10.0 ** chance.uniform(-3, 3)
            price = level
        yield chance.choice(WORDS), price, chance.choice((0, 250, 1_000, 2_000, 20_000))


def play(seed: str) -> None:
    """Play one example of the long run."""
    chance = random.Random(seed)
    held = Held(witnessed=chance.random() < 0.5)
    for word, price, wait in steps(chance):
        held.take(word, price, wait)
    # whatever was before, a crash that goes on gets through in time
    fallen = min(held.passed, default=1.0) * 1e-3
    if not is_price(fallen) or not held.passed:
        return
    held.take("check", fallen, 20_000)
    for _ in range(MOST_DENIALS + 1):
        if held.passed == [fallen] or held.take("overdue", 0.0, LIMITS.confirm_ms):
            return
        held.take("check", fallen, LIMITS.quiet_ms)
    raise AssertionError(f"a fall never passed: {held.gate}")


ANY_PRICE = st.one_of(st.floats(1e-18, 1e30), st.floats(), st.sampled_from(NONSENSE + EXTREME))
ANY_STEP = st.tuples(st.sampled_from(WORDS), ANY_PRICE, st.integers(0, 20_000))


@settings(max_examples=20 * SHARE)
@given(st.booleans(), st.lists(ANY_STEP, max_size=25))
def test_the_gate_keeps_its_rules_whatever_comes(witnessed: bool, taken: list[Step]) -> None:
    held = Held(witnessed=witnessed)
    for word, price, wait in taken:
        held.take(word, price, wait)


def played(examples: int) -> None:
    seed = os.environ.get("PRICE_SEED") or str(randbelow(2**32))
    print(f"PRICE_SEED={seed}")  # noqa: T201 a failure is played again from it
    for number in range(examples):
        try:
            play(f"{seed}:{number}")
        except AssertionError as error:
            raise AssertionError(f"PRICE_SEED={seed}, example {number}: {error}") from error


def test_some_of_the_long_run() -> None:
    played(100 * SHARE)


@pytest.mark.slow
@pytest.mark.timeout(3_600)
def test_the_long_run() -> None:
    played(int(os.environ.get("PRICE_EXAMPLES") or MANY))


# behind the gate

CALM = st.lists(st.floats(0.8, 1.2), min_size=1, max_size=8)
WICK = st.one_of(st.floats(1e-18, 0.2), st.floats(4.0, 1e18))
PLANS = st.builds(
    ExitPlan,
    stop_loss=st.floats(0.01, 0.5),
    take_profit=st.sampled_from(((), ((0.05, 0.5), (0.15, 0.5)), ((0.3, 0.33), (0.75, 0.33)))),
    trailing_stop=st.floats(0.02, 0.3),
    trailing_after_tier=st.sampled_from((0, 1)),
    breakeven_after_tier=st.just(1),
)


def led(plan: ExitPlan, prices: Iterable[float]) -> tuple[exits.State, list[tuple[float, int]]]:
    """Lead a position by a plan; return how it stands and at which prices it sold how much."""
    rows, sold = exits.plans([plan]), []
    state = exits.start(rows, 0, 1.0, 1_000, exits.NEVER_MS)
    for price in prices:
        if state.left == 0:
            break
        after, _ = exits.step(rows, 0, state, price, 0)
        if after.left != state.left:
            sold.append((price, state.left - after.left))
        state = after
    return state, sold


@given(PLANS, CALM, st.lists(st.tuples(WICK, CALM), max_size=6))
def test_behind_the_gate_single_wicks_change_nothing(
    plan: ExitPlan, start: list[float], rest: list[tuple[float, list[float]]]
) -> None:
    gate, now, through = PriceGate(), 0, []
    calm = [*start, *(price for _, part in rest for price in part)]
    for price in [1.0, *start, *(one for wick, part in rest for one in (wick, *part))]:
        now += 500
        assert gate.overdue(now) is None
        if gate.check(price, now) == PriceVerdict.FRESH:
            through.append(price)
    assert through == [1.0, *calm]
    assert led(plan, through) == led(plan, [1.0, *calm])


@given(PLANS, CALM, st.floats(1e-12, 0.1), st.integers(0, 3_000))
def test_behind_the_gate_a_crash_sells_at_its_own_price_in_two_seconds(
    plan: ExitPlan, start: list[float], crash: float, wait: int
) -> None:
    gate = PriceGate()
    for price in (1.0, *start):
        assert gate.check(price, 0) == PriceVerdict.FRESH
    before, _ = led(plan, [1.0, *start])
    assert gate.check(crash, 0) == PriceVerdict.SUSPECT
    late = gate.overdue(wait)
    assert (late == crash) if wait >= LIMITS.confirm_ms else (late is None)
    if late is None:
        late = gate.overdue(LIMITS.confirm_ms)
    assert late == crash
    after, sold = led(plan, [1.0, *start, late])
    assert after.left == 0
    assert before.left == 0 or sold[-1] == (crash, before.left)


# what a sale brings


@settings(max_examples=SHARE, deadline=None)
@given(
    st.builds(
        Costs,
        fees_bps=st.integers(0, 10_000),
        slippage_bps=st.integers(0, 9_999),
        network_lamports=st.integers(0, 100_000),
    ),
    PLANS,
    st.lists(st.one_of(st.floats(1e-6, 10.0), st.floats(0.5, 2.0)), min_size=1, max_size=12),
    st.integers(0, 9),
)
def test_a_paper_sale_never_brings_more_than_the_price_that_was_seen(
    costs: Costs, plan: ExitPlan, prices: list[float], decimals: int
) -> None:
    """A stop fills at the market, never at the stop; slippage and fees only take away."""
    world = World(wish(exit_plan=plan), costs=costs)
    world.join()
    token = world.signal(coin(1, decimals=decimals), 0.01)
    if not world.buy(token):
        return
    cash = world.cash(1)
    for price in prices:
        world.price(token, price * 0.01)
    seen = {row.seq: row.price for row in world.of(TickRow)}
    sold = [row for row in world.of(FillRow) if row.side == "SELL"]
    for fill in sold:
        market = seen[fill.tick_seq]
        assert fill.price == costs.sell_price(market) <= market
        assert fill.sol <= math.floor(fill.size * market * 1e9 / 10.0**decimals)
        assert 0 <= fill.fee <= fill.sol
    assert world.cash(1) == cash + sum(fill.sol - fill.fee for fill in sold)
