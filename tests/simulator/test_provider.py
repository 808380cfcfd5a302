"""Signals, token info, sentiment and token search over HTTP."""

import asyncio
import dataclasses
import itertools
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from datetime import datetime

import httpx
import pytest
from httpx_sse import ServerSentEvent, aconnect_sse
from solders.pubkey import Pubkey

from app.simulator import INDEX_MINT, INDEX_POOL, Fault, SimulatorConfig, run_embedded
from app.simulator.market import Market
from app.simulator.sentiment import explain
from app.simulator.signals import SignalDesk
from tests.simulator.conftest import NOON, HandClock, Served

FIELDS = {
    "tokenAddress",
    "uniqueWalletCount",
    "walletAddresses",
    "windowStart",
    "windowEnd",
    "triggeredAt",
}


@pytest.fixture
def config(clock: HandClock) -> SimulatorConfig:
    return SimulatorConfig(
        seed=7,
        now=clock,
        keepalive_every=0.05,
        sentiment_latency=(0.0, 0.0),
        sentiment_failures=0.0,
    )


async def events(url: str) -> AsyncGenerator[ServerSentEvent]:
    async with (
        httpx.AsyncClient(timeout=5) as client,
        aconnect_sse(client, "GET", f"{url}/stream") as source,
    ):
        assert source.response.headers["content-type"].startswith("text/event-stream")
        async for event in source.aiter_sse():
            yield event


async def test_a_stream_greets_with_a_line_and_a_fresh_signal(served: Served) -> None:
    async with aclosing(events(served.simulator.base_url)) as stream:
        greeting, signal = await anext(stream), await anext(stream)
    assert greeting.event == "connected"
    assert not greeting.data.startswith("{")
    assert signal.event == "data"
    assert signal.id == ""
    body = signal.json()
    assert set(body) == FIELDS
    token = served.market.universe.by_mint[body["tokenAddress"]]
    assert token.mood == "good"
    assert body["uniqueWalletCount"] == len(set(body["walletAddresses"])) >= 2
    for address in (body["tokenAddress"], *body["walletAddresses"]):
        Pubkey.from_string(address)
    triggered = datetime.fromisoformat(body["triggeredAt"])
    assert triggered.timestamp() == pytest.approx(served.clock.time, abs=0.001)
    window = datetime.fromisoformat(body["windowEnd"]) - datetime.fromisoformat(body["windowStart"])
    assert window.total_seconds() == 5
    assert body["triggeredAt"].endswith("Z")


async def test_every_listener_gets_the_same_signals_about_every_ten_seconds(served: Served) -> None:
    url = served.simulator.base_url
    async with aclosing(events(url)) as one, aclosing(events(url)) as other:
        for stream in (one, other):
            await anext(stream)
            await anext(stream)
        moments = []
        for _ in range(12):
            served.clock.time += 12.1
            first, second = await anext(one), await anext(other)
            assert first.data == second.data
            moments.append(datetime.fromisoformat(first.json()["triggeredAt"]).timestamp())
    gaps = [b - a for a, b in itertools.pairwise(moments)]
    assert all(8 <= gap <= 12 for gap in gaps)


async def test_keepalives_fill_the_silence(served: Served) -> None:
    async with served.client.stream("GET", "/stream") as response:
        lines = response.aiter_lines()
        seen = [await anext(lines) for _ in range(12)]
    assert seen[:3] == ["event: connected", "data: Connected to the signal stream", ""]
    assert seen[3] == "event: data"
    assert seen[6:12] == [": keepalive", ""] * 3


async def test_a_market_that_slept_does_not_flood(served: Served) -> None:
    async with aclosing(events(served.simulator.base_url)) as stream:
        await anext(stream)
        await anext(stream)
        served.clock.time += 7_200
        await anext(stream)
        late = 0
        with suppress(TimeoutError):
            while True:
                await asyncio.wait_for(anext(stream), 0.5)
                late += 1
    assert 1 <= late <= 6


@pytest.mark.parametrize("fault", ["bad_json", "missing_mint", "invalid_mint", "huge_event"])
async def test_a_fault_happens_once_and_only_when_asked(
    config: SimulatorConfig, fault: Fault
) -> None:
    simulator = await run_embedded(dataclasses.replace(config, faults=(fault,)))
    async with aclosing(events(simulator.base_url)) as stream:
        seen = [await anext(stream) for _ in range(3)]
    async with aclosing(events(simulator.base_url)) as stream:
        assert (await anext(stream)).event == "connected"
        assert set((await anext(stream)).json()) == FIELDS
    await simulator.stop()
    if fault == "bad_json":
        with pytest.raises(json.JSONDecodeError):
            seen[2].json()
    elif fault == "missing_mint":
        assert set(seen[2].json()) == FIELDS - {"tokenAddress"}
    elif fault == "invalid_mint":
        with pytest.raises(ValueError, match="Base58"):
            Pubkey.from_string(seen[2].json()["tokenAddress"])
    else:
        assert len(seen[2].data) > 10 * 2**20


