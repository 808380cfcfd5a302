"""What people read and do: wallets, trades, positions, decisions, events, figures, downloads."""

import io
from typing import Any

import polars as pl
import pytest

from app.api.shapes.events import EventOut
from app.api.shapes.trades import TradeDetailOut, TradeOut
from tests.api.stage import Person, Stage


async def sold(
    stage: Stage, person: Person, mint: str, portion: float = 1.0, **headers: str
) -> Any:
    response = await stage.client.post(
        f"/api/positions/{person.wallet}/{mint}/close",
        json={"portion": portion},
        headers={**person.headers, **headers},
    )
    assert response.status_code == 200, response.text
    return response.json()


async def test_a_trade_from_signal_to_sale(stage: Stage, person: Person) -> None:
    token = await stage.bought("WIF")
    (position,) = (await stage.get(person, "/api/positions/{}"))["items"]
    assert position["token"] == {"address": token.mint, "symbol": "WIF"}
    assert position["phase"] == "INITIAL"
    assert position["price"] == pytest.approx(0.00102)
    assert position["stop_loss_price"] == pytest.approx(0.00102 * 0.85)
    assert position["stop_distance_percent"] == pytest.approx(15)
    assert position["next_tier"]["price"] == pytest.approx(0.00102 * 1.3)
    assert not position["next_tier"]["taken"]
    await stage.close(token, 0.00102 * 1.1)
    (position,) = (await stage.get(person, "/api/positions/{}"))["items"]
    assert position["unrealised_pnl_percent"] == pytest.approx(10, abs=1e-4)
    assert position["price_age_seconds"] < 60

    half = await sold(stage, person, token.mint, 0.5)
    (one,) = half["sold"]
    assert one["trade_id"] == position["trade_id"]
    assert one["fill"]["reason"] == "manual"
    assert one["fill"]["token_amount"] == pytest.approx(position["tokens"] / 2, abs=1e-6)
    await sold(stage, person, token.mint)
    assert (await stage.get(person, "/api/positions/{}"))["items"] == []
    (trade,) = (await stage.get(person, "/api/trades/{}"))["items"]
    assert trade["status"] == "finished"
    assert trade["exit_reason"] == "manual"
    assert trade["pnl_percent"] == pytest.approx(10, abs=1e-4)
    assert trade["pnl_sol"] == pytest.approx(trade["sol_returned"] - trade["sol_invested"])
    assert trade["initial_sentiment_score"] == 80
    user = await stage.get(person, "/api/user/{}")
    assert user["sol_balance"] == pytest.approx(user["initial_sol_balance"] + trade["pnl_sol"])
    assert user["overall_pnl"] == pytest.approx(trade["pnl_sol"])
    assert round(user["sol_balance"], 9) == user["sol_balance"]


async def test_a_trade_says_why(stage: Stage, person: Person) -> None:
    token = await stage.bought("MEW")
    (listed,) = (await stage.get(person, "/api/trades/{}", token_address=token.mint))["items"]
    trade = await stage.get(person, f"/api/trades/{{}}/{listed['id']}")
    TradeDetailOut.model_validate(trade)
    assert {name: trade[name] for name in listed} == listed
    assert [fill["side"] for fill in trade["fills"]] == ["BUY"]
    assert trade["exit_state"]["phase"] == "INITIAL"
    assert trade["exit_state"]["tokens_left"] == trade["quantity"]
    assert [tier["taken"] for tier in trade["exit_state"]["tiers"]] == [False, False]
    steps = trade["why"]
    order = ["signal", "sentiment", "confirmation", "risk", "order"]
    assert list(dict.fromkeys(step["step"] for step in steps)) == order
    assert all(step["verdict"] == "passed" for step in steps), steps
    found = {step["name"]: step for step in steps}
    assert found["sentiment_score"]["value"] == 80
    assert found["sentiment_score"]["limit"] == 60
    assert found["open_positions"]["limit"] == 10
    condition = next(step for step in steps if step["step"] == "confirmation")
    assert condition["value"] is not None
    assert condition["limit"] is not None
    assert steps[-1]["value"] == pytest.approx(trade["sol_invested"])


