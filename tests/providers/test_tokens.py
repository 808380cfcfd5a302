import asyncio

import pytest

from app.ports import BadPayloadError, ProviderError, TokenInfo, UnavailableError
from app.providers.http import Http
from app.providers.tokens.cached import CachedDirectory
from app.providers.tokens.directory import Directory
from app.providers.tokens.jupiter import JupiterTokens
from tests.providers.answers import Answers
from tests.providers.clocks import StillClock

MINT = "DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263"
OTHER = "EKpQGSJtjMFqKZ9KQanSqYXRcF8fBopzLHYxdM65zcjm"
POOL = "3ne4mWqdYuNiYrYZC9TrA3FcfuFdErghH97vNPbjicr1"


def info(
    symbol: str | None = None,
    decimals: int | None = None,
    pool: str | None = None,
    logo_url: str | None = None,
) -> TokenInfo:
    return TokenInfo(mint=MINT, symbol=symbol, decimals=decimals, pool=pool, logo_url=logo_url)


async def test_the_directory_tells_what_it_knows(http: Http, url: str, answers: Answers) -> None:
    logo = "https://a.example/bonk.png"
    answers.will({"symbol": "BONK", "logo_url": logo, "pair_address": POOL, "decimals": 5})
    found = await Directory(http, f"{url}/").token(MINT)
    assert found == info(symbol="BONK", decimals=5, pool=POOL, logo_url=logo)
    assert answers.asked[0].url.path == f"/token/{MINT}"


@pytest.mark.parametrize(
    "body", [(404, {"error": "unknown"}), (404, b"<html>"), b"<html>not here", b"", [], None, 3]
)
async def test_no_answer_of_the_directory_is_unknown(
    http: Http, url: str, answers: Answers, body: object
) -> None:
    answers.will(body)
    assert await Directory(http, url).token(MINT) is None


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({}, info()),
        ({"symbol": "\u202e\x00", "decimals": 19, "pair_address": "x"}, info()),
        ({"symbol": 7, "decimals": "six", "pair_address": 7, "logo_url": 7}, info()),
        ({"symbol": "A\nB" + "c" * 99, "decimals": 0}, info(symbol="A B" + "c" * 29, decimals=0)),
        ({"symbol": "A", "decimals": True, "pair_address": ""}, info(symbol="A")),
    ],
)
async def test_what_the_directory_says_badly_is_not_said(
    http: Http, url: str, answers: Answers, body: object, found: TokenInfo
) -> None:
    answers.will(body)
    assert await Directory(http, url).token(MINT) == found


async def test_the_directory_counts_and_passes_failures_on(
    http: Http, url: str, answers: Answers
) -> None:
    directory = Directory(http, url)
    answers.will({"decimals": 99, "pair_address": "0"})
    await directory.token(MINT)
    answers.will((503, {}))
    with pytest.raises(UnavailableError):
        await directory.token(MINT)
    assert await directory.token("../secret") is None
    assert directory.snapshot() == {
        "asked": 2,
        "unknown": 0,
        "bad_payload": 0,
        "bad_decimals": 1,
        "bad_pool": 1,
    }


async def test_jupiter_is_believed_for_the_exact_mint_only(
    http: Http, url: str, answers: Answers
) -> None:
    jupiter = JupiterTokens(http, url, jupiter_key="the-key-of-the-platform")
    fake = {"id": OTHER, "symbol": "BONK", "decimals": 9}
    answers.will([fake, 3, {"id": MINT, "symbol": "Bonk", "decimals": 5, "icon": "http://x"}])
    assert await jupiter.token(MINT) == info(symbol="Bonk", decimals=5)
    assert answers.asked[0].url.path == "/tokens/v2/search"
    assert answers.asked[0].query_params["query"] == MINT
    assert answers.asked[0].headers["x-api-key"] == "the-key-of-the-platform"
    answers.will([fake])
    assert await jupiter.token(MINT) is None
    assert await jupiter.token("BONK") is None
    assert jupiter.snapshot() == {"asked": 2, "unknown": 1}
    answers.will({"error": "what"})
    with pytest.raises(BadPayloadError):
        await JupiterTokens(http, url).token(MINT)
    assert "x-api-key" not in answers.asked[0].headers


class Told:
    """A directory that answers what it is told, or fails."""

    def __init__(self, *answers: TokenInfo | ProviderError | None) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def token(self, mint: str) -> TokenInfo | None:
        self.asked += 1
        await asyncio.sleep(0)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, ProviderError):
            raise answer
        return answer


DOWN = UnavailableError("down")
WHOLE = info(symbol="BONK", decimals=5)


@pytest.mark.parametrize(
    ("first", "second", "found", "asks_second"),
    [
        (WHOLE, DOWN, WHOLE, 0),
        (None, WHOLE, WHOLE, 1),
        (DOWN, WHOLE, WHOLE, 1),
        (info(symbol="B", pool=POOL), WHOLE, info(symbol="B", decimals=5, pool=POOL), 1),
        (info(symbol="B", pool=POOL), DOWN, info(symbol="B", pool=POOL), 1),
        (info(decimals=0), WHOLE, info(symbol="BONK", decimals=0), 1),
        (None, None, None, 1),
    ],
)
async def test_directories_complete_each_other(
    first: TokenInfo | ProviderError | None,
    second: TokenInfo | ProviderError | None,
    found: TokenInfo | None,
    asks_second: int,
) -> None:
    fallback = Told(second)
    cached = CachedDirectory([Told(first), fallback], StillClock())
    assert await cached.token(MINT) == found
    assert fallback.asked == asks_second


async def test_answers_are_kept_as_long_as_they_are_worth() -> None:
    clock, source = StillClock(), Told(None, info(symbol="B"), WHOLE, None)
    cached = CachedDirectory([source], clock)
    asked = []
    for seconds in (0, 59, 2, 59, 2, 3_599, 2, 1):
        clock.jump(seconds)
        await cached.token(MINT)
        asked.append(source.asked)
    assert asked == [1, 1, 2, 2, 3, 3, 4, 4]
    assert cached.snapshot()["hits"] == 4


async def test_a_failure_is_not_kept() -> None:
    source = Told(DOWN, WHOLE)
    cached = CachedDirectory([source], StillClock())
    with pytest.raises(UnavailableError):
        await cached.token(MINT)
    assert await cached.token(MINT) == WHOLE
    assert cached.snapshot()["failures"] == 1


async def test_many_at_once_ask_once_and_memory_is_bounded() -> None:
    source = Told(WHOLE)
    cached = CachedDirectory([source], StillClock(), remembered=10)
    assert await asyncio.gather(*(cached.token(MINT) for _ in range(50))) == [WHOLE] * 50
    assert source.asked == 1
    for number in range(50):
        await cached.token(f"mint{number}")
    told = cached.snapshot()
    assert told["remembered"] == 10
    assert told["directories"] == {"Told": {}}
    assert not cached._asking


async def test_a_cancelled_look_up_lets_the_next_one_ask() -> None:
    class Slow(Told):
        async def token(self, mint: str) -> TokenInfo | None:
            self.asked += 1
            await asyncio.sleep(0.02)
            return WHOLE

    source = Slow(WHOLE)
    cached = CachedDirectory([source], StillClock())
    impatient = asyncio.create_task(cached.token(MINT))
    patient = asyncio.create_task(cached.token(MINT))
    await asyncio.sleep(0.005)
    impatient.cancel()
    assert await patient == WHOLE
    assert source.asked == 2
