"""What is watched and for whom: windows of candles, shared wishes, questions asked once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.trading.market import Candle
from app.trading.plans import Entry, ExitPlan, Profile
from app.trading.watches import Answers, Question, Watch, Window, Wishes, matches
from tests.trading.world import STRATEGIES, Loud, World, coin, wish

LOUD_AT_7 = Entry(strategy="loud", custom_params={"volume": 7})


def bar(time: int, close: float = 1.0) -> Candle:
    return Candle(time, close, close, close, close, 1.0)


# windows


@given(st.integers(1, 6), st.lists(st.integers(0, 60), max_size=60))
def test_a_window_keeps_the_newest_candles_once_and_in_order(keep: int, times: list[int]) -> None:
    window, kept = Window(keep), [-1]
    for time in times:
        assert window.add(bar(time, time + 1.0)) == (time > kept[-1])
        kept += [time] if time > kept[-1] else []
        assert window.last_time == kept[-1]
    shown = window.frame()
    assert shown.get_column("time").to_list() == kept[1:][-keep:]
    assert shown.get_column("close").to_list() == [time + 1.0 for time in kept[1:][-keep:]]


def test_a_window_that_grows_forgets_nothing() -> None:
    window = Window(2)
    for time in range(4):
        window.add(bar(time))
    window.grow(1)
    assert window.keep == 2
    window.grow(9)
    for time in range(4, 10):
        window.add(bar(time))
    assert window.frame().get_column("time").to_list() == list(range(1, 10))


def test_an_empty_window_has_columns() -> None:
    shown = Window(3).frame()
    assert shown.columns == ["time", "open", "high", "low", "close", "volume"]
    assert shown.height == 0


def test_a_watch_keeps_its_marks_when_wallets_join() -> None:
    watch = Watch(coin(1), None, 5, 0)
    watch.make_room(2)
    watch.acted[1], watch.refused[1] = True, 3
    watch.make_room(4)
    watch.make_room(1)
    assert watch.acted.tolist() == [False, True, False, False]
    assert watch.refused.tolist() == [0, 3, 0, 0]


# wishes


def test_equal_wishes_share_one_number_and_one_question() -> None:
    wishes = Wishes(STRATEGIES, wish("loud", "rising"))
    assert wishes.number(wish("loud", "rising")) == 0
    wide = wish(LOUD_AT_7, exit_plan=ExitPlan(stop_loss=0.5))
    assert wishes.number(wide) == 1
    assert wishes.number(wish("rising", LOUD_AT_7)) == 2
    assert wishes.asked_by == [(0, 1), (2,), (1, 2)]
    assert [question.name for question in wishes.questions] == ["loud", "rising", "loud"]
    assert wishes.names == ["loud", "rising"]
    assert wishes.plan_list == [ExitPlan(), ExitPlan(stop_loss=0.5)]
    np.testing.assert_array_equal(wishes.plans.stop_loss, [0.15, 0.5])
    assert len(wishes.keys) == len(set(wishes.keys)) == 3
    assert wishes.lookback == 2


@pytest.mark.parametrize(
    "entry",
    [
        Entry(strategy="nobody"),
        Entry(strategy="loud", template="none"),
        Entry(strategy="loud", custom_params={"volume": -1}),
        Entry(strategy="loud", custom_params={"size": 1}),
    ],
)
def test_wishes_that_mean_nothing_are_no_profiles(entry: Entry) -> None:
    wishes = Wishes(STRATEGIES, wish())
    with pytest.raises(ValueError, match=r"unknown|template|volume|size"):
        wishes.number(wish(entry))
    assert len(wishes.profiles) == 1


@pytest.mark.parametrize(
    ("symbol", "means"),
    [
        ("BONK", True),
        ("bonk", True),
        ("BONK-SOL", True),
        ("Bonk-USDC", True),
        (coin(1).mint, True),
        ("BON", False),
        ("SOL-BONK", False),
        ("*", False),
    ],
)
def test_a_symbol_means_a_token_by_name_pair_or_mint(symbol: str, *, means: bool) -> None:
    assert matches(symbol, coin(1, "BONK")) == means


def test_profiles_that_may_watch() -> None:
    wishes = Wishes(STRATEGIES, wish())
    wishes.counts[0], wishes.counts[3], wishes.keys = 2, 0, list(range(8))
    wishes.named = {"BONK": {2: 7}, "WIF": {1: 5}, "BONK-SOL": {}}
    assert wishes.used(coin(1, "BONK"), everybody=True) == [0, 7]
    assert wishes.used(coin(1, "BONK"), everybody=False) == [7]
    assert wishes.used(coin(1, "PEPE"), everybody=False) == []
    assert wishes.symbols() == ["BONK", "WIF"]


def test_of_several_names_for_a_token_the_mint_counts_whoever_named_it_first() -> None:
    bonk, base = coin(1, "BONK"), np.zeros(4, np.int32)
    names: dict[str, dict[int, int]] = {
        bonk.mint: {1: 5},
        "BONK": {1: 6, 2: 6},
        "BONK-SOL": {2: 7, 3: 7},
        "WIF": {1: 9},
    }
    for order in (list(names), list(reversed(names))):
        wishes = Wishes(STRATEGIES, wish())
        wishes.named = {symbol: names[symbol] for symbol in order}
        assert wishes.of(bonk, base).tolist() == [0, 5, 7, 7]
    assert base.tolist() == [0, 0, 0, 0]
    assert wishes.of(coin(2, "PEPE"), base) is base


# questions


def test_a_question_is_asked_once_a_candle() -> None:
    window = Window(2)
    window.add(bar(0))
    questions = [Question("loud", Loud(volume=0.5)), Question("loud", Loud(volume=2.0))]
    answers, before = Answers(window, questions), Loud.asked.copy()
    assert [answers.of(number).confirmed for number in (0, 1, 0, 1)] == [True, False, True, False]
    assert Loud.asked - before == {0.5: 1, 2.0: 1}


def shared() -> list[Profile]:
    tight = ExitPlan(stop_loss=0.05)
    return [wish(), wish(exit_plan=tight), wish(LOUD_AT_7), wish("rising", LOUD_AT_7)]


def test_a_hundred_wallets_ask_as_often_as_their_wishes_differ() -> None:
    world, token = World(), coin(1, "BONK")
    for number in range(100):
        wallet = world.join()
        world.wants(wallet, shared()[number % 4])
        world.wants(wallet, shared()[number % 3], "BONK")
    by_signal = world.signal(token)
    assert world.name(token) == by_signal
    before = Loud.asked.copy()
    world.candle(by_signal)
    assert Loud.asked - before == {100.0: 1, 7.0: 1}
