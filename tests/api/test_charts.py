"""Candles in every timeframe, and what strategies see of them, as a chart takes both."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.engine.feed import MarketUpdate
from app.strategies.sma_crossover import SmaCrossover
from app.trading.inputs import History
from app.trading.market import Candle, Token
from tests.api.stage import SECOND, Person, Stage, move, until
from tests.candles import closes


def iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


async def stored(stage: Stage, many: int = 200, symbol: str = "BONK") -> tuple[Token, list[Candle]]:
    """Give a new token so many candles of a second, the last one on the edge of a minute."""
    token = await stage.token(symbol)
    end = stage.now() // 60_000 * 60_000 - 600_000
    candles = []
    for place in range(many):
        price = 1.0 + (place * 7 % 11) / 100
        at = end - (many - place) * SECOND
        candles.append(Candle(at, price, price + 0.5, price - 0.5, price + 0.01, 1.0))
    await stage.live.submit(History(at=stage.now(), token=token.id, candles=candles))
    return token, candles


async def chart(stage: Stage, token: Token, **asked: Any) -> Any:
    answer = await stage.client.get(f"/api/market/candles/{token.mint}", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_candles_are_joined_and_go_on_with_what_forms(stage: Stage) -> None:
    token, candles = await stored(stage)
    shown = await chart(stage, token, timeframe="1m")
    assert shown["timeframes"] == ["1s", "5s", "15s", "1m", "5m", "15m", "1h", "4h", "1d"]
    whole = shown["candles"][-1]
    part = candles[-60:]
    assert whole == {
        "time": part[0].time // 1000,
        "open": part[0].open,
        "high": max(one.high for one in part),
        "low": min(one.low for one in part),
        "close": part[-1].close,
    }
    assert [one["value"] for one in shown["volumes"]] == [20.0, 60.0, 60.0, 60.0]
    assert shown["newest"] == {"time": candles[-1].time // 1000, "volume": 1.0}

    opened = candles[-1].time // 1000 + 1
    closed = [Candle((opened + n) * 1000, 5.0, 5.0, 5.0, 5.0, 2.0) for n in (0, 1)]
    forming = Candle((opened + 2) * 1000, 5.0, 9.0, 5.0, 6.0, 0.5)
    stage.live.feed.update(
        MarketUpdate(mint=token.mint, closed=closed, forming=forming), stage.now()
    )
    shown = await chart(stage, token, timeframe="1m")
    assert shown["candles"][-1] == {
        "time": opened,
        "open": 5.0,
        "high": 9.0,
        "low": 5.0,
        "close": 6.0,
    }
    assert shown["volumes"][-1]["value"] == 4.5
    assert shown["newest"] == {"time": opened + 2, "volume": 0.5}


async def test_older_pages_join_on_without_a_gap(stage: Stage) -> None:
    token, _ = await stored(stage)
    everything = (await chart(stage, token, timeframe="15s"))["candles"]
    newest = (await chart(stage, token, timeframe="15s", limit=4))["candles"]
    pages = list(newest)
    while True:
        before = iso(pages[0]["time"])
        page = await chart(stage, token, timeframe="15s", limit=4, to=before)
        assert page["newest"] is None
        if not page["candles"]:
            break
        pages = page["candles"] + pages
    assert pages == everything
    assert len(everything) == 14


async def test_the_index_comes_in_wider_candles_too(stage: Stage) -> None:
    index = stage.live.feed.index
    for second in range(5):
        move(stage, index, 1.0 + second, 1_795_255_200 + second)
    shown = (await stage.client.get("/api/market/index", params={"timeframe": "5s"})).json()
    assert shown["timeframe"] == "5s"
    assert shown["newest"]["time"] == 1_795_255_204
    by_mint = await stage.client.get(f"/api/market/candles/{index}", params={"timeframe": "5s"})
    assert by_mint.json() == shown


async def test_lines_are_what_the_wallet_s_strategies_see(stage: Stage, person: Person) -> None:
    token, candles = await stored(stage, symbol="LINED")
    shown = await stage.get(person, f"/api/lines/{{}}/{token.mint}")
    assert [(line["strategy"], line["title"]) for line in shown["lines"]] == [
        ("sma_crossover", "SMA 10"),
        ("sma_crossover", "SMA 30"),
        ("breakout", "High of 20"),
    ]
    numbers = SmaCrossover().evaluate(closes(*(one.close for one in candles))).numbers
    seen = {line["title"]: dict(map(tuple, line["points"])) for line in shown["lines"]}
    for place in (30, 77, 199):
        at = candles[place].time // 1000
        assert seen["SMA 10"][at] == numbers["fast"][place]
        assert seen["SMA 30"][at] == numbers["slow"][place]
        assert seen["High of 20"][at] == max(one.high for one in candles[place - 20 : place])

    wide = await stage.get(person, f"/api/lines/{{}}/{token.mint}", timeframe="1m")
    last = wide["lines"][0]["points"][-1]
    assert last == [candles[-60].time // 1000, numbers["fast"][-1]]
    tail = await stage.get(
        person, f"/api/lines/{{}}/{token.mint}", **{"from": iso(candles[-2].time // 1000)}
    )
    assert [len(line["points"]) for line in tail["lines"]] == [2, 2, 2]


async def test_lines_follow_the_settings_and_a_trade_those_of_its_time(stage: Stage) -> None:
    person = await stage.register()
    own = {
        "active_strategy": "ma_crossover",
        "parameters": {"custom_params": {"fast_ma": 3, "slow_ma": 7}},
    }
    url = f"/api/settings/{person.wallet}"

    async def write(symbol: str, body: Any) -> None:
        answer = await stage.client.put(f"{url}/{symbol}", json=body, headers=person.headers)
        assert answer.status_code == 200, answer.text

    async def titles(token: Token, **asked: Any) -> list[str]:
        shown = await stage.get(person, f"/api/lines/{{}}/{token.mint}", **asked)
        return [line["title"] for line in shown["lines"]]

    await write("TIMED", own)
    token = await stage.bought("TIMED")
    (position,) = (await stage.get(person, "/api/positions/{}"))["items"]
    held = position["trade_id"]
    entry = datetime.fromisoformat(position["entry_time"]).timestamp() * SECOND
    await until(lambda: stage.now() > entry)
    assert await titles(token) == await titles(token, trade=held) == ["SMA 3", "SMA 7"]
    await write("TIMED", {**own, "parameters": {"custom_params": {"fast_ma": 4, "slow_ma": 9}}})
    assert await titles(token) == ["SMA 4", "SMA 9"]
    assert await titles(token, trade=held) == ["SMA 3", "SMA 7"]
    await write(token.mint, {"active_strategy": "breakout"})
    assert await titles(token) == ["High of 20"]
    assert await titles(token, trade=held) == ["SMA 3", "SMA 7"]


async def test_lines_of_another_token_s_trade_are_nobody_s(stage: Stage) -> None:
    person = await stage.register()
    await stage.bought("ONE")
    held = (await stage.get(person, "/api/positions/{}"))["items"][0]["trade_id"]
    other, _ = await stored(stage, symbol="OTHER")
    for mint, trade in ((other.mint, held), (other.mint, 999_999), ("nobody", 1)):
        answer = await stage.client.get(
            f"/api/lines/{person.wallet}/{mint}", params={"trade": trade}, headers=person.headers
        )
        assert answer.status_code == 404


@pytest.mark.parametrize(
    "asked", [{"timeframe": "2s"}, {"limit": 0}, {"to": "yesterday"}, {"trade": -1}]
)
async def test_nonsense_is_refused(stage: Stage, person: Person, asked: dict[str, Any]) -> None:
    token, _ = await stored(stage, 2, "BAD")
    answer = await stage.client.get(
        f"/api/lines/{person.wallet}/{token.mint}", params=asked, headers=person.headers
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["location"] == "query"