async def test_a_closed_trade_keeps_its_exit_state(stage: Stage, person: Person) -> None:
    token = await stage.bought("POPCAT")
    await stage.close(token, 0.00102 * 1.35)
    await stage.close(token, 0.0005)
    (listed,) = (await stage.get(person, "/api/trades/{}", token_address=token.mint))["items"]
    trade = await stage.get(person, f"/api/trades/{{}}/{listed['id']}")
    assert trade["exit_state"]["tokens_left"] == 0
    assert [tier["taken"] for tier in trade["exit_state"]["tiers"]] == [True, False]
    reasons = [fill["reason"] for fill in trade["fills"]]
    assert reasons == ["entry", "take_profit_1", "breakeven_stop"]


async def test_a_refusal_says_which_limit(stage: Stage, person: Person) -> None:
    headers = person.headers
    await stage.client.post(f"/api/wallets/{person.wallet}/pause", headers=headers)
    token = await stage.bought("BOME")
    query = {"token_address": token.mint}
    decisions = (await stage.get(person, "/api/decisions/{}", **query))["items"]
    refused = next(one for one in decisions if one["verdict"] == "refused")
    assert refused["reason"] == "wallet_paused"
    assert refused["trade_id"] is None
    steps = {step["name"]: step for step in refused["why"]}
    paused = {"step": "risk", "name": "wallet_paused", "value": 1, "limit": 0, "verdict": "failed"}
    assert steps["wallet_paused"] == paused
    assert steps["buy"]["verdict"] == "skipped"
    resumed = await stage.client.post(f"/api/wallets/{person.wallet}/resume", headers=headers)
    assert resumed.json() == {
        "wallet_address": person.wallet,
        "paused": False,
        "pause_reason": None,
    }


async def test_lists_go_on_where_they_ended(stage: Stage, person: Person) -> None:
    for symbol in ("A", "B", "C", "D", "E"):
        token = await stage.bought(symbol)
        if symbol in "AB":
            await sold(stage, person, token.mint)
    for sort in ("entry_time", "exit_time", "pnl_sol", "pnl_percent"):
        for order in ("asc", "desc"):
            asked = {"sort": sort, "order": order}
            every = (await stage.get(person, "/api/trades/{}", **asked))["items"]
            assert len(every) == 5
            paged: list[Any] = []
            cursor: dict[str, str] = {}
            while True:
                page = await stage.get(person, "/api/trades/{}", limit=2, **asked, **cursor)
                paged += page["items"]
                if page["next_cursor"] is None:
                    break
                cursor = {"cursor": page["next_cursor"]}
            assert paged == every, asked
    assert len((await stage.get(person, "/api/trades/{}", status="finished"))["items"]) == 2
    assert len((await stage.get(person, "/api/trades/{}", status="active"))["items"]) == 3
    assert (await stage.get(person, "/api/trades/{}", status="failed"))["items"] == []
    assert (await stage.get(person, "/api/trades/{}", strategy="none"))["items"] == []
    later = {"from": "2100-01-01T00:00:00Z"}
    assert (await stage.get(person, "/api/trades/{}", **later))["items"] == []
    events = (await stage.get(person, "/api/events/{}"))["items"]
    seen: list[Any] = []
    while True:
        after = seen[-1]["seq"] if seen else 0
        page = await stage.get(person, "/api/events/{}", after=after, limit=3)
        seen += page["items"]
        if page["next_cursor"] is None:
            break
    assert seen == events
    assert [one["seq"] for one in events] == sorted({one["seq"] for one in events})
    kinds = [one["kind"] for one in events]
    assert kinds[0] == "WalletRegistered"
    assert kinds.count("TradeOpened") == 5
    assert kinds.count("TradeClosed") == 2
    for event in events:
        EventOut.model_validate(event)


