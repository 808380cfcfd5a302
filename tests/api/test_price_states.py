"""What people see of prices that are old or gone: a word with the position, an event, no division
by nothing.
"""

import msgspec
import pytest

from app.api import facts
from app.api.shapes.events import EventOut
from app.api.shapes.trades import PositionOut
from app.trading import events
from app.trading.events import Fact
from app.trading.inputs import PriceGone
from app.trading.ledger import EventRow
from app.trading.state import Aside
from tests.api.stage import Person, Stage

TOLD: list[Fact] = [
    events.PriceStale(trade=7, mint="M", symbol="S", price=0.5, price_at=1_000),
    events.PriceLost(trade=7, mint="M", symbol="S", reason="no_pool", price=0.5, price_at=1_000),
    events.PriceBack(trade=7, mint="M", symbol="S", price=0.5),
    events.PositionSetAside(trade=7, mint="M", symbol="S", reason="it cost nothing"),
    events.StrategyFailed(
        strategy="breakout", parameters={"window": 3}, mint="M", symbol="S", reason="why"
    ),
]


@pytest.mark.parametrize("fact", TOLD, ids=lambda fact: type(fact).__name__)
def test_what_is_told_of_prices_has_its_shape(fact: Fact) -> None:
    kind = type(fact).__name__
    row = EventRow(3, 1, 2_000, kind, 7, msgspec.json.encode(fact).decode())
    read = facts.read(row)
    assert read == fact
    shown = facts.write(row, fact, {})
    assert EventOut.model_validate(shown).kind == kind
    assert shown["data"]["token"] == {"address": "M", "symbol": "S"}


async def test_a_position_without_a_price_is_listed_and_worth_nothing(
    stage: Stage, person: Person
) -> None:
    token = await stage.bought("WIF")
    (before,) = (await stage.get(person, "/api/positions/{}"))["items"]
    assert before["price_state"] == "fresh"
    gone = PriceGone(at=stage.now(), token=token.id, reason="no_pool")
    assert await stage.live.submit(gone) is None
    (position,) = (await stage.get(person, "/api/positions/{}"))["items"]
    PositionOut.model_validate(position)
    assert position["price_state"] == "rugged"
    assert (position["value"], position["unrealised_pnl_percent"]) == (0, -100)
    assert position["stop_distance_percent"] == -100
    user = await stage.get(person, "/api/user/{}")
    assert user["total_value"] == user["sol_balance"]
    told = (await stage.get(person, "/api/events/{}", kind="PriceLost"))["items"]
    assert [one["trade_id"] for one in told] == [position["trade_id"]]
    place = f"/api/positions/{person.wallet}/{token.mint}/close"
    response = await stage.client.post(place, json={}, headers=person.headers)
    assert response.status_code == 200, response.text
    (trade,) = (await stage.get(person, "/api/trades/{}"))["items"]
    assert (trade["exit_reason"], trade["pnl_percent"]) == ("written_off", -100)


async def test_what_is_left_out_stands_on_the_status_page(stage: Stage, person: Person) -> None:
    engine = (await stage.get(person, "/api/status"))["engine"]
    assert (engine["positions_set_aside"], engine["strategies_failed"]) == (0, {})
    views = await stage.live.settled()
    state = views._state
    state.aside[7] = Aside(person.number, "M", "S", "it cost nothing")
    state.broken[0] = "ZeroDivisionError: division by zero"
    engine = (await stage.get(person, "/api/status"))["engine"]
    name = state.wishes.questions[0].name
    assert engine["positions_set_aside"] == 1
    assert engine["strategies_failed"] == {name: "ZeroDivisionError: division by zero"}
