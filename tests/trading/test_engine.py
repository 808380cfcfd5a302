"""The engine: inputs in, changes out; what cannot be is refused and changes nothing."""

import math

import pytest

from app.trading.ids import ORDERS_PER_TRADE, SignalId, TokenId, WalletId
from app.trading.inputs import (
    CandleClosed,
    ClosePosition,
    History,
    Refused,
    SignalArrived,
    SignalFailed,
    SignalScreened,
    TokenNamed,
)
from app.trading.ledger import (
    CandleRow,
    EvaluationRow,
    EventRow,
    FillRow,
    SignalRow,
    SignalUpdate,
    TickRow,
    TokenRow,
    TradeRow,
)
from app.trading.market import Candle, Token
from app.trading.plans import ExitPlan, Limits
from app.trading.signals import Screened, Sentiment
from tests.trading.world import HOLD, LIKED, MINUTE, START, World, coin, loaded, signal, wish


def slug(answer: object) -> str:
    assert isinstance(answer, Refused)
    return answer.slug


def screened(number: int, token: Token) -> SignalScreened:
    return SignalScreened(
        at=START, screened=Screened(signal=SignalId(number), token=token, sentiment=LIKED)
    )


# signals


def test_a_signal_is_taken_in_once() -> None:
    world = World()
    first = SignalArrived(at=START, signal=signal(coin(1).mint, START - 5))
    again = SignalArrived(at=START + 1, signal=signal(coin(1).mint, START - 5))
    later = SignalArrived(at=START + 1, signal=signal(coin(1).mint, START))
    answers = world.do(first, again, later)
    assert (answers[0], slug(answers[1]), answers[2]) == (1, "duplicate-signal", 2)
    rows = world.new(SignalRow)
    assert [(row.id, row.triggered_at, row.status) for row in rows] == [
        (1, START - 5, "Screening"),
        (2, START, "Screening"),
    ]


def test_a_signal_too_old_is_refused() -> None:
    world = World()
    old = world.rules.max_signal_age_ms
    asked = [
        SignalArrived(at=START, signal=signal(coin(1).mint, START - old)),
        SignalArrived(at=START, signal=signal(coin(2).mint, START - old - 1)),
    ]
    answers = world.do(*asked)
    assert (answers[0], slug(answers[1])) == (1, "stale-signal")


def test_a_screened_signal_is_watched_with_what_the_crowd_said() -> None:
    world = World()
    world.do(SignalArrived(at=START, signal=signal(coin(1).mint, START)))
    assert world.do(screened(1, coin(1, "BONK"))) == [1]
    token, update = world.only(TokenRow), world.only(SignalUpdate)
    assert (token.symbol, token.decimals, token.first_seen) == ("BONK", 6, START)
    assert (update.id, update.token_id, update.status) == (1, 1, "Monitoring")
    assert (update.sentiment_score, update.mention_count) == (80.0, 5)
    assert slug(world.do(screened(1, coin(1)))[0]) == "unknown-signal"
    assert slug(world.do(screened(7, coin(1)))[0]) == "unknown-signal"


def test_a_signal_may_fail_before_anybody_watches() -> None:
    world = World()
    world.do(SignalArrived(at=START, signal=signal(coin(1).mint, START)))
    sad = Sentiment(score=12.0, mentions=3)
    failed = SignalFailed(
        at=START + 9,
        signal=SignalId(1),
        reason="sentiment_low",
        token=coin(1),
        sentiment=sad,
        limit=60.0,
    )
    assert world.do(failed) == [None]
    update, evaluation = world.only(SignalUpdate), world.only(EvaluationRow)
    assert (update.status, update.reason, update.ended_at) == ("Failed", "sentiment_low", START + 9)
    assert (update.sentiment_score, update.mention_count) == (12.0, 3)
    assert loaded(evaluation.numbers) == {"score": 12.0, "mentions": 3}
    assert loaded(evaluation.limits) == {"sentiment_low": 60.0}
    assert slug(world.do(failed)[0]) == "unknown-signal"
    (ended,) = world.engine.state.ended
    assert (ended.reason, ended.score) == ("sentiment_low", 12.0)


def test_a_signal_may_fail_without_token_or_sentiment() -> None:
    world = World()
    world.do(SignalArrived(at=START, signal=signal(coin(1).mint, START)))
    world.do(SignalFailed(at=START, signal=SignalId(1), reason="directory_unavailable"))
    update = world.only(SignalUpdate)
    assert (update.token_id, update.sentiment_score, update.mention_count) == (None, None, None)
    assert loaded(world.only(EvaluationRow).limits) == {}


