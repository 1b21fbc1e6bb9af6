"""With the real packages, where they are installed (requirements-observe.txt)."""

from __future__ import annotations

import pytest

pytest.importorskip("opentelemetry.sdk")

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from common.monitoring.traces import CleanExporter


def test_spans_are_handed_on_clean_and_otherwise_as_they_were() -> None:
    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(CleanExporter(kept)))
    tracer = provider.get_tracer("koe")

    with (
        pytest.raises(ValueError, match="is wrong"),
        tracer.start_as_current_span("GET /s/Se-cret/", attributes={"n": 1}),
    ):
        raise ValueError("a@x.example is wrong")

    [span] = kept.get_finished_spans()
    assert (span.name, dict(span.attributes or {})) == ("GET /s/***/", {"n": 1})
    assert span.events[0].attributes["exception.message"] == "*** is wrong"
    assert not span.status.is_ok
    assert "x.example" not in span.to_json()
