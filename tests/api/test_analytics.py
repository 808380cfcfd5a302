"""Figures of a wallet over the wire: definitions, reasons for what is null, groups, excursions."""

from typing import Any

import pytest

from app.api import equity
from app.trading.deposits import DepositRow
from app.trading.ledger import SnapshotRow
from app.trading.statistics import summarise
from tests.api.stage import Person, Stage
from tests.histories import DAY, FIRST, NOTHING


async def trade(stage: Stage, person: Person, symbol: str, *factors: float) -> str:
    """Buy at 0.00102, show some prices, sell at the last; return the token."""
    token = await stage.bought(symbol)
    for factor in factors:
        await stage.close(token, 0.00102 * factor)
    response = await stage.client.post(
        f"/api/positions/{person.wallet}/{token.mint}/close",
        json={"portion": 1},
        headers=person.headers,
    )
    assert response.status_code == 200, response.text
    return token.mint


async def test_every_figure_on_the_wire_is_defined(stage: Stage, person: Person) -> None:
    items = (await stage.get(person, "/api/analytics/definitions"))["items"]
    defined = {one["name"]: one for one in items}
    overall = await stage.get(person, "/api/analytics/overall/{}")
    assert overall.keys() - {"nulls"} <= defined.keys()
    assert defined["profit_factor"] == {
        "name": "profit_factor",
        "title": "Profit factor",
        "unit": "ratio",
        "topic": "trades",
        "definition": "Gross win ÷ gross loss.",
    }
    units = {name: defined[name]["unit"] for name in ("volume_sol", "cagr_percent", "win_rate")}
    assert units == {"volume_sol": "SOL", "cagr_percent": "percent", "win_rate": "fraction"}
    assert defined["median_time_to_peak_seconds"]["unit"] == "seconds"


async def test_what_is_null_says_why(stage: Stage, person: Person) -> None:
    empty = await stage.get(person, "/api/analytics/overall/{}")
    assert {name for name in empty if empty[name] is None} == empty["nulls"].keys()
    assert empty["nulls"]["win_rate"] == "no finished trade yet"
    assert empty["nulls"]["sharpe"] == "two days of history are needed"
    await trade(stage, person, "WON", 1.1)
    overall = await stage.get(person, "/api/analytics/overall/{}")
    assert {name for name in overall if overall[name] is None} == overall["nulls"].keys()
    assert overall["nulls"]["profit_factor"] == "no losing trade yet"
    (one,) = (await stage.get(person, "/api/analytics/per-token/{}"))["items"]
    assert one["nulls"]["average_loss_sol"] == "no losing trade yet"


async def test_groups_by_the_calendar(stage: Stage, person: Person) -> None:
    await trade(stage, person, "UP", 1.1)
    await trade(stage, person, "DOWN", 0.95)
    calendar = await stage.get(person, "/api/analytics/calendar/{}")
    for by, key in (("hour", "hours"), ("weekday", "weekdays")):
        items = (await stage.get(person, f"/api/analytics/per-{by}/{{}}"))["items"]
        assert items == calendar[key]
        assert sum(one["trades"] for one in items) == 2
    days = (await stage.get(person, "/api/analytics/per-day/{}"))["items"]
    assert [one["key"] for one in days] == [one["day"] for one in calendar["days"]]
    past: dict[str, Any] = {"to": "2020-01-01T00:00:00Z"}
    assert (await stage.get(person, "/api/analytics/per-hour/{}", **past))["items"] == []
    hours = {
        zone: (await stage.get(person, "/api/analytics/per-hour/{}", zone=zone))["items"]
        for zone in ("UTC", "Etc/GMT-3")
    }
    later = sorted((int(one["key"]) + 3) % 24 for one in hours["UTC"])
    assert sorted(int(one["key"]) for one in hours["Etc/GMT-3"]) == later
    for nowhere in ("", "+03:00", "Europe/Nowhere"):
        path = f"/api/analytics/calendar/{person.wallet}"
        answer = await stage.client.get(path, headers=person.headers, params={"zone": nowhere})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/zone"


async def test_excursions_of_closed_trades(stage: Stage, person: Person) -> None:
    first = await trade(stage, person, "MOVED", 1.1, 1.2, 0.95, 1.05)
    second = await trade(stage, person, "STILL")
    page = await stage.get(person, "/api/analytics/excursions/{}", limit=1)
    (still,) = page["items"]
    assert still["token"] == {"address": second, "symbol": "STILL"}
    assert (still["mfe_percent"], still["mae_percent"]) == (0, 0)
    assert (still["prices"], still["note"]) == (0, None)
    rest = await stage.get(
        person, "/api/analytics/excursions/{}", limit=1, cursor=page["next_cursor"]
    )
    (moved,) = rest["items"]
    assert moved["token"]["address"] == first
    assert moved["mfe_percent"] == pytest.approx(20)
    assert moved["mae_percent"] == pytest.approx(-5)
    assert moved["time_to_peak_seconds"] == pytest.approx(2)
    assert (moved["prices"], moved["exit_reason"]) == (4, "manual")
    overall = await stage.get(person, "/api/analytics/overall/{}")
    assert overall["excursions"] == 2
    assert overall["average_mfe_percent"] == pytest.approx(10)
    assert overall["average_mae_percent"] == pytest.approx(-2.5)


async def paused(stage: Stage, person: Person) -> None:
    response = await stage.client.post(
        f"/api/wallets/{person.wallet}/pause", headers=person.headers
    )
    assert response.status_code == 200, response.text


