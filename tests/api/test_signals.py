"""Signals: filters of the list, what they may be filtered by, and how far they got."""

import asyncio
from typing import Any

import pytest
from solders.keypair import Keypair

from app.api import funnels
from app.api.shapes.funnels import CountsOut, FunnelOut
from app.api.shapes.signals import SignalDetailOut
from app.store.funnels import Ends, Fates
from app.trading.ids import SignalId
from app.trading.inputs import SignalArrived, SignalFailed
from app.trading.signals import ScreeningFailure, Sentiment, Signal
from tests.api.stage import Person, Stage


async def arrived(stage: Stage, source: str) -> tuple[int, str]:
    """Let a signal come in that nobody has screened."""
    now, mint = stage.now(), str(Keypair().pubkey())
    signal = Signal(
        mint=mint,
        triggered_at=now,
        received_at=now,
        unique_wallets=3,
        wallets=(),
        window_start=None,
        window_end=None,
        source=source,
        payload="{}",
    )
    return await stage.live.submit(SignalArrived(at=now, signal=signal)), mint


async def failed(
    stage: Stage, source: str, reason: ScreeningFailure, score: float | None = None
) -> int:
    number, _ = await arrived(stage, source)
    sentiment = None if score is None else Sentiment(score=score, mentions=4)
    wish = SignalFailed(
        at=stage.now(), signal=SignalId(number), reason=reason, sentiment=sentiment, limit=60.0
    )
    await stage.live.submit(wish)
    return number


async def ids(stage: Stage, **params: Any) -> list[int]:
    answer = await stage.client.get("/api/signals", params=params)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["items"]]


async def test_signals_are_chosen(stage: Stage) -> None:
    low = await failed(stage, "feed-a", ScreeningFailure.SENTIMENT_LOW, 41.0)
    lost = await failed(stage, "feed-b", ScreeningFailure.NO_POOL)
    new, mint = await arrived(stage, "feed-a")
    token = await stage.token("BUZZ%LY")
    assert await ids(stage, source="feed-a") == [new, low]
    assert await ids(stage, source="feed-b", reason="no_pool") == [lost]
    assert await ids(stage, source="feed-a", reason="no_pool") == []
    assert await ids(stage, status="Screening", source="feed-a") == [new]
    assert await ids(stage, token_address=mint) == [new]
    (named,) = await ids(stage, symbol="zz%l")
    assert await ids(stage, token_address=token.mint) == [named]
    assert await ids(stage, source="feed-a", to="2020-01-01T00:00:00Z") == []
    first = (await stage.client.get("/api/signals", params={"limit": 1})).json()
    second = (
        await stage.client.get("/api/signals", params={"limit": 1, "cursor": first["next_cursor"]})
    ).json()
    assert [first["items"][0]["id"], second["items"][0]["id"]] == [named, new]
    counts = (await stage.client.get("/api/signals/counts")).json()
    CountsOut.model_validate(counts)
    assert {"source": "feed-a", "signals": 2} in counts["sources"]
    assert {"reason": "sentiment_low", "signals": 1} in counts["reasons"]
    assert counts["complete"]


async def test_a_signal_shows_its_screening(stage: Stage) -> None:
    async def steps(number: int) -> list[tuple[str, Any, Any, str]]:
        found = (await stage.client.get(f"/api/signals/{number}")).json()
        SignalDetailOut.model_validate(found)
        names = ("name", "value", "limit", "verdict")
        return [tuple(step[name] for name in names) for step in found["screening"]]

    new, _ = await arrived(stage, "feed")
    assert await steps(new) == [
        ("feed", 3, None, "passed"),
        ("sentiment_score", None, 60, "skipped"),
        ("mention_count", None, 1, "skipped"),
    ]
    low = await failed(stage, "feed", ScreeningFailure.SENTIMENT_LOW, 41.0)
    assert await steps(low) == [
        ("feed", 3, None, "passed"),
        ("sentiment_score", 41, 60, "failed"),
        ("mention_count", 4, 1, "skipped"),
    ]
    lost = await failed(stage, "feed", ScreeningFailure.NO_POOL)
    assert (await steps(lost))[1:] == [("no_pool", None, None, "failed")]


