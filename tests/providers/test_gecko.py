from typing import Any

import pytest

from app.ports import (
    BadPayloadError,
    ProviderError,
    RateLimitedError,
    RejectedError,
    UnavailableError,
)
from app.providers.candles.gecko import GeckoCandles
from app.providers.gecko import SOL
from app.providers.http import Http
from app.trading.market import Candle, is_candle
from tests.providers.answers import Answers
from tests.providers.clocks import StillClock
from tests.providers.gecko_bodies import (
    BASE,
    MINT,
    MINUTE,
    OPEN_NOW,
    OTHER,
    POOL,
    USDC,
    ohlcv,
    pool,
    row,
    sol_in_dollars,
)


@pytest.fixture
def source(http: Http, url: str) -> GeckoCandles:
    return GeckoCandles(http, StillClock(), f"{url}/api/v2/")


@pytest.mark.parametrize(
    ("timeframe", "path", "aggregate"),
    [
        ("1s", "second", "1"),
        ("1m", "minute", "1"),
        ("5m", "minute", "5"),
        ("15m", "minute", "15"),
        ("1h", "hour", "1"),
        ("4h", "hour", "4"),
        ("1d", "day", "1"),
    ],
)
async def test_a_timeframe_is_a_path_and_an_aggregate(
    source: GeckoCandles, answers: Answers, timeframe: str, path: str, aggregate: str
) -> None:
    answers.will(ohlcv([]))
    assert (await source.candles(MINT, POOL, timeframe, 100)).closed == []
    asked = answers.asked[0]
    assert asked.url.path == f"/api/v2/networks/solana/pools/{POOL}/ohlcv/{path}"
    assert dict(asked.query_params) == {
        "aggregate": aggregate,
        "limit": "101",
        "currency": "token",
        "token": MINT,
    }


async def test_candles_come_oldest_first_and_the_open_one_apart(
    source: GeckoCandles, answers: Answers
) -> None:
    rows = [row(0, 3e-7), row(0, 2e-7), row(1, 1.5e-7), row(2, "1.2e-7"), row(5, 1e-7)]
    answers.will(ohlcv(rows))
    told = await source.candles(MINT, POOL, "1m", 2)
    assert [one.time for one in told.closed] == [BASE - 2 * MINUTE, BASE - MINUTE]
    assert [one.close for one in told.closed] == [1.2e-7, 1.5e-7]
    assert told.forming == Candle(BASE, 3e-7, 3e-7, 3e-7, 3e-7, 5.0)
    counted = source.snapshot()
    assert (counted["duplicates"], counted["missing"], counted["refused"]) == (1, 2, 0)


@pytest.mark.parametrize(
    "bad",
    [
        row(1, float("nan")),
        row(1, "NaN"),
        row(1, 0),
        row(1, -1),
        row(1, None),
        row(1, True),
        row(1, 10**400),
        row(1, high=1e-8),
        row(1, low=1),
        row(1, volume=-1),
        row(1, volume="inf"),
        row(-1),
        row(-100_000),
        [OPEN_NOW - 61, 1, 1, 1, 1, 1],
        [-60, 1, 1, 1, 1, 1],
        ["x", 1, 1, 1, 1, 1],
        [OPEN_NOW * 1_000, 1, 1, 1, 1, 1],
        [OPEN_NOW - 60, 1, 1],
        {"t": 1},
        None,
    ],
)
async def test_what_is_no_candle_is_refused_and_counted(
    source: GeckoCandles, answers: Answers, bad: object
) -> None:
    answers.will(ohlcv([row(0), bad, row(2)]))
    told = await source.candles(MINT, POOL, "1m", 10)
    assert [one.time for one in told.closed] == [BASE - 2 * MINUTE]
    assert told.forming is not None
    assert told.refused == 1
    assert source.snapshot()["refused"] == 1


async def test_rows_out_of_order_are_sorted_in_and_counted(
    source: GeckoCandles, answers: Answers
) -> None:
    answers.will(ohlcv([row(1), row(3), row(2), row(4)]))
    told = await source.candles(MINT, POOL, "1m", 10)
    assert [one.time for one in told.closed] == [BASE - n * MINUTE for n in (4, 3, 2, 1)]
    assert source.snapshot()["out_of_order"] == 1
    answers.will(ohlcv([row(4), row(3), row(2)]))
    assert len((await source.candles(MINT, POOL, "1m", 10)).closed) == 3
    assert source.snapshot()["out_of_order"] == 1


async def test_older_candles_are_asked_for_at_a_border(
    source: GeckoCandles, answers: Answers
) -> None:
    answers.will(ohlcv([row(1), row(2), row(3)]))
    told = await source.candles(MINT, POOL, "1m", 2_000, before=BASE - MINUTE)
    assert answers.asked[0].query_params["before_timestamp"] == str(OPEN_NOW - 60)
    assert answers.asked[0].query_params["limit"] == "1000"
    assert [one.time for one in told.closed] == [BASE - 3 * MINUTE, BASE - 2 * MINUTE]
    told = await source.candles(MINT, POOL, "1m", 5, before=BASE - MINUTE - 1)
    assert answers.asked[1].query_params["before_timestamp"] == str(OPEN_NOW - 60)
    assert len(told.closed) == 2
    told = await source.candles(MINT, POOL, "1m", 5, before=BASE - MINUTE + 1)
    assert answers.asked[2].query_params["before_timestamp"] == str(OPEN_NOW)
    assert len(told.closed) == 3


