"""Untrusted texts: symbols, tweets, error bodies. What a person may read passes here first.

It removes what cannot be shown or would lie about order (controls, bidirectional marks, lone
surrogates); what looks like markup stays as it is, because it is shown as text only.
"""

import re
import unicodedata
from collections.abc import Iterable

REMOVED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories: control, format (bidirectional marks), surrogate, private, unassigned."""

JOINER = "\u200d"
"""Holds emoji together; harmless, so it stays inside a text."""

SYMBOL_CHARACTERS = 32
_SPACES = re.compile(r"\s+")


def clean(text: str, limit: int) -> str:
    """Make a text fit to be shown: one line, nothing invisible, at most `limit` characters."""
    head = _SPACES.sub(" ", text[: limit * 4])
    # Most texts are addresses and plain words: nothing of what can be printed is removed.
    kept = head if head.isprintable() else "".join(one for one in head if _stays(one))
    text = _SPACES.sub(" ", kept).strip(f" {JOINER}")
    return text[:limit].rstrip(f" {JOINER}")


def _stays(one: str) -> bool:
    return one == JOINER or unicodedata.category(one) not in REMOVED


def clean_symbol(value: object) -> str | None:
    """Make a symbol fit to be shown; None when nothing of it is left."""
    return (
        (clean(value, SYMBOL_CHARACTERS).replace(JOINER, "") or None)
        if isinstance(value, str)
        else None
    )


def clean_all(values: Iterable[object], count: int, limit: int) -> tuple[str, ...]:
    """Clean the first `count` different texts, each to `limit` characters; others are left out."""
    kept: dict[str, None] = {}
    for value in values:
        if len(kept) == count:
            break
        text = clean(value, limit) if isinstance(value, str) else ""
        if text:
            kept[text] = None
    return tuple(kept)
