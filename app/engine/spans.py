"""Spans by OpenTelemetry, sent in the background as OTLP over HTTP; imported by `tracing` only."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, Status, StatusCode

TRACES = "/v1/traces"
SECONDS = 5
FLUSH_MS = 3_000


class Spans:
    """A tracer of its own: nothing of the process is changed, no library instrumented."""

    def __init__(self, endpoint: str, version: str) -> None:
        about = {"service.name": "auto-trader", "service.version": version}
        self._provider = TracerProvider(resource=Resource.create(about), shutdown_on_exit=False)
        exporter = OTLPSpanExporter(endpoint=f"{endpoint}{TRACES}", timeout=SECONDS)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("app", version)

    @contextmanager
    def span(self, name: str, **noted: str | int | float) -> Iterator[Span]:
        """Begin a span; one that fails says by which class of error, and no more: texts hold
        addresses.
        """
        with self._tracer.start_as_current_span(
            name, attributes=noted, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield span
            except BaseException as error:
                span.set_status(Status(StatusCode.ERROR, type(error).__name__))
                raise

    def close(self) -> None:
        """Send what waits, then stop."""
        self._provider.force_flush(FLUSH_MS)
        self._provider.shutdown()
