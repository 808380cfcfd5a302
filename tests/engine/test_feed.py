"""What charts show: told once, in order, and never more than is kept."""

import pytest

from app.engine import feed as feeds
from app.engine.feed import KEPT_CANDLES, KEPT_TRADES, MarketFeed, MarketUpdate
from app.ports import MarketTrade
from tests.engine.outside import flat


def trade(number: int) -> MarketTrade:
    return MarketTrade(
        id=f"trade {number}",
        time=number,
        side="buy",
        price=1.0,
        sol_amount=1.0,
        token_amount=1.0,
        wallet=None,
    )


@pytest.fixture
def told() -> list[MarketUpdate]:
    return []


@pytest.fixture
def feed(told: list[MarketUpdate]) -> MarketFeed:
    it = MarketFeed("index")
    it.subscribe(told.append)
    return it


def test_only_what_is_new_is_told(feed: MarketFeed, told: list[MarketUpdate]) -> None:
    one, two, three = (flat(time, 1.0) for time in (1, 2, 3))
    feed.update(MarketUpdate(mint="a", closed=[one, two], forming=three), 10)
    feed.update(MarketUpdate(mint="a", closed=[one, two], forming=three), 11)
    feed.update(MarketUpdate(mint="a", closed=[two, three]), 12)
    feed.update(MarketUpdate(mint="a", closed=[one]), 13)
    assert [list(news.closed) for news in told] == [[one, two], [three]]
    kept = feed.of("a")
    assert kept is not None
    assert (list(kept.candles), kept.forming, kept.seen_at) == ([one, two, three], None, 13)


def test_trades_leave_the_forming_candle_as_it_is(
    feed: MarketFeed, told: list[MarketUpdate]
) -> None:
    feed.update(MarketUpdate(mint="a", forming=flat(1, 2.0)), 10)
    feed.update(MarketUpdate(mint="a", trades=[trade(1), trade(2)]), 11)
    feed.update(MarketUpdate(mint="a", trades=[trade(2), trade(3)]), 12)
    kept = feed.of("a")
    assert kept is not None
    assert kept.forming == flat(1, 2.0)
    assert [one.id for one in kept.trades] == ["trade 1", "trade 2", "trade 3"]
    assert [[one.id for one in news.trades] for news in told[1:]] == [
        ["trade 1", "trade 2"],
        ["trade 3"],
    ]


def test_memory_is_bounded(feed: MarketFeed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "KEPT_TOKENS", 3)
    for token in range(5):
        for time in range(KEPT_CANDLES + 50):
            news = MarketUpdate(
                mint=f"token {token}", closed=[flat(time, 1.0)], trades=[trade(time)]
            )
            feed.update(news, time)
    assert feed.mints() == ["token 2", "token 3", "token 4"]
    kept = feed.of("token 4")
    assert kept is not None
    assert (len(kept.candles), len(kept.trades)) == (KEPT_CANDLES, KEPT_TRADES)
    assert feed.of("token 0") is None


def test_who_leaves_is_not_told(feed: MarketFeed, told: list[MarketUpdate]) -> None:
    more: list[MarketUpdate] = []
    leave = feed.subscribe(more.append)
    feed.update(MarketUpdate(mint="a", closed=[flat(1, 1.0)]), 1)
    leave()
    feed.update(MarketUpdate(mint="a", closed=[flat(2, 1.0)]), 2)
    assert (len(told), len(more)) == (2, 1)
