"""What the process counts, as Prometheus text: requests and sockets; the rest is `scraping`."""

from collections.abc import Iterable, Iterator

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

MOST_SERIES = 1_000
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"})
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


disable_created_metrics()  # type: ignore[no-untyped-call]  # the library says nothing of its type


class _Given(Collector):
    """What was read for this scrape."""

    def __init__(self) -> None:
        self.families: list[Metric] = []

    def describe(self) -> Iterator[Metric]:
        """Name nothing beforehand."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Give everything that was read."""
        return iter(self.families)


class Metrics:
    """The counters of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._given = _Given()
        self.registry.register(self._given)
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._requests = Counter(
            "autotrader_http_requests",
            "Requests by route and status class.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "autotrader_http_request_seconds",
            "Time to the first byte, by route.",
            ("route",),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.sockets = Gauge("autotrader_sockets", "Open WebSockets.", registry=self.registry)
        self.frames = Counter(
            "autotrader_frames", "Frames sent to WebSockets.", registry=self.registry
        )
        self.evicted = Counter(
            "autotrader_sockets_evicted",
            "WebSockets closed because they fell behind.",
            registry=self.registry,
        )
        self.refused = Counter(
            "autotrader_sockets_refused",
            "WebSockets that met a limit, by which.",
            ("limit",),
            registry=self.registry,
        )
        self._children: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer."""
        key = (method, route, status)
        children = self._children.get(key)
        if children is None:
            method = method if method in METHODS else "OTHER"
            children = (
                self._requests.labels(method, route, f"{status // 100}xx"),
                self._seconds.labels(route),
            )
            if len(self._children) < MOST_SERIES:
                self._children[key] = children
        children[0].inc()
        children[1].observe(seconds)

    def text(self, families: Iterable[Metric]) -> bytes:
        """Write everything: what was counted here, and what was read for this scrape."""
        self._given.families = list(families)
        return generate_latest(self.registry)
