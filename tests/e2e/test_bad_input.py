"""Services that misbehave cost nothing but what they spoiled.

A platform runs against local services that speak the contracts, and every case spoils something
once. It must be counted where people look, told of once, and the next healthy signal must still
lead to a trade. The platform has a loop and a thread of its own, because a browser may hold this
one's.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from starlette.responses import Response

from tests.e2e.world import CUT, Coin, Row, Trader, answer, crowd, trading
from tests.engine.faults import until
from tests.logs import heard

Do = Callable[..., Any]


@pytest.fixture(scope="module")
def portal() -> Iterator[BlockingPortal]:
    with start_blocking_portal() as it:
        yield it


@pytest.fixture(scope="module")
def trader(portal: BlockingPortal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trader]:
    """Run the platform for all cases; at the end its record is audited."""
    with portal.wrap_async_context_manager(trading(tmp_path_factory.mktemp("data"))) as it:
        yield it
        assert portal.call(it.audit) == []


@pytest.fixture(autouse=True)
def unharmed(trader: Trader, portal: BlockingPortal) -> Iterator[None]:
    """After every case a healthy signal leads to a trade, and no task had to start again."""
    restarts = trader.restarts()
    failures = trader.count("failures")
    yield
    portal.call(trader.trade, trader.world.coin())
    assert trader.restarts() == restarts
    assert trader.count("failures") == failures
    assert trader.status()["healthy"]


def event(text: str) -> bytes:
    return f"data: {text}\n\n".encode()


MINT = "DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263"

EVENTS = {
    "no JSON": (event("{tokenAddress"), "bad_json"),
    "NaN": (event('{"tokenAddress": NaN}'), "bad_json"),
    "nested without end": (event("[" * 100_000), "bad_json"),
    "a list": (event('["tokenAddress"]'), "bad_type"),
    "null": (event("null"), "bad_type"),
    "a number for a mint": (event('{"tokenAddress": 5}'), "bad_type"),
    "no mint": (event('{"uniqueWalletCount": 5}'), "bad_type"),
    "text for a count": (
        event(f'{{"tokenAddress": "{MINT}", "uniqueWalletCount": "x"}}'),
        "bad_type",
    ),
    "no time": (event(f'{{"tokenAddress": "{MINT}", "triggeredAt": "yesterday"}}'), "bad_type"),
    "an impossible mint": (event('{"tokenAddress": "0x1234"}'), "invalid_mint"),
    "a mint of another length": (event(f'{{"tokenAddress": "{MINT[:-9]}"}}'), "invalid_mint"),
    "invalid UTF-8": (b'data: {"tokenAddress": "\xff\xfe\xc3("}\n\n', "invalid_mint"),
    "NUL": (event('{"tokenAddress": "' + MINT[:-1] + '\\u0000"}'), "invalid_mint"),
    "another kind of event": (b"event: advice\ndata: buy\n\n", "ignored"),
}


@pytest.mark.parametrize("name", EVENTS)
def test_events_that_are_no_signals(trader: Trader, portal: BlockingPortal, name: str) -> None:
    raw, reason = EVENTS[name]
    before = trader.count("providers", "signals", reason)
    with heard() as lines:
        for _ in range(5):
            portal.call(trader.say, raw)
        portal.call(until, lambda: trader.count("providers", "signals", reason) == before + 5)
    assert len([line for line in lines if line["event"] == f"signal_feed_{reason}"]) <= 1


BREAKS = {
    "cut between events": ((CUT,), "cut"),
    "cut inside an event": ((b'data: {"tokenAddr', CUT), "cut"),
    "an event of 10 MB": ((b"data: " + b"x" * 10_000_000 + b"\n\n",), "too_large"),
    "a line without an end": ((b"data: ", *[b"y" * 100_000] * 15), "too_large"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_stream_that_breaks_is_opened_again(
    trader: Trader, portal: BlockingPortal, name: str
) -> None:
    parts, reason = BREAKS[name]
    before = trader.count("providers", "signals", reason)
    connects = trader.count("providers", "signals", "connects")
    for part in parts:
        portal.call(trader.say, part)
    portal.call(until, lambda: trader.count("providers", "signals", reason) == before + 1)
    portal.call(until, lambda: trader.count("providers", "signals", "connects") == connects + 1, 10)


def test_a_signal_that_comes_twice_is_one(trader: Trader, portal: BlockingPortal) -> None:
    before = trader.count("providers", "signals", "duplicate")
    coin = trader.world.coin()
    signal = trader.world.signal(coin)
    portal.call(trader.say, signal * 3)
    portal.call(until, lambda: trader.count("providers", "signals", "duplicate") == before + 2)
    portal.call(until, lambda: any(fill.side == "BUY" for fill in portal_fills(trader, coin)), 10)
    assert len([fill for fill in portal_fills(trader, coin) if fill.side == "BUY"]) == 1


def portal_fills(trader: Trader, coin: Coin) -> list[Any]:
    """Find a coin's fills by the engine's memory, without waiting."""
    token = trader.app.state.live._views.token(coin.mint)
    return [fill for fill in trader.fills if token is not None and fill.token_id == token.id]


def spoiled(change: Callable[[Row], None]) -> Callable[[list[Row]], list[Row]]:
    """Spoil the newest closed candle of every answer."""

    def rows(given: list[Row]) -> list[Row]:
        if len(given) > 1:
            change(given[1])
        return given

    return rows


def put(place: int, value: object) -> Callable[[list[Row]], list[Row]]:
    """Put something else into a field of that candle."""
    return spoiled(lambda row: row.__setitem__(place, value))


CANDLES: dict[str, tuple[Callable[[list[Row]], list[Row]], str]] = {
    "NaN": (put(4, "NaN"), "refused"),
    "infinite": (put(2, "Infinity"), "refused"),
    "null": (put(4, None), "refused"),
    "zero": (put(4, 0), "refused"),
    "negative": (put(1, -1e-6), "refused"),
    "text": (put(4, "a lot"), "refused"),
    "high below low": (put(2, 1e-12), "refused"),
    "negative volume": (put(5, -5), "refused"),
    "no row": (lambda rows: [*rows, "row", {}, None, []], "refused"),
    "out of order": (lambda rows: rows[:3] + rows[:2:-1], "out_of_order"),
    "twice": (lambda rows: [row for row in rows for _ in (0, 1)], "duplicates"),
    "missing": (lambda rows: [row for row in rows if row[0] % 5], "missing"),
    "from the future": (lambda rows: [[rows[0][0] + 86_400, *rows[0][1:]], *rows], "refused"),
    "at a time that is none": (put(0, "noon"), "refused"),
}


@pytest.mark.parametrize("name", CANDLES)
def test_candles_that_cannot_be(trader: Trader, portal: BlockingPortal, name: str) -> None:
    rows, counter = CANDLES[name]
    before = trader.count("providers", "candles", counter)
    coin = trader.world.coin(rows=rows)
    portal.call(trader.say, trader.world.signal(coin))
    portal.call(until, lambda: trader.count("providers", "candles", counter) > before, 10)
    assert all(1e-7 < fill.price < 1e-4 for fill in portal_fills(trader, coin))


def test_answers_that_are_no_candles(trader: Trader, portal: BlockingPortal) -> None:
    def fail(_: list[Row]) -> list[Row]:
        raise RuntimeError("no candles today")

    errors = trader.count("providers", "candles", "asked")
    coin = trader.world.coin(rows=fail)
    portal.call(trader.say, trader.world.signal(coin))
    portal.call(until, lambda: trader.count("providers", "candles", "asked") > errors + 3, 10)
    assert portal_fills(trader, coin) == []


@pytest.mark.parametrize("factor", [0.1, 20.0])
def test_a_wick_sells_nothing_and_is_counted(
    trader: Trader, portal: BlockingPortal, factor: float
) -> None:
    """One candle jumps and the next is back: no stop and no tier may see it."""
    before = trader.count("prices_suspect")
    coin = trader.world.coin()
    portal.call(trader.trade, coin)
    wick = trader.world.clock.now() // 1_000 + 2

    def rows(given: list[Row]) -> list[Row]:
        for row in given:
            if row[0] == wick:
                row[1:5] = [price * factor for price in row[1:5]]
        return given

    coin.rows = rows
    portal.call(until, lambda: trader.count("prices_suspect") > before, 10)
    portal.call(until, lambda: any(fill.side == "SELL" for fill in portal_fills(trader, coin)), 10)
    assert {fill.reason for fill in portal_fills(trader, coin)} == {"entry", "max_holding"}


def test_decimals_never_change(trader: Trader, portal: BlockingPortal) -> None:
    """A directory that changes its mind must not make a position a thousand times as large."""
    coin = trader.world.coin()
    portal.call(trader.trade, coin)
    coin.decimals = 9
    tokens: Any = trader.app.state.platform._wiring.screening.tokens
    tokens._cache.clear()
    screened = trader.count("screened")
    portal.call(trader.say, trader.world.signal(coin))
    portal.call(until, lambda: trader.count("screened") > screened, 10)
    assert trader.app.state.live._views.token(coin.mint).decimals == 6


@pytest.mark.parametrize("decimals", [None, -1, 400, "six", True, 6.5])
def test_decimals_that_cannot_be(trader: Trader, portal: BlockingPortal, decimals: object) -> None:
    before = trader.count("screenings_failed", "no_decimals")
    coin = trader.world.coin(decimals=decimals)
    portal.call(trader.say, trader.world.signal(coin))
    portal.call(until, lambda: trader.count("screenings_failed", "no_decimals") == before + 1, 10)
    assert portal_fills(trader, coin) == []


HTML = Response(b"<html>down for maintenance</html>", media_type="text/html")
CROWDS: dict[str, tuple[Callable[[], Response], str, str]] = {
    "500": (lambda: answer({}, 500), "sentiment_unavailable", ""),
    "503": (lambda: answer({"detail": "busy"}, 503), "sentiment_unavailable", ""),
    "HTML": (lambda: HTML, "sentiment_unavailable", ""),
    "no JSON": (lambda: answer(b'{"found": tru'), "sentiment_unavailable", ""),
    "too high": (lambda: answer(crowd(101)), "sentiment_unavailable", "bad_payload"),
    "below zero": (lambda: answer(crowd(-1)), "sentiment_unavailable", "bad_payload"),
    "NaN": (lambda: answer(crowd("NaN")), "sentiment_unavailable", "bad_payload"),
    "null": (lambda: answer(crowd(None)), "sentiment_unavailable", "bad_payload"),
    "a list": (lambda: answer([1, 2]), "sentiment_unavailable", "bad_payload"),
    "nothing found": (lambda: answer({"found": False}), "sentiment_no_data", "no_data"),
    "low": (lambda: answer(crowd(10)), "sentiment_low", "scored"),
}


@pytest.mark.parametrize("name", CROWDS)
def test_sentiment_that_says_nothing_ends_its_signal_only(
    trader: Trader, portal: BlockingPortal, name: str
) -> None:
    said, reason, counter = CROWDS[name]
    failed = trader.count("screenings_failed", reason)
    counted = trader.count("providers", "sentiment", counter)
    coin = trader.world.coin(crowd=said)
    portal.call(trader.say, trader.world.signal(coin))
    portal.call(until, lambda: trader.count("screenings_failed", reason) == failed + 1, 10)
    portal.call(until, lambda: list(trader.ended.values())[-1:] == [reason])
    assert not counter or trader.count("providers", "sentiment", counter) == counted + 1
    assert portal_fills(trader, coin) == []


def test_sentiment_that_never_answers_holds_nobody_up(
    trader: Trader, portal: BlockingPortal
) -> None:
    """While one waits for its answer, others trade."""
    failed = trader.count("screenings_failed", "sentiment_unavailable")
    silent = trader.world.coin(silent=True)
    portal.call(trader.say, trader.world.signal(silent))
    portal.call(trader.trade, trader.world.coin())
    assert trader.count("screenings_failed", "sentiment_unavailable") == failed
    portal.call(
        until,
        lambda: trader.count("screenings_failed", "sentiment_unavailable") == failed + 1,
        20,
    )
