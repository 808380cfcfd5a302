"""The candle service answers as the real one does, over HTTP."""

import dataclasses
import itertools
import math
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from app.simulator import INDEX_MINT, INDEX_POOL, SimulatorConfig, run_embedded
from app.simulator.market import SECONDS_KEPT
from app.simulator.tokens import USDC_MINT
from tests.simulator.conftest import NOON, HandClock, Served

Row = Sequence[float]
UNITS = [("second", 1), ("second", 15), ("second", 30), ("minute", 1), ("minute", 5)]
UNITS += [("minute", 15), ("hour", 1), ("hour", 4), ("hour", 12), ("day", 1)]
SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}


async def rows(
    served: Served, unit: str = "second", pool: str | None = None, **params: str | int
) -> list[list[float]]:
    address = pool or served.market.universe.tokens[0].pool
    query = {"currency": "token", **params}
    answer = await served.client.get(f"/networks/solana/pools/{address}/ohlcv/{unit}", params=query)
    assert answer.status_code == 200, answer.text
    found: list[list[float]] = answer.json()["data"]["attributes"]["ohlcv_list"]
    return found


def merged(seconds: Sequence[Row]) -> list[float]:
    """Merge candles, newest first, to one; without its volume."""
    first, last = seconds[-1], seconds[0]
    highs, lows = max(row[2] for row in seconds), min(row[3] for row in seconds)
    return [first[0], first[1], highs, lows, last[4]]


async def test_the_answer_has_the_documented_shape(served: Served) -> None:
    token = served.market.universe.tokens[0]
    answer = await served.client.get(f"/networks/solana/pools/{token.pool}/ohlcv/minute?limit=2")
    body = answer.json()
    assert set(body) == {"data", "meta"}
    assert body["data"]["type"] == "ohlcv_request_response"
    assert len(body["data"]["attributes"]["ohlcv_list"]) == 2
    assert body["meta"]["base"] == {
        "address": token.mint,
        "name": token.name,
        "symbol": token.symbol,
        "coingecko_coin_id": None,
    }
    assert body["meta"]["quote"]["address"] == INDEX_MINT
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(("unit", "aggregate"), UNITS)
async def test_candles_come_newest_first_without_duplicates(
    served: Served, unit: str, aggregate: int
) -> None:
    step = SECONDS[unit] * aggregate
    found = await rows(served, unit, aggregate=aggregate, limit=300, include_empty_intervals="true")
    times = [row[0] for row in found]
    assert times[0] == served.clock.time // step * step
    assert times == [times[0] - step * at for at in range(len(times))]
    for _, opened, high, low, close, volume in found:
        assert 0 < low <= min(opened, close) <= max(opened, close) <= high
        assert volume > 0 or high == low
    for newer, older in itertools.pairwise(found):
        assert newer[1] == older[4]


@pytest.mark.parametrize(
    ("unit", "aggregate", "expected"),
    [
        ("second", 1, 301),
        ("second", 15, 301),
        ("minute", 1, 301),
        ("minute", 5, 301),
        ("minute", 15, 190),
        ("hour", 1, 48),
        ("day", 1, 2),
    ],
)
async def test_history_is_there_from_the_first_moment(
    served: Served, unit: str, aggregate: int, expected: int
) -> None:
    assert len(await rows(served, unit, aggregate=aggregate, limit=301)) >= expected


async def test_longer_candles_are_what_their_seconds_say(served: Served) -> None:
    seconds = await rows(served, limit=1000, include_empty_intervals="true")
    for unit, aggregate, step in (("second", 15, 15), ("minute", 1, 60), ("minute", 5, 300)):
        for row in (await rows(served, unit, aggregate=aggregate, limit=3))[:3]:
            parts = [second for second in seconds if row[0] <= second[0] < row[0] + step]
            assert row[:5] == merged(parts)
            assert row[5] == pytest.approx(sum(part[5] for part in parts))


async def test_the_forming_candle_changes_and_closed_ones_never_do(served: Served) -> None:
    served.clock.time = math.floor(served.clock.time) + 0.25
    before = {row[0]: row for row in await rows(served, limit=400)}
    minutes = {row[0]: row for row in await rows(served, "minute", limit=100)}
    newest = max(before)
    served.clock.time += 0.7
    later = (await rows(served, limit=1))[0]
    assert later[0] == newest
    assert later[1] == before[newest][1]
    assert later[5] > before[newest][5]
    served.clock.time += 600
    after = {row[0]: row for row in await rows(served, limit=1000)}
    assert all(after[time] == row for time, row in before.items() if time != newest)
    after = {row[0]: row for row in await rows(served, "minute", limit=200)}
    forming = max(minutes)
    assert all(after[time] == row for time, row in minutes.items() if time != forming)


