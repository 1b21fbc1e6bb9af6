"""Metrics in the words of Prometheus; each app tells its own (`METRIC_SOURCES`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.utils.module_loading import import_string
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from common.caching.tallies import Durations, Tally

Value = float | None


class KoeCollector(Collector):
    """Reads everything at each scrape: the processes that serve have nothing of their own."""

    def __init__(self, *, now: dt.datetime) -> None:
        self.now = now

    def collect(self) -> Iterable[Metric]:
        for name in settings.METRIC_SOURCES:
            yield from import_string(name)(now=self.now)


def registry(*, now: dt.datetime) -> CollectorRegistry:
    made = CollectorRegistry()
    made.register(KoeCollector(now=now))
    return made


def gauge(name: str, help_text: str, value: Value) -> GaugeMetricFamily:
    """What is not known has no sample: never 0."""
    return GaugeMetricFamily(f"koe_{name}", help_text, value=value)


def gauges(name: str, help_text: str, label: str, values: Mapping[str, Value]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"koe_{name}", help_text, labels=[label])
    for each, value in values.items():
        if value is not None:
            family.add_metric([each], value)
    return family


def counter(tally: Tally, help_text: str, label: str) -> CounterMetricFamily:
    family = CounterMetricFamily(f"koe_{tally.name}", help_text, labels=[label])
    for each, value in tally.read().items():
        family.add_metric([each], value)
    return family


def histogram(durations: Durations, help_text: str, label: str) -> HistogramMetricFamily:
    family = HistogramMetricFamily(f"koe_{durations.name}", help_text, labels=[label])
    for each, measured in durations.read().items():
        family.add_metric([each], measured.buckets, measured.seconds)
    return family


def age(moment: dt.datetime | None, *, now: dt.datetime) -> float | None:
    return None if moment is None else max((now - moment).total_seconds(), 0.0)
