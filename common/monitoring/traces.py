"""Spans of pages and tasks to OpenTelemetry; imported only where an installation wants them."""

from __future__ import annotations

from collections.abc import Sequence

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.celery import CeleryInstrumentor
from opentelemetry.instrumentation.django import DjangoInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Status

from common.monitoring.observe import clean_attributes, clean_text


class CleanExporter(SpanExporter):  # type: ignore[misc]
    """Hands on copies that say no more than a line of the log may."""

    def __init__(self, inner: SpanExporter) -> None:
        self.inner = inner

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self.inner.export([clean(span) for span in spans])

    def shutdown(self) -> None:
        self.inner.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return bool(self.inner.force_flush(timeout_millis))


def clean(span: ReadableSpan) -> ReadableSpan:
    events = [
        Event(each.name, clean_attributes(each.attributes), each.timestamp) for each in span.events
    ]
    return ReadableSpan(
        name=clean_text(span.name),
        context=span.get_span_context(),
        parent=span.parent,
        resource=span.resource,
        attributes=clean_attributes(span.attributes),
        events=events,
        links=span.links,
        kind=span.kind,
        # Its description is the reason of an error.
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def start() -> None:
    # The address, and what else it needs, are read from the variables of OpenTelemetry's own.
    provider = TracerProvider(resource=Resource.create({"service.name": "koe"}))
    provider.add_span_processor(BatchSpanProcessor(CleanExporter(OTLPSpanExporter())))
    trace.set_tracer_provider(provider)
    DjangoInstrumentor().instrument()
    CeleryInstrumentor().instrument()
