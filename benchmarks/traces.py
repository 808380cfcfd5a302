"""What the browser's own trace says of a page: how busy its main thread was, and its frames."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

from benchmarks.browsing import Trader

CATEGORIES = [
    "devtools.timeline",
    "disabled-by-default-devtools.timeline",
    "disabled-by-default-devtools.timeline.frame",
]
MAIN = "CrRendererMain"
PRESENTED = ("STATE_PRESENTED_ALL", "STATE_PRESENTED_PARTIAL")
MICROSECONDS = 1e6

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Trace:
    """Some seconds of a page.

    `busy` is the share of the time in which the main thread ran a task (`RunTask`, top level only).
    What ends with `cpu` is the processor's time, which neighbours on the machine do not lengthen. A
    frame is what the compositor calls one (`PipelineReporter`): from when it was begun until it was
    on the screen, where it changed anything.
    """

    seconds: float
    busy: float
    busy_cpu: float
    longest_task: float
    longest_task_cpu: float
    frames: list[float] = field(repr=False)

    @property
    def longest_frame(self) -> float:
        """Return the seconds of the longest frame."""
        return max(self.frames, default=0.0)


def traced(trader: Trader, page: Page, seconds: float) -> Trace:
    """Let the browser trace a page for some seconds."""
    trader.browser.start_tracing(page=page, categories=CATEGORIES)
    page.wait_for_timeout(1000 * seconds)
    written = trader.browser.stop_tracing()
    return read(json.loads(written)["traceEvents"])


def read(events: list[Event]) -> Trace:
    """Read the events of a trace; the page is the one whose main thread did the most."""
    named = {
        (event["pid"], event["tid"]): event["args"]["name"]
        for event in events
        if event["name"] == "thread_name"
    }
    tasks = [
        event
        for event in events
        if event["name"] == "RunTask"
        and event["ph"] == "X"
        and named.get((event["pid"], event["tid"])) == MAIN
    ]
    work: Counter[int] = Counter()
    for task in tasks:
        work[task["pid"]] += task["dur"]
    process = work.most_common(1)[0][0]
    own = [task for task in tasks if task["pid"] == process]
    span = max(task["ts"] + task["dur"] for task in own) - min(task["ts"] for task in own)
    return Trace(
        seconds=span / MICROSECONDS,
        busy=work[process] / span,
        busy_cpu=sum(map(cpu, own)) / span,
        longest_task=max(task["dur"] for task in own) / MICROSECONDS,
        longest_task_cpu=max(map(cpu, own)) / MICROSECONDS,
        frames=frames([event for event in events if event["pid"] == process]),
    )


def cpu(task: Event) -> float:
    """Return the microseconds of the processor that a task took."""
    return float(task["tdur"] if "tdur" in task else task["dur"])


def frames(events: Iterable[Event]) -> list[float]:
    """List the seconds of the frames that were presented, in their order."""
    begun: dict[Any, Event] = {}
    found = []
    for event in events:
        if event["name"] != "PipelineReporter":
            continue
        key = json.dumps(event.get("id2") or event.get("id"))
        if event["ph"] == "b":
            begun[key] = event
        elif event["ph"] == "e" and (start := begun.pop(key, None)) is not None:
            said = start["args"].get("frame_reporter") or start["args"]["chrome_frame_reporter"]
            if said["state"] in PRESENTED:
                found.append((event["ts"] - start["ts"]) / MICROSECONDS)
    return found
