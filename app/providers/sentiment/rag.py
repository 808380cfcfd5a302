"""The platform's own sentiment service: `GET {base_url}/rag/explain?coin=$SYMBOL&max_results=300`.

    score = twitter_details.pos_pct (0 to 100), mentions = raw.twitter_total
    found: false, no mentions or no evidence = no data, which is an answer and not neutral

One call is one attempt, and an answer may take a minute. The texts come from anybody.
"""

from collections import Counter

from app.ports import BadPayloadError
from app.providers.http import Http
from app.providers.payloads import as_count, as_dict, as_number, at, float_or_nan
from app.providers.text import SYMBOL_CHARACTERS, clean, clean_all
from app.trading.signals import Sentiment

MAX_RESULTS = 300
MAX_TEXTS = 50
TEXT_CHARACTERS = 500
HIGHEST_SCORE = 100.0
NO_DATA = Sentiment(score=None, mentions=0)


class RagSentiment:
    """Asks for the explained sentiment of a symbol."""

    def __init__(
        self, http: Http, sentiment_url: str, *, sentiment_timeout_seconds: float = 90.0
    ) -> None:
        self._http = http
        self._url = f"{sentiment_url.rstrip('/')}/rag/explain"
        self._timeout = sentiment_timeout_seconds
        self._counts: Counter[str] = Counter()

    async def sentiment(self, symbol: str, mint: str) -> Sentiment:
        """Answer one attempt; `score` None = no data. Raises ProviderError."""
        self._counts["asked"] += 1
        coin = clean(symbol, SYMBOL_CHARACTERS).lstrip("$")
        answer = await self._http.get(
            self._url,
            params={"coin": f"${coin}", "max_results": MAX_RESULTS},
            seconds=self._timeout,
        )
        try:
            read = read_sentiment(answer.json)
        except BadPayloadError:
            self._counts["bad_payload"] += 1
            raise
        self._counts["no_data" if read.score is None else "scored"] += 1
        return read

    def snapshot(self) -> dict[str, object]:
        """Tell how often it was asked and what came of it."""
        counted = ("asked", "scored", "no_data", "bad_payload")
        return {name: self._counts[name] for name in counted}


def read_sentiment(value: object) -> Sentiment:
    """Read an answer. Raises BadPayloadError when a score is missing or no number from 0 to 100."""
    fields = as_dict(value, "the sentiment")
    found = fields.get("found")
    if not isinstance(found, bool):
        raise BadPayloadError("the sentiment does not say whether anything was found")
    if not found or fields.get("evidence") == 0:
        return NO_DATA
    told = at(fields, "raw", "twitter_total")
    mentions = as_count(
        at(fields, "twitter_details", "total") if told is None else told, "raw.twitter_total"
    )
    if mentions == 0:
        return NO_DATA
    score = as_number(at(fields, "twitter_details", "pos_pct"), "twitter_details.pos_pct")
    if not 0.0 <= score <= HIGHEST_SCORE:
        raise BadPayloadError(f"twitter_details.pos_pct is {score:g}, not 0 to 100")
    confidence = float_or_nan(fields.get("confidence"))
    texts = [*_list(at(fields, "raw", "twitter_texts")), *_list(fields.get("sample_texts"))]
    return Sentiment(
        score=score,
        mentions=mentions,
        confidence=confidence if 0.0 <= confidence <= 1.0 else None,
        texts=clean_all(texts, MAX_TEXTS, TEXT_CHARACTERS),
    )


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
