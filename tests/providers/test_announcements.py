import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.providers.announcements import (
    MAX_PAYLOAD_CHARACTERS,
    MAX_WALLETS,
    NotASignalError,
    read_signal,
)
from app.trading.ids import is_address
from tests.providers.clocks import NOW

MINT = "DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263"
MOMENT = "2026-11-20T10:00:03.412Z"
AT = 1_795_168_803_412
NAMES = ["tokenAddress", "uniqueWalletCount", "walletAddresses", "windowStart", "triggeredAt"]


def told(**fields: object) -> str:
    return json.dumps({"tokenAddress": MINT, "triggeredAt": MOMENT} | fields)


def reason(data: str) -> str:
    with pytest.raises(NotASignalError) as caught:
        read_signal(data, NOW, "feed")
    assert len(str(caught.value)) < 200
    return caught.value.reason


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({}, AT),
        ({"triggeredAt": None, "windowEnd": "2026-11-20T10:00:03.412"}, AT),
        ({"triggeredAt": None, "windowStart": "2026-11-20T11:00:03.412+01:00"}, AT),
        ({"triggeredAt": AT}, AT),
        ({"triggeredAt": AT // 1_000}, AT // 1_000 * 1_000),
        ({"triggeredAt": None}, NOW),
    ],
)
def test_a_signal_is_identified_by_its_moment(fields: dict[str, object], at: int) -> None:
    signal = read_signal(told(**fields), NOW, "feed")
    assert (signal.triggered_at, signal.received_at, signal.source) == (at, NOW, "feed")


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({}, 0),
        ({"walletAddresses": ["a", "b", "a"]}, 2),
        ({"walletAddresses": ["a"], "uniqueWalletCount": 9}, 9),
        ({"uniqueWalletCount": 4.0, "walletAddresses": None}, 4),
    ],
)
def test_wallets_are_counted_by_who_says(fields: dict[str, object], count: int) -> None:
    assert read_signal(told(**fields), NOW, "feed").unique_wallets == count


def test_wallets_are_few_and_fit_to_be_shown() -> None:
    wallets = ["\u202e\x00" + "x" * 99, *[str(number) for number in range(5_000)]]
    signal = read_signal(told(walletAddresses=wallets), NOW, "feed")
    assert len(signal.wallets) == MAX_WALLETS
    assert signal.wallets[:2] == ("x" * 64, "0")


@pytest.mark.parametrize(
    "fields",
    [
        {"tokenAddress": None},
        {"tokenAddress": 7},
        {"uniqueWalletCount": True},
        {"uniqueWalletCount": 1e6 + 1},
        {"uniqueWalletCount": 10**400},
        {"uniqueWalletCount": 1.5},
        {"walletAddresses": "w"},
        {"walletAddresses": {}},
        {"walletAddresses": [None]},
        {"triggeredAt": 0},
        {"triggeredAt": "1999-01-01T00:00:00Z"},
        {"triggeredAt": "9999-01-01T00:00:00Z"},
        {"triggeredAt": []},
        {"windowStart": True},
        {"windowEnd": "x"},
    ],
)
def test_what_is_there_must_be_right(fields: dict[str, object]) -> None:
    assert reason(told(**fields)) == "bad_type"


@pytest.mark.parametrize(
    "mint",
    ["", "z" * 44, MINT.lower(), f" {MINT}", MINT + "\ufffd", "1" * 31, "x" * 100_000, "__proto__"],
)
def test_a_mint_is_32_bytes(mint: str) -> None:
    assert reason(told(tokenAddress=mint)) == "invalid_mint"


@pytest.mark.parametrize("data", ["", "{", "NaN", "[1e999", '{"a": Infinity}', "9" * 5_000, "\x00"])
def test_what_is_no_json_is_said_so(data: str) -> None:
    assert reason(data) == "bad_json"


def test_unknown_fields_are_kept_as_they_came() -> None:
    data = told(mood="\ud800 <b>", more={"deep": [1]})
    assert read_signal(data, NOW, "feed").payload == data


def test_an_enormous_event_is_kept_in_short() -> None:
    names = {f"field{number}": number for number in range(3_000)}
    data = told(note="x" * MAX_PAYLOAD_CHARACTERS, score=0.5, deep=[[[1]]], seen=True, **names)
    kept = json.loads(read_signal(data, NOW, "feed").payload)
    assert kept["tokenAddress"] == MINT
    assert (kept["score"], kept["seen"], kept["shortened"]) == (0.5, True, True)
    assert not {"note", "deep"} & set(kept)
    assert len(kept) == MAX_WALLETS + 1


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from([MINT, MOMENT, ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
)


@given(st.dictionaries(st.sampled_from(NAMES), VALUES) | VALUES)
def test_any_event_is_a_sound_signal_or_refused(value: Any) -> None:
    with suppress(NotASignalError):
        signal = read_signal(json.dumps(value), NOW, "feed")
        assert is_address(signal.mint)
        assert 0 <= signal.unique_wallets <= 1_000_000
