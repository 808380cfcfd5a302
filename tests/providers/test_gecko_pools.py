from typing import Any

import pytest
from starlette.requests import Request

from app.ports import BadPayloadError, RejectedError
from app.providers.candles.gecko import GeckoCandles
from app.providers.gecko import SOL, choose_pool
from app.providers.http import Http
from tests.providers.answers import Answers
from tests.providers.clocks import StillClock
from tests.providers.gecko_bodies import (
    MINT,
    OTHER,
    POOL,
    POOLS,
    USDC,
    USDT,
    pool,
    sol_in_dollars,
    trade,
)


@pytest.fixture
def source(http: Http, url: str) -> GeckoCandles:
    return GeckoCandles(http, StillClock(), f"{url}/api/v2/")


@pytest.mark.parametrize(
    ("pools", "chosen"),
    [
        ([], None),
        ([pool(POOLS[0], SOL, "10"), pool(POOLS[1], SOL, "20")], 1),
        ([pool(POOLS[0], SOL, "1000"), pool(POOLS[1], USDC, "9000")], 0),
        ([pool(POOLS[0], SOL, "1"), pool(POOLS[1], USDC, "9000")], 1),
        ([pool(POOLS[0], USDC, "1"), pool(POOLS[1], USDT, "2")], 1),
        ([pool(POOLS[0], SOL, "NaN"), pool(POOLS[1], SOL, "-97.3"), pool(POOLS[3], SOL, "1")], 3),
        ([pool(POOLS[0], SOL, None), pool(POOLS[1], SOL, "inf")], 0),
        ([pool(POOLS[0], OTHER, "1e9")], None),
        ([pool(POOLS[0], MINT, "10", base=SOL)], 0),
        ([pool(POOLS[0], USDC, "10", base=OTHER)], None),
        ([pool("short", SOL, "10"), {}, 3, None, {"attributes": None}], None),
    ],
)
def test_the_deepest_pool_against_sol_is_chosen(pools: list[Any], chosen: int | None) -> None:
    found = choose_pool({"data": pools}, MINT)
    assert (found.address if found else None) == (None if chosen is None else POOLS[chosen])


async def test_a_pool_is_looked_up_by_mint(source: GeckoCandles, answers: Answers) -> None:
    answers.will({"data": [pool(POOL, SOL, "10")]})
    assert await source.pool(MINT) == POOL
    assert answers.asked[0].url.path == f"/api/v2/networks/solana/tokens/{MINT}/pools"
    assert answers.asked[0].headers["accept"].startswith("application/json;version=")
    answers.will((404, {"errors": [{"status": "404", "title": "Not Found"}]}))
    assert await source.pool(MINT) is None
    assert await source.pool("no mint") is None
    answers.will({"data": None})
    with pytest.raises(BadPayloadError):
        await source.pool(MINT)


async def test_trades_are_told_from_the_tokens_side(source: GeckoCandles, answers: Answers) -> None:
    bad = [
        trade(5, MINT, SOL, from_token_amount="0"),
        trade(6, MINT, SOL, block_timestamp="?"),
        trade(7, OTHER, SOL),
        trade(8, MINT, MINT),
        {"id": "x"},
    ]
    answers.will({"data": [trade(3, MINT, SOL), trade(1, SOL, MINT, tx_from_address="?"), *bad]})
    bought, sold = await source.trades(MINT, POOL)
    assert answers.asked[0].url.path == f"/api/v2/networks/solana/pools/{POOL}/trades"
    assert (bought.side, bought.sol_amount, bought.token_amount) == ("buy", 2.0, 8.0)
    assert (bought.price, bought.wallet, bought.time) == (0.25, None, 1_795_168_801_000)
    assert (sold.side, sold.sol_amount, sold.token_amount, sold.price) == ("sell", 8.0, 2.0, 4.0)
    assert (sold.wallet, sold.id) == (OTHER, "solana_1_sig_3")
    assert source.snapshot()["refused"] == 5


async def test_a_pool_nobody_knows_has_no_trades(source: GeckoCandles, answers: Answers) -> None:
    answers.will((404, {"errors": [{"title": "Not Found"}]}))
    with pytest.raises(RejectedError, match="does not know the pool"):
        await source.trades(MINT, POOL)


async def test_trades_against_dollars_are_in_sol(source: GeckoCandles, answers: Answers) -> None:
    def answer(request: Request) -> object:
        if request.url.path.endswith("/trades"):
            return {"data": [trade(1, USDC, MINT), trade(2, MINT, SOL), trade(3, MINT, OTHER)]}
        return sol_in_dollars(request)

    answers.answer = answer
    bought, sold = await source.trades(MINT, POOL)
    assert (bought.sol_amount, bought.price) == (2 / 250, 2 / 250 / 8)
    assert (sold.sol_amount, sold.price) == (8.0, 4.0)