# tokens


def test_a_token_keeps_its_number_and_its_decimals() -> None:
    world = World()
    first = world.name(coin(1, "OLD", decimals=6))
    assert world.name(coin(1, "OLD", decimals=6)) == first
    assert world.new(TokenRow) == []
    assert world.name(coin(1, "NEW", decimals=9)) == first
    row = world.only(TokenRow)
    assert (row.id, row.symbol, row.decimals) == (first, "NEW", 6)
    assert world.name(coin(2)) == first + 1


def test_an_open_position_follows_its_tokens_new_name() -> None:
    world = World(wish(exit_plan=HOLD))
    wallet, token = world.join(), world.signal(coin(1, "OLD"))
    world.buy(token)
    world.signal(coin(1, "NEW"))
    world.sell(wallet, coin(1).mint)
    assert '"symbol":"NEW"' in world.only(EventRow).data


def test_a_named_token_is_watched_once() -> None:
    world = World()
    wallet = world.join()
    world.wants(wallet, wish(limits=Limits(max_open_per_token=9)), "BONK")
    for _ in range(3):
        number = world.name(coin(1, "BONK"))
    assert len(world.engine.state.watches[number]) == 1
    assert len(world.buy(number)) == 1


# candles


def bar(time: int, close: float = 1.0) -> Candle:
    return Candle(time, close, close, close, close, 1000.0)


def test_a_candle_is_recorded_as_a_price_at_its_close() -> None:
    world = World()
    token = world.name(coin(1))
    world.candle(token, 1.5)
    assert world.only(CandleRow) == (token, "1m", START, "COIN1", 1.0, 1.5, 1.0, 1.5, 1.0)
    assert world.only(TickRow) == (1, token, START + MINUTE, 1.5)


def test_history_is_recorded_and_confirms_nothing() -> None:
    world = World()
    world.join()
    token = world.signal(coin(1))
    past = [bar(START - 2 * MINUTE), bar(START - MINUTE), bar(START - MINUTE), bar(0)]
    world.do(History(at=START, token=token, candles=past))
    assert [row.timestamp for row in world.new(CandleRow)] == [START - 2 * MINUTE, START - MINUTE]
    assert world.new(TickRow) == []
    assert world.new(TradeRow) == []


def test_candles_that_were_missed_use_up_the_time_to_confirm() -> None:
    world = World(window=3)
    world.join()
    token = world.signal(coin(1))
    missed = [bar(START + number * MINUTE) for number in range(-2, 3)]
    world.do(History(at=START + 3 * MINUTE, token=token, candles=missed))
    assert [row.reason for row in world.new(SignalUpdate)] == ["not_confirmed"]


WRONG = [
    (math.nan, 2.0, 0.5, 1.0, 1.0),
    (1.0, math.inf, 0.5, 1.0, 1.0),
    (1.0, 2.0, 0.0, 1.0, 1.0),
    (1.0, 2.0, 0.5, -1.0, 1.0),
    (1.0, 0.9, 0.5, 0.8, 1.0),
    (1.0, 2.0, 1.5, 1.8, 1.0),
    (1.0, 2.0, 0.5, 2.5, 1.0),
    (1.0, 2.0, 0.5, 1.0, -1.0),
    (1.0, 2.0, 0.5, 1.0, math.nan),
]


@pytest.mark.parametrize("shape", WRONG)
def test_a_candle_that_can_be_none_is_refused_and_told(
    shape: tuple[float, float, float, float, float],
) -> None:
    world = World()
    world.join()
    token = world.signal(coin(1))
    wrong = CandleClosed(at=START + MINUTE, token=token, candle=Candle(START, *shape))
    assert slug(world.do(wrong)[0]) == "invalid-candle"
    assert [row.kind for row in world.new(EventRow)] == ["PriceRefused"]
    assert world.new(CandleRow) == []
    world.do(History(at=START, token=token, candles=[Candle(START, *shape)]))
    assert world.last == []


def test_a_candle_comes_once_and_in_order() -> None:
    world = World()
    token = world.name(coin(1))
    world.candle(token)
    for time in (START, START - MINUTE):
        answer = world.do(CandleClosed(at=world.now, token=token, candle=bar(time)))[0]
        assert slug(answer) == "old-candle"
        assert world.last == []