async def test_a_restarted_market_goes_on_where_the_clock_stands(
    served: Served, config: SimulatorConfig
) -> None:
    before = await rows(served, limit=200)
    await served.simulator.stop()
    served.clock.time += 180
    again = await run_embedded(config)
    async with httpx.AsyncClient(base_url=again.base_url) as client:
        revived = Served(again, client, served.clock)
        after = {row[0]: row for row in await rows(revived, limit=1000)}
    await again.stop()
    assert all(after[row[0]] == row for row in before[1:])
    gap = [time for time in after if time > before[0][0]]
    assert len(gap) >= 170


async def test_before_timestamp_pages_back_to_an_end(served: Served) -> None:
    found = await rows(served, limit=1000)
    while page := await rows(served, limit=1000, before_timestamp=int(found[-1][0])):
        assert page[0][0] < found[-1][0]
        found += page
    times = [row[0] for row in found]
    assert times == sorted(set(times), reverse=True)
    assert 0 <= times[-1] - (int(served.clock.time) - SECONDS_KEPT) <= 2
    assert await rows(served, before_timestamp=0) == []
    future = await rows(served, limit=1, before_timestamp=int(NOON) + 10**6)
    assert future[0][0] == int(served.clock.time)


async def test_empty_seconds_are_left_out_unless_asked_for(served: Served) -> None:
    for token in served.market.universe.everything:
        traded = await rows(served, pool=token.pool, limit=1000)
        oldest = traded[-1][0]
        every = await rows(served, pool=token.pool, limit=1000, include_empty_intervals="true")
        silent = [row for row in every if row[5] == 0 and row[0] >= oldest]
        assert all(row[1] == row[2] == row[3] == row[4] for row in silent)
        assert all(row[5] > 0 for row in traded)
        assert [row for row in every if row[5] > 0 and row[0] >= oldest] == [
            row for row in traded if row[0] >= every[-1][0]
        ]
        assert len(silent) < 20
    assert len({row[0] for row in traded}) == 1000


async def test_prices_convert_between_currencies_and_sides(served: Served) -> None:
    pool = served.market.universe.tokens[0].pool
    base, usd, quote, both = [
        (await rows(served, limit=2, **params))[1]
        for params in (
            {"currency": "token"},
            {"currency": "usd"},
            {"currency": "token", "token": "quote"},
            {"currency": "usd", "token": INDEX_MINT},
        )
    ]
    index = (await rows(served, pool=INDEX_POOL, limit=2))[1]
    assert usd[4] == pytest.approx(base[4] * index[4])
    assert quote[4] == pytest.approx(1 / base[4])
    assert quote[2] == pytest.approx(1 / base[3])
    assert both[4] == pytest.approx(index[4])
    assert usd[5] == pytest.approx(base[5] * usd[4])
    assert (await rows(served, pool=pool, token=served.market.universe.tokens[0].mint))[0]
    flat = await rows(served, pool=INDEX_POOL, currency="usd", token=USDC_MINT)
    assert {row[4] for row in flat} == {1.0}


async def test_a_pool_of_a_token_has_numbers_as_text(served: Served) -> None:
    token = served.market.universe.tokens[0]
    path = f"/networks/solana/tokens/{token.mint}/pools"
    body = (await served.client.get(path, params={"include": "base_token,quote_token,dex"})).json()
    (pool,) = body["data"]
    assert pool["id"] == f"solana_{token.pool}"
    attributes = pool["attributes"]
    assert attributes["address"] == token.pool
    for name in ("base_token_price_usd", "quote_token_price_usd", "reserve_in_usd", "fdv_usd"):
        assert float(attributes[name]) > 0
        assert isinstance(attributes[name], str)
    assert attributes["market_cap_usd"] is None
    spans = {"m5", "m15", "m30", "h1", "h6", "h24"}
    for name in ("price_change_percentage", "transactions", "volume_usd"):
        assert set(attributes[name]) == spans
    assert all(isinstance(value, str) for value in attributes["volume_usd"].values())
    related = pool["relationships"]
    assert related["base_token"]["data"]["id"] == f"solana_{token.mint}"
    assert related["quote_token"]["data"]["id"] == f"solana_{INDEX_MINT}"
    assert {item["id"] for item in body["included"]} == {
        f"solana_{token.mint}",
        f"solana_{INDEX_MINT}",
        "pumpswap",
    }
    single = await served.client.get(f"/networks/solana/pools/{token.pool}")
    assert single.json()["data"] == pool
    assert (await served.client.get(path, params={"page": "2"})).json() == {"data": []}


async def test_the_index_is_sol_in_dollars(served: Served) -> None:
    body = (
        await served.client.get(f"/networks/solana/tokens/{INDEX_MINT}/pools?include=dex")
    ).json()
    assert body["data"][0]["attributes"]["address"] == INDEX_POOL
    assert body["data"][0]["attributes"]["name"] == "SOL / USDC"
    assert body["included"][0]["id"] == "orca"
    closes = [row[4] for row in await rows(served, "hour", pool=INDEX_POOL, limit=160)]
    assert len(closes) == 160
    assert 100 < min(closes) < max(closes) < 200


