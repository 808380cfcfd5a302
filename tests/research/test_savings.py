"""What each filter saved or cost, by hand."""

from typing import Any

import pytest

from app.research.savings import NOT_FOLLOWED, NOTHING_SPENT, savings
from app.research.skipped import Skip, Stage
from app.research.would_have import WouldHave

GONE = WouldHave("unpriced", "no prices")


def made(pnl: int, cost: int = 100, *, share: float | None = None) -> WouldHave:
    part = pnl / cost if share is None else share
    return WouldHave("closed", None, 1, 1.0, 2, "stop_loss", pnl, part, 2, 0, cost)


def skip(name: str, outcome: WouldHave, stage: Stage = "risk") -> Skip:
    rest: Any = dict.fromkeys(("mint", "symbol", "signal_id", "source", "strategy", "value"))
    return Skip(
        place=(1, 1, 1), stage=stage, filter=name, limit=None, spend=100, outcome=outcome, **rest
    )


def test_filters_add_up_to_the_total() -> None:
    still = made(30, 300)._replace(status="open", exit_at=None)
    total, first, second = savings(
        [
            skip("exposure", made(-50)),
            skip("exposure", made(20, 200)),
            skip("exposure", made(0)),
            skip("exposure", still),
            skip("exposure", GONE),
            skip("sentiment_low", made(-10), "screening"),
        ]
    )
    assert (total.filter, first.filter, second.filter) == (None, "exposure", "sentiment_low")
    assert (first.skipped, first.unpriced, first.open) == (5, 1, 1)
    assert (first.won, first.lost, first.drew) == (1, 1, 1)
    # shares: -50 %, +10 %, 0 %, +10 %; 0 lamports made of 700
    assert first.average_share == pytest.approx(-0.3 / 4)
    assert (first.total_share, first.average_pnl, first.total_pnl, first.saved) == (0, 0, 0, 0)
    assert (second.total_pnl, second.saved, second.total_share) == (-10, 10, -0.1)
    assert (total.skipped, total.total_pnl, total.saved) == (6, -10, 10)
    assert total.nulls == {}


def test_what_is_not_known_says_why() -> None:
    total, only = savings([skip("min_spend", GONE)])
    assert total._replace(stage="risk", filter="min_spend") == only
    assert only.nulls == dict.fromkeys(
        ("average_share", "total_share", "average_pnl"), NOT_FOLLOWED
    )
    (_, nominal) = savings([skip("min_spend", made(0, 0, share=-0.5))])
    assert (nominal.lost, nominal.average_share, nominal.total_pnl) == (1, -0.5, 0)
    assert nominal.nulls == {"total_share": NOTHING_SPENT}
    assert savings([])[0].skipped == 0
