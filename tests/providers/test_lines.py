import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.providers.lines import Lines, TooLargeError


def feed_all(chunks: list[bytes], limit: int = 1_000) -> bytes:
    lines = Lines(limit)
    return b"".join(lines.feed(chunk) for chunk in chunks)


@pytest.mark.parametrize(
    ("chunks", "lines"),
    [
        ([b"a\nb"], b"a\n"),
        ([b"a\r\nb\r\n"], b"a\nb\n"),
        ([b"a\rb\r"], b"a\nb\n"),
        ([b"a\r", b"\nb\r", b"c\n"], b"a\nb\nc\n"),
        ([b"a\r", b"\r\n"], b"a\n\n"),
        ([b"\xef\xbb\xbfa\n"], b"a\n"),
        ([b"\xef", b"\xbb", b"\xbfa\n\xef\xbb\xbf\n"], b"a\n\xef\xbb\xbf\n"),
        ([b"\xef", b"\xbba\n"], b"\xef\xbba\n"),
        ([b"", b"a", b"", b"\n"], b"a\n"),
    ],
)
def test_lines_end_as_the_standard_says(chunks: list[bytes], lines: bytes) -> None:
    assert feed_all(chunks) == lines


@given(st.binary(max_size=200), st.data())
def test_where_the_bytes_are_cut_makes_no_difference(body: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=5)))
    chunks = [body[a:b] for a, b in zip([0, *cuts], [*cuts, len(body)], strict=True)]
    assert feed_all(chunks) == feed_all([body])
    assert feed_all([bytes([one]) for one in body]) == feed_all([body])


@given(st.lists(st.sampled_from([b"a", b"bb", b"\n", b"\n\n", b"\r\n"]), max_size=40))
def test_small_events_pass_however_many_they_are(chunks: list[bytes]) -> None:
    text = b"".join(chunks).replace(b"\r\n", b"\n")
    largest = max(len(event) for event in text.split(b"\n\n"))
    assert feed_all(chunks, limit=largest + 2) == text.rpartition(b"\n")[0] + b"\n" * (
        b"\n" in text
    )


@pytest.mark.parametrize(
    "chunks",
    [
        [b"x" * 1_001],
        [b"x" * 100] * 11,
        [b"data: x\n"] * 200,
        [b"\n", b"x" * 500, b"\n", b"x" * 501, b"\n"],
        [b"ok\n\n" + b"x" * 1_001 + b"\n\nok\n"],
    ],
)
def test_an_event_past_the_limit_is_refused(chunks: list[bytes]) -> None:
    with pytest.raises(TooLargeError, match="1000 bytes"):
        feed_all(chunks)


def test_a_million_small_events_are_no_large_one() -> None:
    assert len(feed_all([b": keepalive\n\n" * 1_000] * 10, limit=20)) == 130_000