async def test_trades_add_up_to_their_candles(served: Served) -> None:
    token = served.market.universe.tokens[0]
    path = f"/networks/solana/pools/{token.pool}/trades"
    trades = (await served.client.get(path)).json()["data"]
    assert len(trades) == 300
    facts: list[dict[str, Any]] = [trade["attributes"] for trade in trades]
    assert len({fact["tx_hash"] for fact in facts}) == 300
    times = [fact["block_timestamp"] for fact in facts]
    assert times == sorted(times, reverse=True)
    assert {fact["kind"] for fact in facts} == {"buy", "sell"}
    newest = [fact for fact in facts if fact["block_timestamp"] == times[0]]
    bought = [fact["kind"] == "buy" for fact in newest]
    tokens = sum(
        float(fact["to_token_amount"] if buy else fact["from_token_amount"])
        for fact, buy in zip(newest, bought, strict=True)
    )
    candle = (await rows(served, limit=2))[1]
    assert tokens == pytest.approx(candle[5])
    side = "price_to_in_currency_token" if bought[0] else "price_from_in_currency_token"
    assert float(newest[0][side]) == pytest.approx(candle[4])
    for fact in facts:
        sent, got = (token.mint, INDEX_MINT)
        if fact["kind"] == "buy":
            sent, got = got, sent
        assert (fact["from_token_address"], fact["to_token_address"]) == (sent, got)
    least = sorted(float(fact["volume_in_usd"]) for fact in facts)[150]
    big = await served.client.get(path, params={"trade_volume_in_usd_greater_than": str(least)})
    assert all(float(trade["attributes"]["volume_in_usd"]) > least for trade in big.json()["data"])


@pytest.mark.parametrize(
    ("path", "status", "title"),
    [
        ("tokens/nobody/pools", 404, "Not Found"),
        ("pools/nobody", 404, "Not Found"),
        ("pools/nobody/trades", 404, "Not Found"),
        ("pools/nobody/ohlcv/minute", 404, "Not Found"),
        ("pools/{pool}/ohlcv/week", 400, "Invalid timeframe"),
        ("pools/{pool}/ohlcv/minute?aggregate=7", 400, "Allowed values: 1, 5, 15"),
        ("pools/{pool}/ohlcv/minute?limit=1001", 400, "Invalid limit"),
        ("pools/{pool}/ohlcv/minute?limit=0", 400, "Invalid limit"),
        ("pools/{pool}/ohlcv/minute?limit=ten", 400, "Invalid limit"),
        ("pools/{pool}/ohlcv/minute?before_timestamp=-5", 400, "Invalid before_timestamp"),
        ("pools/{pool}/ohlcv/minute?before_timestamp=" + "9" * 30, 400, "Invalid before_"),
        ("pools/{pool}/ohlcv/minute?currency=eur", 400, "Invalid currency"),
        ("pools/{pool}/ohlcv/minute?token=nobody", 400, "Invalid token"),
        ("pools/{pool}/trades?trade_volume_in_usd_greater_than=nan", 400, "Invalid trade_"),
        ("pools/{pool}/trades?trade_volume_in_usd_greater_than=x", 400, "Invalid trade_"),
        ("tokens/{mint}/pools?page=11", 401, "up to page 10"),
        ("tokens/{mint}/pools?page=0", 400, "Invalid page"),
    ],
)
async def test_refusals_have_the_documented_shape(
    served: Served, path: str, status: int, title: str
) -> None:
    token = served.market.universe.tokens[0]
    place = path.format(pool=token.pool, mint=token.mint)
    answer = await served.client.get(f"/networks/solana/{place}")
    assert answer.status_code == status
    (error,) = answer.json()["errors"]
    assert error["status"] == str(status)
    assert title in error["title"]
    assert answer.json()["meta"]["ref_id"]


async def test_too_many_requests_are_refused_until_a_minute_passed(
    config: SimulatorConfig, clock: HandClock
) -> None:
    simulator = await run_embedded(dataclasses.replace(config, requests_per_minute=3))
    path = f"{simulator.base_url}/networks/solana/tokens/{INDEX_MINT}/pools"
    async with httpx.AsyncClient() as client:
        statuses = [(await client.get(path)).status_code for _ in range(4)]
        refused = await client.get(path)
        clock.time += 60
        later = await client.get(path)
    await simulator.stop()
    assert statuses == [200, 200, 200, 429]
    assert refused.json()["status"]["error_code"] == 429
    assert refused.headers["retry-after"] == "60"
    assert later.status_code == 200


async def test_the_newest_candle_comes_twice_when_asked_to(
    config: SimulatorConfig, clock: HandClock
) -> None:
    simulator = await run_embedded(dataclasses.replace(config, faults=("duplicate_candle",)))
    async with httpx.AsyncClient(base_url=simulator.base_url) as client:
        found = await rows(Served(simulator, client, clock), limit=3)
    await simulator.stop()
    assert len(found) == 4
    assert found[0] == found[1]