async def test_prices_in_dollars_are_divided_by_sol(source: GeckoCandles, answers: Answers) -> None:
    answers.asked.clear()
    answers.answer = sol_in_dollars
    for _ in range(2):
        told = await source.candles(MINT, POOL, "1m", 10)
        assert [one.close for one in told.closed] == [0.2 / 200, 0.4 / 200, 0.3 / 200]
        assert all(is_candle(one) and one.volume == 5 for one in told.closed)
        assert told.forming is not None
        assert told.forming.close == 0.5 / 250
    assert len(answers.asked) == 4
    assert source.snapshot()["converted"] == 8


async def test_a_price_that_cannot_be_in_sol_is_an_error(
    source: GeckoCandles, answers: Answers
) -> None:
    answers.will(ohlcv([row(1)], quote=OTHER))
    with pytest.raises(RejectedError, match="no price in SOL"):
        await source.candles(MINT, POOL, "1m", 10)
    answers.will(ohlcv([row(1)], base=OTHER))
    with pytest.raises(BadPayloadError, match="two sides"):
        await source.candles(MINT, POOL, "1m", 10)
    answers.answer = lambda request: (
        {"data": [pool(POOL, USDC, "9", base=SOL)]}
        if request.url.path.endswith("/pools")
        else ohlcv([], quote=USDC, base=SOL)
        if request.query_params["currency"] == "usd"
        else ohlcv([row(1)], quote=USDC)
    )
    with pytest.raises(BadPayloadError, match="no price of SOL"):
        await source.candles(MINT, POOL, "1m", 10)
    source._sol_pool = None
    answers.answer = lambda request: (
        {"data": []} if request.url.path.endswith("/pools") else ohlcv([row(1)], quote=USDC)
    )
    with pytest.raises(BadPayloadError, match="no pool of SOL"):
        await source.candles(MINT, POOL, "1m", 10)


async def test_volumes_may_be_in_the_quote(http: Http, url: str, answers: Answers) -> None:
    answers.will(ohlcv([row(1, 0.5)]))
    source = GeckoCandles(http, StillClock(), url, volume_in="quote")
    assert (await source.candles(MINT, POOL, "1m", 1)).closed[0].volume == 10


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((429, {"status": {"error_code": 429, "error_message": "slow"}}), RateLimitedError),
        ({"status": {"error_code": 429, "error_message": "slow"}}, RateLimitedError),
        ({"status": {"error_code": 503, "error_message": "down"}}, UnavailableError),
        ({"status": {"error_code": 10_002, "error_message": "key"}}, RejectedError),
        ({"status": {"error_code": 400, "error_message": "no"}}, RejectedError),
        ({"errors": [{"status": "400", "title": "Invalid aggregate"}]}, RejectedError),
        ((401, {"errors": [{"title": "past 180 days"}]}), RejectedError),
        ((404, {"errors": [{"title": "Not Found"}]}), RejectedError),
        ((503, b"<html>"), UnavailableError),
        (b"<html>", BadPayloadError),
        ({"data": {"attributes": {"ohlcv_list": "none"}}}, BadPayloadError),
        ([], BadPayloadError),
    ],
)
async def test_both_ways_to_say_no_are_understood(
    clock: Any, url: str, answers: Answers, answer: object, error: type[ProviderError]
) -> None:
    client = Http(clock, jitter=lambda: 0.0)
    source = GeckoCandles(client, StillClock(), url)
    answers.will(answer)
    with pytest.raises(ProviderError) as caught:
        await source.candles(MINT, POOL, "1m", 10)
    assert type(caught.value) is error
    await client.aclose()


async def test_a_refusal_in_a_body_pauses_the_host_too(
    http: Http, source: GeckoCandles, answers: Answers
) -> None:
    answers.will({"status": {"error_code": 429, "error_message": "slow"}})
    with pytest.raises(RateLimitedError):
        await source.candles(MINT, POOL, "1m", 10)
    (told,) = http.snapshot().values()
    assert told["paused_seconds"] == pytest.approx(5.0, abs=0.2)
    assert source.snapshot()["throttled"] == 1


async def test_what_is_not_there_is_not_asked_for(source: GeckoCandles, answers: Answers) -> None:
    for mint, address, timeframe in ((MINT, POOL, "2h"), ("x", POOL, "1m"), (MINT, "../", "1m")):
        with pytest.raises(RejectedError):
            await source.candles(mint, address, timeframe, 10)
    assert answers.asked == []


async def test_the_real_service_is_asked_eight_times_a_minute(http: Http) -> None:
    GeckoCandles(http, StillClock())
    bucket = http._host("https://api.geckoterminal.com").bucket
    assert bucket.limit.per_minute == 8
    assert bucket.limit.backoff_seconds == 10
