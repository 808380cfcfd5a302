"""The exit machine is the rules: model, scalar and columns agree, bit for bit, on any path."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.trading import exits
from app.trading.books import Book
from app.trading.exits import BLOCK, Plans
from app.trading.kernels import compiled
from tests.properties.plans import ENTRIES, MOVES, UNITS, Move, plans, price_of
from tests.trading.books import (
    TOKEN,
    begin,
    columns,
    open_one,
    opening,
    should_stand,
    stands,
    state_stands,
    tick,
    told,
)
from tests.trading.exit_model import Holding, Sold, Wanted


@pytest.fixture(scope="module", params=["plain", "compiled"], autouse=True)
def _machine(request: pytest.FixtureRequest) -> Iterator[None]:
    """Run everything in both forms of the machine."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "compiled":
            for name, twin in vars(compiled(exits)).items():
                patch.setattr(exits, name, twin)
        yield


STOPS = {"stop_loss", "breakeven_stop", "trailing_stop"}


@given(plans(), ENTRIES, UNITS, st.none() | st.integers(0, 200_000), st.lists(MOVES, max_size=40))
def test_one_position_is_judged_alike_by_all(
    wanted: Wanted, entry: float, units: int, deadline: int | None, moves: list[Move]
) -> None:
    model = Holding(wanted, entry, units, deadline)
    rows, book = open_one(model)
    state, last, now = begin(rows, 0, model), entry, 0
    for move in moves:
        last, now = price_of(move, model, last), now + move[3]
        sold = model.see(last, now)
        before = state
        state, left = exits.step(rows, 0, before, last, now)
        assert told(rows, 0, before, left) == sold
        assert state_stands(state) == should_stand(model)
        assert tick(book, rows, last, now, {1: model}) == [(1, it) for it in sold]
        if model.left == 0:
            assert book.count == 0
            return
        assert stands(book, 0) == should_stand(model)


@given(plans(), ENTRIES, UNITS, st.lists(MOVES, min_size=1, max_size=40))
def test_what_every_position_is_promised(
    wanted: Wanted, entry: float, units: int, moves: list[Move]
) -> None:
    """The stop never falls, nothing is sold twice, a stop sells everything at or below it."""
    shadow = Holding(wanted, entry, units)
    rows = columns([wanted])
    state, last, total = begin(rows, 0, shadow), entry, 0
    for move in moves:
        last = price_of(move, shadow, last)
        shadow.see(last)
        before = state
        state, left = exits.step(rows, 0, before, last, 0)
        sold = told(rows, 0, before, left)
        total += sum(it.units for it in sold)
        assert state.stop >= before.stop
        assert state.highest >= before.highest
        assert state.tiers >= before.tiers
        assert total + state.left == units
        assert state.left >= 0
        stopped = any(it.reason in STOPS for it in sold)
        assert stopped == (last <= before.stop)
        assert not stopped or (len(sold) == 1 and state.left == 0)
        if state.left == 0:
            return


class Crowd:
    """Many positions in one book, each with its twin in the model."""

    def __init__(self, wishes: Sequence[Wanted], seed: int) -> None:
        self.wishes = wishes
        self.rng = np.random.default_rng(seed)
        self.plans: Plans = columns(wishes)
        self.book = Book(TOKEN)
        self.twins: dict[int, Holding] = {}
        self.price = 1.0
        self.now = 0
        self.opened = 0

    def open(self, many: int) -> None:
        """Open positions at the last price; their candle is no tick for them."""
        picks = self.rng.integers(0, len(self.wishes), many).tolist()
        late = self.rng.integers(0, 600_000, many).tolist()
        twins = [
            Holding(
                self.wishes[pick],
                self.price,
                int(10 ** self.rng.uniform(0, 15)),
                self.now + wait if wait < 100_000 else None,
            )
            for pick, wait in zip(picks, late, strict=True)
        ]
        trades = list(range(self.opened + 1, self.opened + 1 + many))
        self.opened += many
        self.book.open(self.plans, opening(trades, twins, picks), self.price, self.now)
        self.twins.update(zip(trades, twins, strict=True))

    def tick(self, price: float, wait: int) -> None:
        """Let everybody see a price and compare what was sold, in the order of trades."""
        self.price, self.now = price, self.now + wait
        expected: list[tuple[int, Sold]] = []
        for trade in sorted(self.twins):
            expected += [(trade, it) for it in self.twins[trade].see(price, self.now)]
        assert tick(self.book, self.plans, price, self.now, self.twins) == expected
        self.twins = {trade: it for trade, it in self.twins.items() if it.left}

    def sell(self, portion: float) -> None:
        """Let a person sell a part of somebody's position, or all of it."""
        if not self.book.count:
            return
        slot = int(self.rng.integers(self.book.count))
        twin = self.twins[int(self.book.trade[slot])]
        units = min(max(int(portion * twin.left), 1), twin.left)
        self.book.sell(slot, units)
        twin.left -= units
        self.book.remove_sold()
        self.twins = {trade: it for trade, it in self.twins.items() if it.left}

    def check(self) -> None:
        """Compare every position, to the last bit."""
        book = self.book
        assert book.count == len(self.twins)
        for slot in range(book.count):
            twin = self.twins[int(book.trade[slot])]
            assert stands(book, slot) == should_stand(twin)
            assert float(book.columns.entry[slot]) == twin.entry
            assert int(book.columns.initial[slot]) == twin.initial

    def target(self) -> Holding:
        """Pick a position whose levels the next price may stand on."""
        alive = sorted(self.twins)
        if not alive:
            return Holding(Wanted(), self.price, 1)
        return self.twins[alive[int(self.rng.integers(len(alive)))]]

    def apply(self, step: tuple[str, int, Move]) -> None:
        """Take one step of a generated history."""
        kind, many, move = step
        if kind == "open":
            self.open(many)
        elif kind == "sell":
            self.sell(move[1] / 2)
        else:
            price = price_of(move, self.target(), self.price)
            reach = 4.0 if kind == "jump" else 1.1
            self.tick(min(max(price, self.price / reach), self.price * reach), move[3])


