"""Requests as they are typed on a command line: words become what the API takes as JSON."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.research.checking import Fault, Misfit

Given = dict[str, Any]
NONE = "none"
RANGE_PARTS = (2, 3)


def fault(option: str, detail: str) -> Misfit:
    """Say which option is at fault."""
    return Misfit([Fault((option,), detail)])


def request_in(file: Path | None) -> Given:
    """Read a request from a file; nothing without one. Raises Misfit."""
    if file is None:
        return {}
    try:
        found = json.loads(file.read_text())
    except OSError as error:
        raise fault("--request", f"{file} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise fault("--request", f"{file} is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise fault("--request", f"{file} holds no JSON object")
    return found


def kept(**given: Any) -> Given:
    """Keep the options that were typed."""
    return {name: value for name, value in given.items() if value not in (None, {}, [])}


def with_candles(
    value: Given, tokens: Sequence[str] | None, timeframe: str | None, span: Sequence[Any]
) -> None:
    """Put stored tokens into a request, or a timeframe and a span on those it has."""
    since, until = (one if one is None else _utc(one).isoformat() for one in span)
    more = {name: one for name, one in (("from", since), ("to", until)) if one is not None}
    more |= kept(timeframe=timeframe)
    if tokens:
        found: list[Any] = [{"source": "stored", "token": token, **more} for token in tokens]
    elif more:
        had = value.get("candles")
        some = had if isinstance(had, list) else [had]
        found = [{**one, **more} for one in some if isinstance(one, dict)]
    else:
        return
    value["candles"] = found[0] if len(found) == 1 else found


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=moment.tzinfo or UTC)


def plain(text: str) -> Any:
    """Read a word: a number, true, false, none, JSON, or itself."""
    if text.lower() == NONE:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text


def several(text: str) -> Any:
    """Read a word, words with commas between them, or a range as min:max:step."""
    parts = text.split(":")
    if text[:1] not in "[{" and len(parts) in RANGE_PARTS:
        numbers = [plain(part) for part in parts]
        return dict(zip(("min", "max", "step"), numbers, strict=False))
    if text[:1] in "[{" or "," not in text:
        return plain(text)
    return [plain(part) for part in text.split(",")]


def pairs(words: Sequence[str] | None, option: str, *, varying: bool = False) -> Given:
    """Read words of the form name=value. Raises Misfit."""
    found: Given = {}
    for word in words or ():
        name, equals, text = word.partition("=")
        if not equals or not name or not text:
            raise fault(option, f"write it as name=value, not {word!r}")
        if name in found:
            raise fault(option, f"{name} is given twice")
        found[name] = several(text) if varying else plain(text)
    return found


def tiers(text: str | None) -> Given:
    """Read take-profit tiers, 0.3:0.33,0.75:0.33. Raises Misfit."""
    if text is None:
        return {}
    if text.lower() == NONE:
        return {"take_profit": []}
    found = [part.split(":") for part in text.split(",")]
    try:
        return {"take_profit": [[float(gain), float(portion)] for gain, portion in found]}
    except ValueError as error:
        detail = f"write tiers as gain:portion, 0.3:0.33,0.75:0.33, not {text!r}"
        raise fault("--take-profit", detail) from error


def limits(words: Sequence[str] | None) -> Given:
    """Read limits as name=value; `defaults` alone takes each one's default. Raises Misfit."""
    if not words:
        return {}
    return {"risk": pairs([word for word in words if word != "defaults"], "--risk")}


def into(value: Given, part: str, more: Mapping[str, Any]) -> None:
    """Put fields into a part of a request, over those it has."""
    had = value.get(part, {})
    if more and isinstance(had, dict):
        value[part] = {**had, **more}
    elif more:
        raise fault(part, "the request has several: change them there")
