import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ports import BadPayloadError
from app.providers.payloads import (
    as_count,
    as_dict,
    as_list,
    as_number,
    at,
    decode,
    float_or_nan,
    milliseconds,
)
from app.providers.text import clean, clean_all, clean_symbol
from app.providers.tokenfields import read_decimals, read_link

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  WIF\t\n hat ", "WIF hat"),
        ("a\x00b\x1b[31mc\x7f", "ab[31mc"),
        ("\u202ekcab\u2066x\u200b\u00ad", "kcabx"),
        ("\ud800lone", "lone"),
        ("<b>bold</b> & co", "<b>bold</b> & co"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("\u200d\u200d", ""),
        ("x" * 100, "x" * 10),
    ],
)
def test_a_text_is_one_visible_line(text: str, shown: str) -> None:
    assert clean(text, len(shown) if len(shown) == 10 else 50) == shown


@given(st.text(st.characters(exclude_categories=()), max_size=300), st.integers(1, 50))
def test_no_text_survives_that_lies_or_is_too_long(text: str, limit: int) -> None:
    shown = clean(text, limit)
    assert len(shown) <= limit
    assert shown.replace("\u200d", "").isprintable()
    assert clean(shown, limit) == shown
    shown.encode()


def test_a_symbol_is_short_or_nothing() -> None:
    assert clean_symbol("BO\u202eNK\u200d") == "BONK"
    assert clean_symbol("x" * 99) == "x" * 32
    assert clean_symbol(" \u200b\n") is None
    assert clean_symbol(17) is None


def test_texts_are_counted_once() -> None:
    texts = ["a", "a ", 3, None, "", "\x00", {"text": "b"}, "bbbb", "c", "d"]
    assert clean_all(texts, 3, 2) == ("a", "bb", "c")


@pytest.mark.parametrize(
    ("value", "decimals"),
    [(0, 0), (18, 18), ("6", 6), (9.0, 9)]
    + [(bad, None) for bad in (19, -1, 6.5, True, None, "six", "", [6], 10**400, float("nan"))],
)
def test_decimals_are_0_to_18(value: object, decimals: int | None) -> None:
    assert read_decimals(value) == decimals


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "javascript:alert(1)",
        "http://plain.example/a.png",
        "https://",
        "https://[::1/a",
        "https://a.example/ b",
        'https://a.example/"x',
        "https://a.example/é",
        "https://a.example/\n",
        "https://a.example/" + "x" * 500,
    ],
)
def test_a_picture_that_is_no_plain_link_is_none(value: object) -> None:
    assert read_link(value) is None


def test_a_plain_link_is_kept() -> None:
    assert read_link("https://a.example/i.png?x=1#y") == "https://a.example/i.png?x=1#y"


@pytest.mark.parametrize(
    ("value", "time"),
    [
        ("2026-11-20T10:00:03.412Z", 1_795_168_803_412),
        ("2026-11-20T12:00:03.412+02:00", 1_795_168_803_412),
        ("2026-11-20T10:00:03.412", 1_795_168_803_412),
        ("1970-01-01T00:00:00Z", 0),
        ("0001-01-01T00:00:00+14:00", -62_135_647_200_000),
        (1_795_168_803, 1_795_168_803_000),
        (1_795_168_803_412, 1_795_168_803_412),
        (1_795_168_803.5, 1_795_168_803_500),
        ("soon", None),
        ("", None),
        (None, None),
        (True, None),
        (float("nan"), None),
        (float("inf"), None),
        ([], None),
    ],
)
def test_times(value: object, time: int | None) -> None:
    assert milliseconds(value) == time


@given(ANYTHING)
def test_no_json_value_breaks_a_reader(value: object) -> None:
    float_or_nan(value)
    milliseconds(value)
    clean_symbol(value)
    read_decimals(value)
    read_link(value)
    at(value, "a", "b")
    for reader in (as_dict, as_list, as_number, as_count):
        with suppress(BadPayloadError):
            reader(value, "it")


def test_numbers_that_are_none() -> None:
    assert decode(b'{"a": NaN}') != {}
    for bad in (decode("NaN"), decode("1e999"), True, "1", None, 10**400):
        with pytest.raises(BadPayloadError):
            as_number(bad, "it")
    for bad in (-1, 1.5):
        with pytest.raises(BadPayloadError, match="not a count"):
            as_count(bad, "it")
    assert as_count(json.loads("4.0"), "it") == 4
    with pytest.raises(ValueError, match="deeply"):
        decode("[" * 200_000)