async def test_what_was_skipped_and_what_that_saved(stage: Stage, person: Person) -> None:
    buyer = await stage.register()
    await paused(stage, person)
    fell, rose = await stage.bought("FELL"), await stage.bought("ROSE")
    await stage.close(fell, 0.00102 * 0.5)
    await stage.close(rose, 0.00102 * 1.1)
    page = await stage.get(person, "/api/analytics/skipped/{}", limit=1)
    (last,) = page["items"]
    assert last["token"] == {"address": rose.mint, "symbol": "ROSE"}
    assert (last["stage"], last["filter"], last["source"]) == ("risk", "wallet_paused", "test")
    assert last["would_have"]["status"] == "open"
    assert last["would_have"]["pnl_percent"] == pytest.approx(10, abs=1e-4)
    rest = await stage.get(person, "/api/analytics/skipped/{}", limit=1, cursor=page["next_cursor"])
    (first,) = rest["items"]
    seen = first["would_have"]
    assert (seen["status"], seen["note"], seen["exit_reason"]) == ("closed", None, "stop_loss")
    assert seen["pnl_percent"] == pytest.approx(-50, abs=1e-4)
    # The other wallet did buy: the same trade, at its own size.
    trades = (await stage.get(buyer, "/api/trades/{}"))["items"]
    (real,) = [one for one in trades if one["token"]["address"] == fell.mint]
    assert seen["entry_price"] == real["entry_price"]
    assert seen["exit_time"] == real["exit_time"]
    assert seen["pnl_percent"] == pytest.approx(real["pnl_percent"], abs=1e-4)
    summary = await stage.get(person, "/api/analytics/skipped/{}/summary")
    (only,) = summary["filters"]
    assert (only["filter"], only["skipped"]) == ("wallet_paused", 2)
    assert (only["won"], only["lost"], only["open"]) == (0, 1, 1)
    total = seen["pnl_sol"] + last["would_have"]["pnl_sol"]
    assert summary["total"]["total_pnl_sol"] == pytest.approx(total)
    assert summary["total"]["saved_sol"] == pytest.approx(-total)
    assert total < 0
    assert summary["complete"]
    assert (await stage.get(buyer, "/api/analytics/skipped/{}"))["items"] == []
    none = await stage.get(buyer, "/api/analytics/skipped/{}/summary")
    assert none["total"]["skipped"] == 0
    assert none["total"]["nulls"].keys() == {
        "average_pnl_percent",
        "total_pnl_percent",
        "average_pnl_sol",
    }
    answer = await stage.client.get(
        f"/api/analytics/skipped/{person.wallet}", headers=person.headers, params={"cursor": "x"}
    )
    assert answer.status_code == 422


async def test_a_wallet_s_sources_have_scorecards(stage: Stage, person: Person) -> None:
    await trade(stage, person, "WON", 1.1)
    lost = await stage.bought("LOST")
    await stage.close(lost, 0.00102 * 0.5)
    await paused(stage, person)
    missed = await stage.bought("MISSED")
    await stage.close(missed, 0.00102 * 0.5)
    found = await stage.get(person, "/api/analytics/per-source/{}")
    assert [one["key"] for one in found["items"]] == ["signal"]
    assert found["complete"]
    every, only = found["scorecards"]
    assert (every["source"], only["source"]) == (None, "test")
    assert {**only, "source": None} == every
    stages = [only[name] for name in ("signals", "judged", "screened", "confirmed", "bought")]
    assert stages == [3, 3, 3, 3, 2]
    assert only["bought_rate"] == pytest.approx(2 / 3)
    assert (only["made"]["results"], only["made"]["wins"]) == (2, 1)
    assert only["made"]["average_pnl_percent"] == pytest.approx(-20, abs=1e-3)
    assert (only["not_bought"]["results"], only["not_bought"]["losses"]) == (1, 1)
    (bin_of_80,) = only["calibration"]["bins"]
    assert (bin_of_80["low"], bin_of_80["signals"], bin_of_80["wins"]) == (80, 3, 1)
    assert only["calibration"]["brier"] == pytest.approx((0.2**2 + 2 * 0.8**2) / 3)


async def test_anybody_may_see_how_good_sources_are(stage: Stage) -> None:
    token = await stage.bought("SEEN")
    await stage.close(token, 0.00102 * 0.5)
    answer = await stage.client.get("/api/signals/scorecards", params={"days": 7})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["items"][0]["source"] is None
    assert found["items"][0]["signals"] >= 1
    again = await stage.client.get("/api/signals/scorecards", params={"days": 7})
    assert again.json() == found
    refused = await stage.client.get("/api/signals/scorecards", params={"days": 91})
    assert refused.status_code == 422


def test_deposits_and_withdrawals_make_no_return() -> None:
    def mark(day: int, value: int, pnl: int) -> SnapshotRow:
        return SnapshotRow(1, "1d", FIRST + day * DAY, value, value, pnl)

    rows = [mark(0, 1000, 0), mark(1, 1100, 100), mark(2, 3100, 100), mark(3, 1550, 50)]
    deposits = [
        DepositRow(day, 1, FIRST + day * DAY, "transfer", lamports)
        for day, lamports in ((2, 2000), (3, -1500))
    ]
    figures = summarise(NOTHING, equity.columns(rows, deposits))
    # +10 %, then 2000 paid in, then 1500 taken out and 50 lost: 3050 / 3100.
    assert figures.total_return == pytest.approx(1.1 * 3050 / 3100 - 1)
    assert figures.max_drawdown == pytest.approx(50 / 3100)