def test_unknown_tokens_are_refused() -> None:
    world = World()
    candle = CandleClosed(at=START, token=TokenId(9), candle=bar(START))
    answers = world.do(candle, History(at=START, token=TokenId(9), candles=[]))
    assert [slug(answer) for answer in answers] == ["unknown-token", "unknown-token"]
    assert world.last == []


# a person's wish to sell


@pytest.mark.parametrize("portion", [0.0, -1.0, 1.1, math.nan, math.inf, -math.inf])
def test_a_portion_is_above_nothing_and_at_most_all(portion: float) -> None:
    world = World(wish(exit_plan=HOLD))
    wallet, token = world.join(), world.signal(coin(1))
    world.buy(token)
    assert slug(world.sell(wallet, coin(1).mint, portion)) == "invalid-portion"
    assert world.last == []


def test_nothing_is_sold_without_a_position_or_a_price() -> None:
    world = World(wish(exit_plan=HOLD.model_copy(update={"max_holding_candles": 1})))
    wallet, other, token = world.join(), world.join(), world.signal(coin(1))
    assert slug(world.sell(wallet, coin(1).mint)) == "no-position"
    assert slug(world.sell(wallet, "nobody knows this mint")) == "no-position"
    world.do(ClosePosition(at=START, wallet=WalletId(wallet), mint=coin(1).mint, portion=1))
    world.buy(token)
    world.sell(other, coin(1).mint)
    assert slug(world.sell(other, coin(1).mint)) == "no-position"
    world.engine.state.books[token].price = 0.0
    assert slug(world.sell(wallet, coin(1).mint)) == "no-price"
    world.beat(world.now + 10 * MINUTE)
    assert world.new(FillRow) == []


def test_a_trade_sold_in_many_parts_keeps_room_for_its_end() -> None:
    """Orders have numbered places: the last ones are for the tiers and for the end."""
    steps = tuple((0.1 * tier, 0.1) for tier in range(1, 9))
    world = World(wish(exit_plan=ExitPlan(take_profit=steps, trailing_stop=None)))
    wallet, token = world.join(), world.signal(coin(1, decimals=9))
    world.buy(token)
    parts = [world.sell(wallet, coin(1).mint, 1e-6) for _ in range(ORDERS_PER_TRADE)]
    sold = [answer for answer in parts if answer == [1]]
    assert len(sold) == ORDERS_PER_TRADE - 10
    assert slug(parts[-1]) == "too-many-sales"
    assert len(world.price(token, 1.85)) == 8
    (last,) = world.price(token, 0.5)
    assert last.id % ORDERS_PER_TRADE == ORDERS_PER_TRADE - 1
    bought = [row.size for row in world.of(FillRow) if row.side == "BUY"]
    assert sum(bought) == sum(row.size for row in world.of(FillRow) if row.side == "SELL")


def test_a_trade_sold_in_many_parts_may_be_sold_to_the_end() -> None:
    world = World(wish(exit_plan=HOLD))
    wallet, token = world.join(), world.signal(coin(1, decimals=9))
    world.buy(token)
    for _ in range(ORDERS_PER_TRADE):
        world.sell(wallet, coin(1).mint, 1e-6)
    assert world.sell(wallet, coin(1).mint, 1.0) == [1]


# the record


def test_no_input_no_changes() -> None:
    world = World()
    assert world.do() == []
    assert not world.engine.handle([]).changes


def test_ids_follow_each_other() -> None:
    world = World(wish(exit_plan=HOLD))
    for _ in range(3):
        world.join()
    for number in (1, 2):
        world.buy(world.signal(coin(number)))
    assert [row.id for row in world.of(TradeRow)] == list(range(1, 7))
    assert [row.id for row in world.of(FillRow)] == [trade * 1024 for trade in range(1, 7)]
    seqs = [row.seq for row in world.of(EventRow)]
    assert seqs == list(range(1, len(seqs) + 1))
    assert [row.seq for row in world.of(TickRow)] == [1, 2]


def test_a_named_token_makes_no_end_of_a_signal() -> None:
    world = World(window=1)
    world.do(TokenNamed(at=START, symbol="BONK", token=coin(1, "BONK")))
    world.closes[1] = 1.0
    for _ in range(3):
        world.candle(1)
    assert world.of(SignalUpdate) == []
