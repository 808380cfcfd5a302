"""Spans of time: from (inclusive) to (exclusive), Unix ms."""

from collections.abc import Iterable

Span = tuple[int, int]


def union(spans: Iterable[Span]) -> list[Span]:
    """Join spans that touch, oldest first."""
    joined: list[Span] = []
    for since, until in sorted(spans):
        if joined and since <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], until))
        else:
            joined.append((since, until))
    return joined


def subtract(whole: Span, taken: Iterable[Span]) -> list[Span]:
    """Return what of a span the others leave, oldest first."""
    since, until = whole
    left: list[Span] = []
    for first, last in union(taken):
        if since < min(first, until):
            left.append((since, min(first, until)))
        since = max(since, last)
    if since < until:
        left.append((since, until))
    return left