STEPS = st.tuples(
    st.sampled_from(["tick"] * 8 + ["jump", "open", "sell"]), st.integers(1, 2 * BLOCK), MOVES
)


@given(
    st.lists(plans(), min_size=1, max_size=6),
    st.integers(0, 2**32 - 1),
    st.integers(300, 3 * BLOCK),
    st.lists(STEPS, min_size=10, max_size=60),
)
@settings(max_examples=max(1, settings().max_examples // 4))
def test_a_crowd_is_judged_one_by_one(
    wishes: list[Wanted], seed: int, many: int, steps: list[tuple[str, int, Move]]
) -> None:
    crowd = Crowd(wishes, seed)
    crowd.open(many)
    for step in steps:
        crowd.apply(step)
    crowd.check()


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=max(1, settings().max_examples // 20))
def test_a_crowd_in_a_calm_market(seed: int) -> None:
    """Small moves, so that blocks stay shut and peaks are handed over late."""
    crowd = Crowd([Wanted(), Wanted(stop_loss=0.4, trailing_after_tier=0)], seed)
    crowd.open(300)
    for _ in range(40):
        crowd.tick(crowd.price * math.exp(crowd.rng.normal(0, 0.02)), 1_000)
        if crowd.rng.random() < 0.2:
            crowd.open(int(crowd.rng.integers(1, BLOCK)))
        crowd.check()


@given(
    st.lists(plans(), min_size=1, max_size=4),
    st.integers(0, 2**32 - 1),
    st.lists(MOVES, min_size=1, max_size=12),
    st.lists(MOVES, min_size=1, max_size=12),
)
@settings(max_examples=max(1, settings().max_examples // 4))
def test_a_restored_book_goes_on_as_if_nothing_happened(
    wishes: list[Wanted], seed: int, before: list[Move], after: list[Move]
) -> None:
    crowd = Crowd(wishes, seed)
    crowd.open(50)
    for move in before:
        crowd.apply(("tick", 0, move))
    old, new = crowd.book, Book(TOKEN)
    alive = [int(trade) for trade in old.trade[: old.count]]
    twins = [crowd.twins[trade] for trade in alive]
    rows = [crowd.wishes.index(it.wanted) for it in twins]
    new.open(crowd.plans, opening(alive, twins, rows), 1.0, 0)
    for slot in range(old.count):
        for name in ("entry", "left", "stop", "tiers", "phase"):
            getattr(new.columns, name)[slot] = getattr(old.columns, name)[slot]
        new.columns.highest[slot] = old.highest(slot)
    new.restore(crowd.plans)
    crowd.book = new
    for move in after:
        crowd.apply(("tick", 0, move))
    crowd.check()


@given(plans(), ENTRIES, UNITS, st.integers(0, 99_999), st.lists(MOVES, max_size=30))
def test_prices_shown_again_lead_to_where_the_position_stood(
    wanted: Wanted, entry: float, units: int, deadline: int, moves: list[Move]
) -> None:
    """A restart folds the prices after a position's last record; the first sale ends them."""
    model = Holding(wanted, entry, units, deadline)
    rows, book = open_one(model)
    last, now, prices, times = entry, 0, [], []
    while moves and model.left == units:
        before = should_stand(model)
        last, now = price_of(moves[0], model, last), now + moves[0][3]
        moves = moves[1:]
        prices.append(last)
        times.append(now)
        model.see(last, now)
    sold = model.left < units
    wrong = exits.fold(
        rows,
        book.columns,
        1,
        np.zeros(1, np.int64),
        np.array(prices, np.float64),
        np.array(times, np.int64),
    )
    assert wrong == sold
    assert stands(book, 0) == (before if sold else should_stand(model))