async def test_a_stream_can_be_cut_inside_an_event(config: SimulatorConfig) -> None:
    simulator = await run_embedded(dataclasses.replace(config, faults=("cut",)))
    async with httpx.AsyncClient() as client:
        body = (await client.get(f"{simulator.base_url}/stream")).text
    await simulator.stop()
    assert body.count("\n\n") == 2
    assert not body.endswith("\n")


async def test_token_info_names_symbol_pool_and_decimals(served: Served) -> None:
    for token in served.market.universe.everything:
        body = (await served.client.get(f"/token/{token.mint}")).json()
        assert body == {
            "symbol": token.symbol,
            "logo_url": None,
            "pair_address": token.pool,
            "decimals": token.decimals,
        }
        assert body["decimals"] in {5, 6, 9}
        Pubkey.from_string(token.mint)
        Pubkey.from_string(token.pool)
    assert (await served.client.get("/token/nobody")).status_code == 404
    assert served.market.universe.by_mint[INDEX_MINT].pool == INDEX_POOL


async def test_sentiment_passes_for_most_fails_for_some_and_is_unknown_for_one(
    served: Served,
) -> None:
    scores: list[float | None] = []
    for token in served.market.universe.tokens:
        params = {"coin": f"${token.symbol}", "max_results": "300"}
        body = (await served.client.get("/rag/explain", params=params)).json()
        assert set(body) == {
            "found",
            "confidence",
            "evidence",
            "twitter_details",
            "raw",
            "sample_texts",
        }
        assert body["twitter_details"]["total"] == body["raw"]["twitter_total"]
        assert body["found"] == (body["evidence"] > 0) == bool(body["sample_texts"])
        scores.append(body["twitter_details"]["pos_pct"] if body["found"] else None)
    known = [score for score in scores if score is not None]
    assert len(known) == 11
    assert sum(score > 60 for score in known) == 10
    nobody = await served.client.get("/rag/explain", params={"coin": "$NOBODY"})
    assert nobody.json()["found"] is False


def test_good_moods_always_pass_and_bad_ones_never_do() -> None:
    market = Market(SimulatorConfig(seed=9))
    for token in market.universe.tokens:
        for window in range(50):
            answer = explain(9, token, NOON + 300 * window, 300)
            details = answer["twitter_details"]
            assert isinstance(details, dict)
            assert (details["pos_pct"] > 60) == (token.mood == "good")
    assert explain(9, market.universe.tokens[0], NOON, 0)["found"] is False
    few = explain(9, market.universe.tokens[0], NOON, 4)["raw"]
    assert isinstance(few, dict)
    assert len(few["twitter_texts"]) == few["twitter_total"] == 4


async def test_sentiment_fails_as_often_as_asked(config: SimulatorConfig) -> None:
    simulator = await run_embedded(dataclasses.replace(config, sentiment_failures=0.3))
    async with httpx.AsyncClient(base_url=simulator.base_url) as client:
        path = "/rag/explain?coin=$SOL"
        statuses = [(await client.get(path)).status_code for _ in range(60)]
    await simulator.stop()
    assert set(statuses) == {200, 503}
    assert 6 <= statuses.count(503) <= 30


async def test_search_finds_mints_and_symbols(served: Served) -> None:
    first, second = served.market.universe.tokens[:2]

    async def search(query: str) -> list[dict[str, object]]:
        answer = await served.client.get("/tokens/v2/search", params={"query": query})
        assert answer.status_code == 200
        found: list[dict[str, object]] = answer.json()
        return found

    both = await search(f"{first.mint},{second.mint},{first.mint},{'1' * 32}")
    assert [token["id"] for token in both] == [first.mint, second.mint]
    assert await search("1" * 32) == []
    (one, *_) = await search(first.symbol.lower())
    assert one["id"] == first.mint
    assert one["decimals"] == first.decimals
    assert float(str(one["usdPrice"])) > 0
    assert one["firstPool"] == {"id": first.pool, "createdAt": one["createdAt"]}
    for name in ("SOL", "SOL-USDC", "sol/usdc", INDEX_MINT):
        assert (await search(name))[0]["id"] == INDEX_MINT
    assert await search("nothing like it") == []


@pytest.mark.parametrize("query", ["", " , ", ",".join("x" * 101)])
async def test_search_refuses_nothing_and_too_much(served: Served, query: str) -> None:
    answer = await served.client.get("/tokens/v2/search", params={"query": query})
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_desk_without_good_tokens_left_still_signals() -> None:
    market = Market(SimulatorConfig(seed=1, token_count=1))
    desk = SignalDesk(market.config, market.universe, NOON)
    first = desk.slot_after(NOON)
    mints = {desk.signal(slot).mint for slot in range(first, first + 200)}
    assert mints == {market.universe.tokens[0].mint}


def test_desks_with_one_seed_and_start_agree() -> None:
    market = Market(SimulatorConfig(seed=1))
    desks = [SignalDesk(market.config, market.universe, NOON) for _ in range(2)]
    first = desks[0].slot_after(NOON)
    signals = [[desk.signal(slot) for slot in range(first, first + 60)] for desk in desks]
    assert signals[0] == signals[1]
    moods = {market.universe.by_mint[signal.mint].mood for signal in signals[0]}
    assert moods == {"good", "bad", "unknown"}
