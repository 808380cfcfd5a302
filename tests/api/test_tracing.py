"""Spans reach a collector that speaks OTLP over HTTP, and nothing is loaded without one."""

import asyncio
import re
from pathlib import Path
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.engine import tracing
from tests.api.stage import running
from tests.servers import serve_app

ROOT = Path(__file__).parents[2]


class Collector:
    """Takes in spans."""

    def __init__(self) -> None:
        self.spans: list[Any] = []
        self.bytes = b""
        self.services: set[str] = set()
        self.app = Starlette(routes=[Route("/v1/traces", self._take, methods=["POST"])])

    async def _take(self, request: Request) -> Response:
        body = await request.body()
        self.bytes += body
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            for attribute in resource.resource.attributes:
                if attribute.key == "service.name":
                    self.services.add(attribute.value.string_value)
            for scope in resource.scope_spans:
                self.spans += scope.spans
        return Response(b"", media_type="application/x-protobuf")


async def test_requests_screenings_batches_and_commits_are_spans(tmp_path: Path) -> None:
    collector = Collector()
    async with serve_app(collector.app) as url:
        changes: dict[str, Any] = {
            "simulator": True,
            "signals_url": "",
            "sentiment_url": "",
            "candles_url": "",
        }
        async with running(tmp_path, otel_endpoint=url, simulator_speed=20, **changes) as stage:
            person = await stage.register()
            async with asyncio.timeout(30):
                while not stage.app.state.platform.status()["screened"]:  # noqa: ASYNC110 nobody tells
                    await asyncio.sleep(0.05)
        assert {span.name for span in collector.spans} >= {
            "request",
            "batch",
            "commit",
            "screening",
        }
        assert collector.services == {"auto-trader"}
    ids = {span.span_id: span for span in collector.spans}
    parents = {ids[s.parent_span_id].name for s in collector.spans if s.parent_span_id in ids}
    assert "batch" in parents, "a commit stands in its batch"
    (asked,) = [span for span in collector.spans if span.name == "request"]
    noted = {one.key: one.value for one in asked.attributes}
    assert noted["http.route"].string_value == "register"
    assert noted["http.response.status_code"].int_value == 201
    assert person.token.encode() not in collector.bytes
    assert person.wallet.encode() not in collector.bytes


async def test_a_collector_that_is_away_stops_nothing(tmp_path: Path) -> None:
    async with running(tmp_path, otel_endpoint="http://127.0.0.1:9") as stage:
        await stage.register()
        assert (await stage.client.get("/readyz")).status_code == 200


def test_nothing_is_made_when_it_is_off() -> None:
    with tracing.span("batch") as one, tracing.span("commit") as other:
        assert one is other is None
    assert tracing.span("a") is tracing.span("b")


def test_only_what_is_loaded_by_setting_knows_opentelemetry() -> None:
    knows = re.compile(r"^\s*(?:from|import) (?:opentelemetry|app\.engine\.spans)\b", re.MULTILINE)
    found = [file for file in (ROOT / "app").rglob("*.py") if knows.search(file.read_text())]
    assert [file.name for file in found] == ["spans.py"]