async def test_the_funnel_of_a_wallet(stage: Stage) -> None:
    await failed(stage, "before", ScreeningFailure.NO_POOL)
    await asyncio.sleep(0.005)
    person = await stage.register()
    await asyncio.sleep(0.005)
    await failed(stage, "feed", ScreeningFailure.NO_POOL)
    await failed(stage, "feed", ScreeningFailure.SENTIMENT_LOW, 41.0)
    await stage.token("WATCHED")
    bought = await stage.bought("WON")
    await stage.close(bought, 0.00102 * 1.1)
    place = f"/api/positions/{person.wallet}/{bought.mint}/close"
    (await stage.client.post(place, json={}, headers=person.headers)).raise_for_status()
    await stage.bought("OPEN")
    funnel = await stage.get(person, "/api/signals/funnel/{}", days=1)
    FunnelOut.model_validate(funnel)
    assert funnel["complete"]
    assert [one["signals"] for one in funnel["stages"]] == [5, 4, 3, 2, 2, 1]
    assert [one["share"] for one in funnel["stages"]] == [None, 0.8, 0.75, 2 / 3, 1, 0.5]
    assert [one["lost"] for one in funnel["stages"]] == [
        [{"reason": "no_pool", "signals": 1, "pending": False}],
        [{"reason": "sentiment_low", "signals": 1, "pending": False}],
        [{"reason": "monitoring", "signals": 1, "pending": True}],
        [],
        [{"reason": "open", "signals": 1, "pending": True}],
        [],
    ]
    only = await stage.get(person, "/api/signals/funnel/{}", source="feed")
    assert [one["signals"] for one in only["stages"]] == [2, 1, 0, 0, 0, 0]
    assert only["stages"][3]["share"] is None
    late = await stage.register()
    nothing = await stage.get(late, "/api/signals/funnel/{}", days=90)
    assert [one["signals"] for one in nothing["stages"]] == [0] * 6


def test_a_stage_for_every_end() -> None:
    def fate(status: str, reason: str | None = None, *decided: Any) -> tuple[str, str]:
        taken, refusal, outcome = (*decided, None, None, None)[:3]
        return funnels.reached(Fates("feed", status, reason, taken, refusal, outcome, 1))

    assert fate("Screening") == ("received", "screening")
    assert fate("Failed", "expired") == ("received", "expired")
    assert fate("Failed", "mentions_low") == ("screened", "mentions_low")
    assert fate("Failed", "superseded") == ("sentiment", "superseded")
    assert fate("Finished") == ("sentiment", "not_confirmed")
    assert fate("Failed", "superseded", 0, "exposure") == ("confirmed", "exposure")
    assert fate("Finished", None, 1, "exposure", "lost") == ("bought", "lost")
    assert fate("Finished", None, 1, None, "won") == ("won", "")
    reasons = {failure.value for failure in ScreeningFailure}
    assert {fate("Failed", reason)[0] for reason in reasons} == {"received", "screened"}


def test_counts_name_the_most_frequent_first() -> None:
    found = funnels.counts([Ends("a", "Failed", "x", 2), Ends("b", "Finished", None, 3)])
    assert found["sources"] == [{"source": "b", "signals": 3}, {"source": "a", "signals": 2}]
    assert found["reasons"] == [{"reason": "x", "signals": 2}]
    assert not funnels.counts([Ends("a", "Failed", "x", funnels.MOST)])["complete"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/signals?symbol=",
        "/api/signals?symbol=%00",
        "/api/signals?source=" + "x" * 201,
        "/api/signals?status=Pending",
        "/api/signals?from=2026-11-21T00:00:00Z&to=2026-11-20T00:00:00Z",
        "/api/signals/counts?from=today",
    ],
)
async def test_what_cannot_be_asked(stage: Stage, path: str) -> None:
    assert (await stage.client.get(path)).status_code == 422


async def test_a_funnel_needs_a_period(stage: Stage, person: Person) -> None:
    for days in (0, 91):
        answer = await stage.client.get(
            f"/api/signals/funnel/{person.wallet}", headers=person.headers, params={"days": days}
        )
        assert answer.status_code == 422
