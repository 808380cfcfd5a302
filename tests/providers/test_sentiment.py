import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ports import (
    BadPayloadError,
    ProviderError,
    RateLimitedError,
    RejectedError,
    UnavailableError,
)
from app.providers.http import Http
from app.providers.sentiment.rag import NO_DATA, RagSentiment, read_sentiment
from app.trading.signals import Sentiment
from tests.providers.answers import Answers
from tests.servers import serve_bytes

MINT = "DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263"


NO_SCORES: list[object] = [-0.1, 100.1, float("nan"), float("inf"), None, "73.7", True, [], 10**400]


def told(**changes: object) -> dict[str, object]:
    return {
        "found": True,
        "confidence": 0.81,
        "evidence": 42,
        "twitter_details": {"total": 57, "pos_pct": 73.7},
        "raw": {"twitter_total": 57, "twitter_texts": ["to the moon", "is it a rug?"]},
        "sample_texts": ["to the moon", "gm"],
    } | changes


async def test_a_sentiment_is_asked_by_symbol(http: Http, url: str, answers: Answers) -> None:
    answers.will(told())
    source = RagSentiment(http, url)
    assert await source.sentiment("BONK", MINT) == Sentiment(
        score=73.7, mentions=57, confidence=0.81, texts=("to the moon", "is it a rug?", "gm")
    )
    asked = answers.asked[0]
    assert asked.url.path == "/rag/explain"
    assert dict(asked.query_params) == {"coin": "$BONK", "max_results": "300"}
    assert source.snapshot() == {"asked": 1, "scored": 1, "no_data": 0, "bad_payload": 0}


async def test_a_hostile_symbol_stays_one_parameter(http: Http, url: str, answers: Answers) -> None:
    answers.will(told())
    await RagSentiment(http, url).sentiment("$A&max_results=9\n\u202e#?é", MINT)
    assert dict(answers.asked[0].query_params) == {
        "coin": "$A&max_results=9 #?é",
        "max_results": "300",
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"found": False},
        {"evidence": 0},
        {"raw": {"twitter_total": 0}},
        {"raw": {}, "twitter_details": {"total": 0, "pos_pct": 50}},
        {"found": False, "twitter_details": None, "raw": None, "evidence": None},
    ],
)
def test_no_data_is_an_answer(changes: dict[str, object]) -> None:
    assert read_sentiment(told(**changes)) == NO_DATA


@pytest.mark.parametrize(
    "changes",
    [
        *[{"twitter_details": {"total": 57, "pos_pct": score}} for score in NO_SCORES],
        {"twitter_details": None},
        {"found": None},
        {"found": "yes"},
        {"raw": {"twitter_total": -1}},
        {"raw": {"twitter_total": 5.5}},
        {"raw": {"twitter_total": "many"}},
        {"raw": None, "twitter_details": {"pos_pct": 50}},
    ],
)
def test_a_score_that_is_none_is_no_zero(changes: dict[str, object]) -> None:
    with pytest.raises(BadPayloadError):
        read_sentiment(told(**changes))


@pytest.mark.parametrize("score", [0, 0.0, 100, 50.5])
def test_every_score_from_0_to_100_counts(score: float) -> None:
    read = read_sentiment(told(twitter_details={"pos_pct": score}))
    assert read.score == score


def test_texts_are_few_short_and_clean() -> None:
    texts = [f"{number} \x1b[0m\u202e" + "x" * 9_000 for number in range(200)]
    read = read_sentiment(told(raw={"twitter_total": 200, "twitter_texts": texts}))
    assert len(read.texts) == 50
    assert {len(text) for text in read.texts} == {500}
    assert all(text.isprintable() for text in read.texts)
    odd = told(sample_texts="no list", raw={"twitter_total": 1, "twitter_texts": {"a": 1}})
    assert read_sentiment(odd).texts == ()


@pytest.mark.parametrize("confidence", [None, "high", -1, 2, float("nan")])
def test_confidence_is_optional(confidence: object) -> None:
    assert read_sentiment(told(confidence=confidence)).confidence is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(
                st.sampled_from(["found", "evidence", "raw", "twitter_details", "pos_pct"]), inner
            )
        ),
    )
)
def test_anything_else_is_a_bad_payload(value: object) -> None:
    try:
        read = read_sentiment(value)
    except BadPayloadError:
        return
    assert read.score is None or 0 <= read.score <= 100


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((500, {}), UnavailableError),
        ((502, b"<html>"), UnavailableError),
        ((429, {}), RateLimitedError),
        ((400, {}), RejectedError),
        ((404, {}), RejectedError),
        (b"<html>Cloudflare", BadPayloadError),
        ([], BadPayloadError),
        (b'{"found": true, "twitter_details": {"pos_pct": NaN}}', BadPayloadError),
    ],
)
async def test_failures_are_told_apart(
    http: Http, url: str, answers: Answers, answer: object, error: type[ProviderError]
) -> None:
    answers.will(answer)
    with pytest.raises(ProviderError) as caught:
        await RagSentiment(http, url).sentiment("BONK", MINT)
    assert type(caught.value) is error


async def test_an_attempt_ends_in_time(http: Http) -> None:
    async def silent(_: bytes, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    async with serve_bytes(silent) as url:
        source = RagSentiment(http, url, sentiment_timeout_seconds=0.1)
        with pytest.raises(UnavailableError, match=r"took too long|ReadTimeout"):
            await source.sentiment("BONK", MINT)
