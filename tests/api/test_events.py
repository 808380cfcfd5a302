"""The stored events of a wallet: both ways, by kind, token, time and text; and nobody else's."""

from typing import Any

import pytest

from app.api.shapes.events import EventOut
from tests.api.stage import Person, Stage


async def every(stage: Stage, person: Person, **params: Any) -> list[Any]:
    """Read page after page of two events."""
    found: list[Any] = []
    more: dict[str, str] = {}
    while True:
        page = await stage.get(person, "/api/events/{}", limit=2, **params, **more)
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        more = {"cursor": page["next_cursor"]}


async def sold(stage: Stage, person: Person, mint: str) -> None:
    place = f"/api/positions/{person.wallet}/{mint}/close"
    (await stage.client.post(place, json={}, headers=person.headers)).raise_for_status()


async def paused(stage: Stage, person: Person, how: str) -> None:
    place = f"/api/wallets/{person.wallet}/{how}"
    (await stage.client.post(place, headers=person.headers)).raise_for_status()


async def test_events_are_read_both_ways_and_chosen(stage: Stage, person: Person) -> None:
    first, second = await stage.bought("PEPE_X"), await stage.bought("TURBO")
    await sold(stage, person, first.mint)
    await paused(stage, person, "pause")
    await paused(stage, person, "resume")
    forward = await every(stage, person)
    assert [one["seq"] for one in forward] == sorted({one["seq"] for one in forward})
    kinds = [one["kind"] for one in forward]
    assert kinds == [
        "WalletRegistered",
        "TradeOpened",
        "TradeOpened",
        "TradeClosed",
        "WalletPaused",
        "WalletResumed",
    ]
    for one in forward:
        EventOut.model_validate(one)
    backward = await every(stage, person, order="desc")
    assert backward == forward[::-1]
    third = forward[2]["seq"]
    assert await every(stage, person, order="desc", after=third) == forward[:2:-1]
    assert await every(stage, person, after=third) == forward[3:]

    async def chosen(**params: Any) -> list[str]:
        newest_first = await every(stage, person, order="desc", **params)
        assert newest_first == (await every(stage, person, **params))[::-1]
        return [one["kind"] for one in newest_first]

    assert await chosen(kind=["TradeClosed", "WalletPaused"]) == ["WalletPaused", "TradeClosed"]
    assert await chosen(kind="WalletResumed") == ["WalletResumed"]
    assert await chosen(token_address=second.mint) == ["TradeOpened"]
    assert await chosen(q="pepe x") == ["TradeClosed", "TradeOpened"]
    assert await chosen(q="MANUAL") == ["TradeClosed"]
    assert await chosen(q="%") == []
    assert await chosen(token_address="nobody") == []
    # A buy is dated by its candle, which may close after what was told later.
    first_at, *_, last_at = sorted({one["at"] for one in forward})
    within = [one["kind"] for one in backward if first_at <= one["at"] < last_at]
    assert "WalletRegistered" in within
    assert await chosen(**{"from": first_at, "to": last_at}) == within
    assert len(within) < len(backward)
    assert await chosen(to="2020-01-01T00:00:00Z") == []
    assert await chosen(**{"from": "2100-01-01T00:00:00Z"}) == []


async def test_events_are_their_owners(stage: Stage, person: Person) -> None:
    other = await stage.register()
    mine = await every(stage, person, order="desc")
    theirs = await every(stage, other, order="desc")
    assert [one["data"]["wallet_address"] for one in mine + theirs] == [person.wallet, other.wallet]
    foreign = await stage.client.get(
        f"/api/events/{person.wallet}", headers=other.headers, params={"order": "desc", "q": "w"}
    )
    assert foreign.status_code == 404


@pytest.mark.parametrize(
    ("params", "pointer"),
    [
        ({"kind": "Nothing"}, "/kind"),
        ({"order": "newest"}, "/order"),
        ({"q": ""}, "/q"),
        ({"q": "x" * 101}, "/q"),
        ({"q": "a\x00b"}, "/q"),
        ({"token_address": "\x00"}, "/token_address"),
        ({"from": "2026-11-21"}, "/from"),
        ({"from": "2026-11-21T00:00:00Z", "to": "2026-11-20T00:00:00Z"}, "/from"),
        ({"cursor": "nonsense"}, "/cursor"),
        ({"after": "-1"}, "/after"),
        ({"limit": "501"}, "/limit"),
    ],
)
async def test_what_cannot_be_asked(
    stage: Stage, person: Person, params: dict[str, str], pointer: str
) -> None:
    answer = await stage.client.get(
        f"/api/events/{person.wallet}", headers=person.headers, params=params
    )
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


async def test_a_cursor_goes_one_way(stage: Stage, person: Person) -> None:
    await paused(stage, person, "pause")
    page = await stage.get(person, "/api/events/{}", limit=1, order="desc")
    answer = await stage.client.get(
        f"/api/events/{person.wallet}",
        headers=person.headers,
        params={"cursor": page["next_cursor"]},
    )
    assert answer.status_code == 422
