"""What the crowd says of a token: scores, mentions and sample texts. Knows no route."""

from app.simulator.keys import draw
from app.simulator.tokens import SimToken

OPINION_SECONDS = 300
"""An opinion holds this long, then a new one is formed."""
_MOST_TEXTS = 20
_PRAISE = (
    "${} looks strong, volume keeps climbing",
    "aped a small bag of ${} this morning",
    "${} community is wild right now",
    "everyone in my feed talks about ${}",
    "chart of ${} is clean, higher lows all day",
    "🚀🚀 ${} <b>to the moon</b>",
)
_DOUBT = (
    "${} top holders are selling, careful",
    "is ${} a rug? dev wallet moved again",
    "sold my ${}, no volume left",
    'not sure about ${}, "guaranteed 100x" & nothing behind it',
)


def explain(seed: int, token: SimToken | None, now: float, max_results: int) -> dict[str, object]:
    """Answer what is said of a token at a Unix time; None and unknown tokens are not found.

    Good tokens score from 64 to 93 of 100, bad ones from 22 to 54.
    """
    if token is None or token.mood == "unknown" or max_results < 1:
        return _nothing()
    window = int(now) // OPINION_SECONDS
    fortune = draw(seed, 41, token.number, window)
    low, width = (64.0, 29.0) if token.mood == "good" else (22.0, 32.0)
    score = round(low + width * fortune, 1)
    total = min(max_results, 18 + int(180 * draw(seed, 42, token.number, window)))
    texts = _texts(seed, token, window, score, total)
    return {
        "found": True,
        "confidence": round(0.5 + 0.45 * draw(seed, 43, token.number, window), 2),
        "evidence": max(1, round(total * 0.7)),
        "twitter_details": {"total": total, "pos_pct": score},
        "raw": {"twitter_total": total, "twitter_texts": texts},
        "sample_texts": texts[:3],
    }


def _texts(seed: int, token: SimToken, window: int, score: float, total: int) -> list[str]:
    texts: list[str] = []
    for number in range(min(total, _MOST_TEXTS)):
        chance = draw(seed, 44, token.number, window, number)
        choices = _PRAISE if chance * 100 < score else _DOUBT
        choice = int(draw(seed, 45, token.number, window, number) * len(choices))
        texts.append(choices[choice].format(token.symbol))
    return texts


def _nothing() -> dict[str, object]:
    return {
        "found": False,
        "confidence": 0.0,
        "evidence": 0,
        "twitter_details": {"total": 0, "pos_pct": 0.0},
        "raw": {"twitter_total": 0, "twitter_texts": []},
        "sample_texts": [],
    }
