"""What reports of every kind say of their run: what was asked, which candles, which code."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.research.report_parts import NOTHING, moment, table, text
from app.research.results import TokenRun


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a report says of its run besides the result; times in Unix ms."""

    name: str | None
    settings: Mapping[str, Any]
    code_version: str | None
    code_digest: str | None
    data_hash: str | None
    finished_at: int | None


def period(tokens: Sequence[TokenRun]) -> str:
    """Say from when to when a run went, as HTML."""
    first, last = min(one.first for one in tokens), max(one.last for one in tokens)
    return f"{moment(first)} to {moment(last)} UTC, {text(tokens[0].timeframe)} candles"


def tokens_part(tokens: Sequence[TokenRun]) -> list[str]:
    """Write which candles were used."""
    rows = [
        (
            text(one.symbol),
            text(one.token),
            moment(one.first),
            moment(one.last),
            f"{one.candles:,}",
            f"{one.gaps:,}",
            _hash(one.data_hash),
        )
        for one in tokens
    ]
    heads = ["Token", "Address", "First (UTC)", "Last (UTC)", "#Candles", "#Gaps", "Data hash"]
    return ["<h2>Candles</h2>", table(heads, rows)]


def about_part(about: About, refusals: Mapping[str, int]) -> list[str]:
    """Write what a run was asked for and what computed it."""
    facts = [
        ("Code", text(about.code_version or NOTHING)),
        ("Rules’ hash", _hash(about.code_digest)),
        ("Data hash", _hash(about.data_hash)),
        ("Finished (UTC)", moment(about.finished_at)),
    ]
    refused = [(text(reason), f"{many:,}") for reason, many in sorted(refusals.items())]
    return [
        *(["<h2>Entries that a limit forbade</h2>"] if refused else []),
        *([table(["Limit", "#Entries"], refused)] if refused else []),
        "<h2>Settings</h2>",
        f"<pre>{text(json.dumps(about.settings, indent=2, ensure_ascii=False))}</pre>",
        "<h2>How it was computed</h2>",
        table(["What", "Value"], facts),
        "<p class=soft>The past says what would have been, not what will be.</p>",
    ]


def _hash(value: str | None) -> str:
    return f"<span class=hash>{text(value or NOTHING)}</span>"