async def test_figures_agree_with_the_trades(stage: Stage, person: Person) -> None:
    for symbol, factor in (("UP", 1.1), ("DOWN", 0.95), ("EVEN", 1.0)):
        token = await stage.bought(symbol)
        await stage.close(token, 0.00102 * factor)
        await sold(stage, person, token.mint)
    await stage.bought("OPEN")
    trades = (await stage.get(person, "/api/trades/{}", status="finished"))["items"]
    profits = [trade["pnl_sol"] for trade in trades]
    overall = await stage.get(person, "/api/analytics/overall/{}")
    assert overall["trades"] == 3
    assert overall["open_trades"] == 1
    assert overall["wins"] == sum(profit > 0 for profit in profits)
    assert overall["net_pnl_sol"] == pytest.approx(sum(profits))
    assert overall["volume_sol"] > sum(trade["sol_invested"] for trade in trades)
    assert overall["annualised_reliable"] is False
    tokens = (await stage.get(person, "/api/analytics/per-token/{}"))["items"]
    assert [one["symbol"] for one in tokens] == ["DOWN", "EVEN", "OPEN", "UP"]
    assert tokens[3]["win_rate"] == 1
    assert tokens[3]["profit_factor"] is None
    for by, key in (("per-source", "signal"), ("per-exit-reason", "manual")):
        groups = (await stage.get(person, f"/api/analytics/{by}/{{}}"))["items"]
        assert [one["key"] for one in groups] == [key]
        assert groups[0]["trades"] == 3
    strategies = (await stage.get(person, "/api/analytics/per-strategy/{}"))["items"]
    assert sum(one["trades"] for one in strategies) == 3
    calendar = await stage.get(person, "/api/analytics/calendar/{}")
    assert sum(day["trades"] for day in calendar["days"]) == 3
    assert sum(day["net_pnl_sol"] for day in calendar["days"]) == pytest.approx(sum(profits))
    assert sum(hour["trades"] for hour in calendar["hours"]) == 3
    past = {"to": "2020-01-01T00:00:00Z"}
    assert (await stage.get(person, "/api/analytics/overall/{}", **past))["trades"] == 0


async def test_a_list_tells_its_length_and_goes_on_anywhere(stage: Stage, person: Person) -> None:
    for symbol in ("CATTY", "DOGGY", "DOGGO"):
        token = await stage.bought(symbol)
    await sold(stage, person, token.mint)

    async def listed(**asked: Any) -> tuple[list[str], int | None]:
        page = await stage.get(person, "/api/trades/{}", **asked)
        return [one["token"]["symbol"] for one in page["items"]], page["total"]

    assert await listed() == (["DOGGO", "DOGGY", "CATTY"], None)
    assert await listed(total=True, limit=1, skip=1) == (["DOGGY"], 3)
    assert await listed(total=True, symbol="dog", status="active") == (["DOGGY"], 1)
    assert await listed(exit_reason="manual", source="signal") == (["DOGGO"], None)
    assert await listed(source="named", total=True) == ([], 0)
    ended = {"times": "exit_time", "from": "2020-01-01T00:00:00Z"}
    assert await listed(**ended) == (["DOGGO"], None)
    assert (await listed(sort="held"))[0][-1] == "DOGGO"
    for wrong in ({"sort": "colour"}, {"skip": -1}, {"symbol": ""}, {"source": "moon"}):
        answer = await stage.client.get(
            f"/api/trades/{person.wallet}", headers=person.headers, params=wrong
        )
        assert answer.status_code == 422, wrong


async def test_a_new_wallet_has_figures_too(stage: Stage, person: Person) -> None:
    overall = await stage.get(person, "/api/analytics/overall/{}")
    assert overall["trades"] == 0
    assert overall["win_rate"] is None
    assert overall["sharpe"] is None
    (point,) = await stage.get(person, "/api/portfolio/history/{}")
    assert point["drawdown_percent"] == 0
    assert point["overall_pnl"] == 0
    assert await stage.get(person, "/api/portfolio/history/{}", resolution="1d", limit=5)


