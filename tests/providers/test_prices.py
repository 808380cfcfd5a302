"""A second opinion on prices: dollars become SOL, and what is not said is not made up."""

import math

import pytest

from app.ports import BadPayloadError, UnavailableError
from app.providers.gecko import SOL
from app.providers.http import Http
from app.providers.prices.jupiter import JupiterPrices
from tests.providers.answers import Answers

MINT = "DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263"


async def test_a_price_is_in_sol(http: Http, url: str, answers: Answers) -> None:
    answers.will({MINT: {"usdPrice": 0.05, "decimals": 5}, SOL: {"usdPrice": 100.0}})
    prices = JupiterPrices(http, f"{url}/")
    assert await prices.price(MINT) == 0.05 / 100.0
    asked = answers.asked[0].url
    assert (asked.path, asked.query) == ("/price/v3", f"ids={MINT}%2C{SOL}")
    assert prices.snapshot() == {"asked": 1, "unknown": 0, "refused": 0}


WORDS: list[object] = ["NaN", 0, -1, None, True, math.inf, []]


@pytest.mark.parametrize("entry", [*({"usdPrice": word} for word in WORDS), 7, None])
async def test_what_can_be_no_price_is_none(
    http: Http, url: str, answers: Answers, entry: object
) -> None:
    answers.will({MINT: entry, SOL: {"usdPrice": 100.0}})
    prices = JupiterPrices(http, url)
    assert await prices.price(MINT) is None
    assert prices.snapshot()["refused"] == 1


async def test_what_it_leaves_out_it_does_not_know(http: Http, url: str, answers: Answers) -> None:
    answers.will({SOL: {"usdPrice": 100.0}})
    prices = JupiterPrices(http, url)
    assert await prices.price(MINT) is None
    assert await prices.price("no mint") is None
    assert prices.snapshot() == {"asked": 1, "unknown": 1, "refused": 0}


@pytest.mark.parametrize("body", [[], 7, {}, {SOL: {}}, {SOL: {"usdPrice": "NaN"}}])
async def test_without_a_price_of_sol_there_is_no_answer(
    http: Http, url: str, answers: Answers, body: object
) -> None:
    answers.will(body)
    with pytest.raises(BadPayloadError):
        await JupiterPrices(http, url).price(MINT)


async def test_a_service_that_is_down_says_so(http: Http, url: str, answers: Answers) -> None:
    answers.will((503, b""))
    with pytest.raises(UnavailableError):
        await JupiterPrices(http, url).price(MINT)
