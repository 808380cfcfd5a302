"""A paper wallet begins again: what it answers, what counts from then on, and what stays."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import update

from app.api import equity
from app.api.shapes.events import EventOut
from app.api.shapes.wallets import ResetOut, ResetPlanOut
from app.engine.audit import audit, replay_all
from app.store.query import Query, table_of
from app.store.tables import User
from app.trading.deposits import DepositRow
from app.trading.ledger import SnapshotRow
from tests.api.stage import Person, Stage, hear, hear_update
from tests.api.test_trading import sold

SOL = 1_000_000_000
MINUTE = 60_000


async def reset(stage: Stage, person: Person, body: Any = None, **headers: str) -> Any:
    return await stage.client.post(
        f"/api/wallets/{person.wallet}/reset",
        json={} if body is None else body,
        headers={**person.headers, **headers},
    )


async def begun_again(stage: Stage, person: Person, sol: float) -> Any:
    response = await reset(stage, person, {"initial_sol": sol})
    assert response.status_code == 200, response.text
    return ResetOut.model_validate(response.json())


async def test_a_wallet_begins_again(stage: Stage, person: Person) -> None:
    token = await stage.bought("WIF")
    await stage.close(token, 0.0008)
    plan = ResetPlanOut.model_validate(await stage.get(person, "/api/wallets/{}/reset"))
    before = await stage.get(person, "/api/user/{}")
    assert (plan.allowed, plan.open_positions, plan.reset_at) == (True, 0, None)
    other = await stage.bought("BONK")
    await stage.close(other, 0.0011)
    plan = ResetPlanOut.model_validate(await stage.get(person, "/api/wallets/{}/reset"))
    assert (plan.open_positions, plan.least_sol, plan.most_sol) == (1, 1, 1000)
    assert plan.positions_value > 0
    made = await begun_again(stage, person, 42.5)
    (closed,) = made.closed
    wallet = await stage.get(person, "/api/user/{}")
    assert wallet["sol_balance"] == wallet["total_value"] == wallet["initial_sol_balance"] == 42.5
    assert (wallet["overall_pnl"], wallet["reset_at"]) == (0, made.reset_at)
    assert wallet["created_at"] == before["created_at"]
    trades = (await stage.get(person, "/api/trades/{}"))["items"]
    assert {trade["exit_reason"] for trade in trades} == {"reset", "stop_loss"}
    assert next(one for one in trades if one["id"] == closed)["exit_reason"] == "reset"
    database, folder = stage.app.state.database, stage.app.state.settings.data_dir
    findings, _ = await audit(database)
    replays = await replay_all(database, folder, stage.live._engine.state.rules.costs)
    assert (findings, replays.findings, replays.replayed >= 2) == ([], [], True)


async def test_figures_count_from_the_reset_that_a_range_spans(
    stage: Stage, person: Person
) -> None:
    token = await stage.bought("WIF")
    await sold(stage, person, token.mint)
    await stage.bought("BONK")
    await asyncio.sleep(0.01)
    made = await begun_again(stage, person, 5)
    for path in ("overall", "per-token", "calendar"):
        for within in ({}, {"from": "2020-01-01T00:00:00Z"}):
            figures = await stage.get(person, f"/api/analytics/{path}/{{}}", **within)
            assert count(path, figures) == 0, path
        figures = await stage.get(person, f"/api/analytics/{path}/{{}}", to=made.reset_at)
        assert count(path, figures) == 1, path
    overall = await stage.get(person, "/api/analytics/overall/{}")
    assert (overall["max_drawdown_percent"], overall["total_return_percent"]) == (0, 0)
    history = await stage.get(person, "/api/portfolio/history/{}")
    assert [(one["total_value"], one["overall_pnl"]) for one in history] == [(5, 0)]
    again = await stage.bought("MEW")
    await stage.close(again, 0.0008)
    assert count("overall", await stage.get(person, "/api/analytics/overall/{}")) == 1
    await begun_again(stage, person, 6)
    for within in ({}, {"from": made.reset_at}):
        assert count("overall", await stage.get(person, "/api/analytics/overall/{}", **within)) == 0
    assert len((await stage.get(person, "/api/trades/{}"))["items"]) == 3
    history = await stage.get(
        person, "/api/portfolio/history/{}", **{"from": "2020-01-01T00:00:00Z"}
    )
    assert [one["total_value"] for one in history] == [6]
    url = f"/api/export/{person.wallet}/trades.csv"
    file = await stage.client.get(url, headers=person.headers)
    assert len(file.text.splitlines()) == 4


def count(path: str, figures: Any) -> int:
    """Count the finished trades in figures."""
    if path == "overall":
        return int(figures["trades"])
    groups = figures["items"] if path == "per-token" else figures["hours"]
    return sum(int(one["trades"]) for one in groups)


async def test_its_sockets_hear_of_it(stage: Stage, person: Person) -> None:
    await stage.bought("WIF")
    async with stage.signed_in(person) as socket:
        await hear(socket, "TRADE_SUMMARY_UPDATE")
        await begun_again(stage, person, 7)
        kinds = [(await hear(socket, "EVENT"))["data"] for _ in range(2)]
        assert [one["kind"] for one in kinds] == ["TradeClosed", "WalletReset"]
        EventOut.model_validate(kinds[1])
        fact = kinds[1]["data"]
        assert fact["initial_sol_balance"] == 7
        assert (fact["closed"], fact["written_off"]) == (1, 0)
        assert fact["deposit_sol"] == pytest.approx(7 - fact["before"]["sol_balance"])
        portfolio = (await hear_update(socket, "portfolio"))["portfolio"]
        assert (portfolio["total_value"], portfolio["overall_pnl"]) == (7, 0)
    async with stage.signed_in(person) as socket:
        assert (await hear(socket, "AUTH_SUCCESS"))["data"]["initial_sol_balance"] == 7


@pytest.mark.parametrize(
    "body",
    [
        {"initial_sol": 0},
        {"initial_sol": 0.999999999},
        {"initial_sol": 1000.000000001},
        {"initial_sol": -5},
        {"initial_sol": 1e300},
        {"initial_sol": "ten"},
        {"initial_sol": True, "more": 1},
        {"balance": 5},
        [],
    ],
)
async def test_an_amount_that_cannot_be_changes_nothing(
    stage: Stage, person: Person, body: Any
) -> None:
    before = await stage.get(person, "/api/user/{}")
    response = await reset(stage, person, body)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["errors"]
    assert await stage.get(person, "/api/user/{}") == before


async def test_without_an_amount_it_is_drawn(stage: Stage, person: Person) -> None:
    drawn = [(await reset(stage, person, body)).json() for body in ({}, {"initial_sol": None})]
    assert all(10 <= one["initial_sol_balance"] <= 20 for one in drawn)
    assert drawn[0]["initial_sol_balance"] != drawn[1]["initial_sol_balance"]


async def test_a_repeated_request_resets_once(stage: Stage, person: Person) -> None:
    key = {"Idempotency-Key": "begin-again-1"}
    one, two = [await reset(stage, person, {}, **key) for _ in range(2)]
    assert (one.status_code, one.json()) == (two.status_code, two.json())
    assert two.headers["idempotency-replayed"] == "true"
    other = await reset(stage, person, {"initial_sol": 5}, **key)
    assert other.status_code == 409
    events = (await stage.get(person, "/api/events/{}"))["items"]
    assert [one["kind"] for one in events].count("WalletReset") == 1


async def test_nobody_resets_anothers_wallet(stage: Stage, person: Person) -> None:
    other = await stage.register()
    response = await stage.client.post(
        f"/api/wallets/{person.wallet}/reset", json={}, headers=other.headers
    )
    assert response.status_code == 404
    assert (await stage.get(person, "/api/user/{}"))["reset_at"] is None


async def test_a_live_wallet_is_refused(stage: Stage) -> None:
    person = await stage.register()
    live: Query[Any] = Query(
        update(User).where(table_of(User).c.id == person.number).values(kind="live")
    )
    await stage.app.state.journal.execute(live)
    stage.live._engine.state.wallets.paper[person.number] = False
    assert not (await stage.get(person, "/api/wallets/{}/reset"))["allowed"]
    response = await reset(stage, person)
    assert (response.status_code, response.json()["type"]) == (409, "/problems/not-paper")


async def test_a_shadow_is_level_with_its_wallet_at_the_reset(stage: Stage, person: Person) -> None:
    url = f"/api/shadows/{person.wallet}"
    body = {"name": "one", "settings": {}}
    (await stage.client.post(url, json=body, headers=person.headers)).raise_for_status()
    token = await stage.bought("WIF")
    await stage.close(token, 0.0008)
    assert (await stage.get(person, "/api/wallets/{}/reset"))["shadows"] == 1
    made = await begun_again(stage, person, 30)
    (found,) = (await stage.get(person, "/api/shadows/{}/compare"))["items"]
    assert found["since"] == made.reset_at
    assert found["wallet"]["total_return_percent"] == found["shadow"]["total_return_percent"] == 0
    (shadow,) = (await stage.get(person, "/api/shadows/{}"))["items"]
    assert shadow["overall_pnl"] < 0


def marks(*values: int) -> Iterator[SnapshotRow]:
    for place, value in enumerate(values):
        yield SnapshotRow(1, "1m", place * MINUTE, value, value, 0)


def paid(at: int, lamports: int, kind: str = "deposit") -> DepositRow:
    return DepositRow(at, 1, at, kind, lamports)


@pytest.mark.parametrize(
    ("values", "deposits", "falls"),
    [
        ((100, 90, 110, 55), [], [0, 10, 0, 50]),
        ((100, 80, 180, 180), [paid(2 * MINUTE + 5, 100)], [0, 20, 20, 20]),
        ((100, 80, 30, 36), [paid(2 * MINUTE, -50)], [0, 20, 20, 4]),
        ((100, 50, 1000, 900), [paid(2 * MINUTE + 1, 950, "reset")], [0, 50, 0, 10]),
        ((100, 0, 0, 10), [paid(3 * MINUTE, 10, "reset")], [0, 100, 100, 0]),
        ((), [paid(3, 10, "reset")], []),
    ],
)
def test_money_paid_in_or_out_is_neither_a_peak_nor_a_fall(
    values: tuple[int, ...], deposits: list[DepositRow], falls: list[float]
) -> None:
    rows = list(marks(*values))
    assert [one.drawdown for one in equity.points(rows, deposits)] == pytest.approx(falls)


def test_an_hour_or_day_bears_its_beginning_but_was_marked_at_its_end() -> None:
    rows = [SnapshotRow(1, "1d", 0, 5, 5, 0), SnapshotRow(1, "1h", 26 * 60 * MINUTE, 9, 9, 0)]
    deposits = [paid(20 * 60 * MINUTE, 3), paid(26 * 60 * MINUTE + 5, 4)]
    assert (found := equity.columns(rows, deposits).deposited) is not None
    assert found.tolist() == [3, 7]