async def test_downloads_hold_what_the_lists_hold(stage: Stage, person: Person) -> None:
    token = await stage.bought('=HYPERLINK("http://evil")')
    await sold(stage, person, token.mint, 0.5)
    (trade,) = (await stage.get(person, "/api/trades/{}"))["items"]
    files: dict[str, pl.DataFrame] = {}
    for name in ("trades.csv", "trades.parquet", "fills.csv", "fills.parquet"):
        response = await stage.client.get(
            f"/api/export/{person.wallet}/{name}", headers=person.headers
        )
        assert response.status_code == 200
        assert response.headers["content-disposition"] == f'attachment; filename="{name}"'
        read = pl.read_csv if name.endswith("csv") else pl.read_parquet
        files[name] = read(io.BytesIO(response.content))
    assert files["trades.csv"]["symbol"].to_list() == ['\'=HYPERLINK("http://evil")']
    assert files["trades.parquet"]["symbol"].to_list() == ['=HYPERLINK("http://evil")']
    assert files["trades.csv"].columns == files["trades.parquet"].columns
    assert files["trades.csv"]["sol_invested"].to_list() == [trade["sol_invested"]]
    assert files["trades.csv"]["entry_time"].to_list() == [trade["entry_time"]]
    assert sorted(files["fills.parquet"]["side"]) == ["BUY", "SELL"]
    assert files["fills.csv"]["token_amount"].to_list() == (
        files["fills.parquet"]["token_amount"].to_list()
    )
    nothing = await stage.client.get(
        f"/api/export/{person.wallet}/users.csv", headers=person.headers
    )
    assert nothing.status_code == 422


async def test_signals_and_markets_are_public(stage: Stage) -> None:
    token = await stage.bought("PUBLIC")
    client = stage.client
    signals = (await client.get("/api/signals", params={"token_address": token.mint})).json()
    (signal,) = signals["items"]
    assert signal["status"] == "Monitoring"
    assert signal["sentiment_score"] == 80
    one = (await client.get(f"/api/signals/{signal['id']}")).json()
    assert {name: one[name] for name in signal} == signal
    assert one["evaluations"][0]["parameters"]
    tokens = (await client.get("/api/market/tokens", params={"limit": 1})).json()
    assert tokens["items"][0]["live"]
    assert tokens["next_cursor"]
    chart = (await client.get(f"/api/market/candles/{token.mint}")).json()
    assert len(chart["candles"]) == len(chart["volumes"]) == 61
    assert chart["candles"][-1]["close"] == pytest.approx(0.00102)
    times = [candle["time"] for candle in chart["candles"]]
    assert times == sorted(set(times))
    minutes = await client.get(f"/api/market/candles/{token.mint}", params={"timeframe": "1m"})
    coarse = minutes.json()
    assert all(candle["time"] % 60 == 0 for candle in coarse["candles"])
    total = sum(volume["value"] for volume in chart["volumes"])
    assert sum(volume["value"] for volume in coarse["volumes"]) == pytest.approx(total)
    few = await client.get(f"/api/market/candles/{token.mint}", params={"limit": 5})
    assert [one["time"] for one in few.json()["candles"]] == times[-5:]
    assert (await client.get("/api/market/index")).json()["candles"] == []


async def test_selling_what_is_not_held(stage: Stage, person: Person) -> None:
    response = await stage.client.post(
        f"/api/positions/{person.wallet}/So11111111111111111111111111111111111111112/close",
        headers=person.headers,
    )
    assert response.status_code == 404
    assert response.json()["type"] == "/problems/no-position"


async def test_every_list_is_what_its_shape_says(stage: Stage, person: Person) -> None:
    await stage.bought("SHAPE")
    for trade in (await stage.get(person, "/api/trades/{}"))["items"]:
        TradeOut.model_validate(trade)
