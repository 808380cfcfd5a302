"""How far our clock is off, by the `Date` of answers."""

import random
from email.utils import formatdate

import httpx
import pytest

from app.providers.dates import FRESH_MS, KEPT_HOSTS, Dates, Skew
from app.providers.http import Http
from tests.providers.clocks import NOW, StillClock


def said(at: int, **more: str) -> dict[str, str]:
    return {"date": formatdate(at // 1_000, usegmt=True), **more}


def asked(dates: Dates, ahead: int, many: int, host: str = "a.test") -> int:
    """Ask a host whose clock is ahead so many times; returns when the last answer came."""
    chance, now = random.Random(ahead), NOW
    for _ in range(many):
        sent = now + chance.randrange(1_000)
        received = sent + chance.randrange(20, 200)
        dates.heard(host, said(chance.randrange(sent, received) + ahead), sent, received)
        now += 10_000
    return now


@pytest.mark.parametrize("ahead", [0, 400, -400, 2_500, -2_500, 3_600_000, -86_400_000])
def test_several_answers_tell_it_to_a_fraction_of_a_second(ahead: int) -> None:
    dates = Dates()
    now = asked(dates, ahead, 8)
    skew = dates.skew(now)
    assert skew is not None
    assert abs(skew.ms - ahead) <= skew.within_ms < 500
    assert skew.is_beyond(1_000) == (abs(ahead) > 2_000)


def test_nobody_knows_what_nobody_said() -> None:
    dates = Dates()
    assert dates.skew(NOW) is None
    for headers in ({}, {"date": "yesterday"}, {"date": ""}, {"date": "0 0 0"}):
        dates.heard("a.test", headers, NOW, NOW)
    dates.heard("a.test", said(NOW), NOW + 5, NOW)
    assert dates.skew(NOW) is None


def test_what_was_heard_long_ago_says_nothing() -> None:
    dates = Dates()
    now = asked(dates, 5_000, 3)
    assert dates.skew(now) is not None
    assert dates.skew(now + FRESH_MS + 30_000) is None


def test_one_wrong_host_moves_nothing() -> None:
    dates = Dates()
    for host in ("a.test", "b.test"):
        asked(dates, 100, 5, host)
    now = asked(dates, 7_200_000, 5, "wrong.test")
    skew = dates.skew(now)
    assert skew is not None
    assert (skew.is_beyond(1_000), skew.hosts) == (False, 3)


def test_a_clock_that_was_set_in_between_counts_from_then_on() -> None:
    dates = Dates()
    asked(dates, 0, 4)
    for _ in range(2):
        dates.heard("a.test", said(NOW + 65_000), NOW + 60_000, NOW + 60_100)
    skew = dates.skew(NOW + 60_200)
    assert skew is not None
    assert abs(skew.ms - 5_000) < 1_000


def test_an_answer_from_a_cache_is_as_old_as_it_says() -> None:
    dates = Dates()
    dates.heard("a.test", said(NOW - 600_000, age="600"), NOW, NOW + 50)
    skew = dates.skew(NOW)
    assert skew is not None
    assert not skew.is_beyond(1_000)


def test_it_remembers_so_many_hosts_and_forgets_all() -> None:
    dates = Dates()
    for number in range(KEPT_HOSTS + 10):
        dates.heard(f"{number}.test", said(NOW), NOW, NOW)
    assert dates.skew(NOW) == Skew(500.0, 500.0, KEPT_HOSTS)
    dates.forget()
    assert dates.skew(NOW) is None


async def test_every_answer_is_heard_but_not_those_of_this_machine() -> None:
    http = Http(StillClock())
    headers = said(NOW + 90_000)

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers=headers, stream=httpx.ByteStream(b"{}"))

    http._client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    await http.get("http://127.0.0.1:9/")
    assert http.dates.skew(NOW) is None
    await http.named("candles").get("http://candles.test/x")
    skew = http.dates.skew(NOW)
    assert skew is not None
    assert skew.is_beyond(80_000)
    await http.aclose()
