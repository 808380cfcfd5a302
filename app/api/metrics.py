"""What the process counts, as Prometheus text."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

MOST_SERIES = 1_000
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Metrics:
    """The counters of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "http_requests",
            "Requests by route and status class.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "http_request_seconds",
            "Time to the first byte, by route.",
            ("route",),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self._engine = Gauge(
            "autotrader_engine",
            "Counters and ages of the engine.",
            ("name",),
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
            method = method if method in {"GET", "POST", "PUT", "DELETE", "HEAD"} else "OTHER"
            children = (
                self._requests.labels(method, route, f"{status // 100}xx"),
                self._seconds.labels(route),
            )
            if len(self._children) < MOST_SERIES:
                self._children[key] = children
        children[0].inc()
        children[1].observe(seconds)

    def text(self, engine: Mapping[str, object]) -> bytes:
        """Write everything; numbers of the engine's status become gauges by their path."""
        for name, value in _numbers("", engine):
            self._engine.labels(name).set(value)
        return generate_latest(self.registry)


def _numbers(prefix: str, values: Mapping[str, object]) -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = []
    for name, value in values.items():
        path = f"{prefix}{name}"
        if isinstance(value, bool | int | float):
            found.append((path, float(value)))
        elif isinstance(value, Mapping):
            found += _numbers(f"{path}.", value)
    return found
