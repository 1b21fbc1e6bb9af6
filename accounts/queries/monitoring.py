"""What a monitoring system is told of imports."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from django.db.models import Count, Max, Min, QuerySet
from prometheus_client.metrics_core import Metric

from accounts.models import AuditEvent, Import
from common.monitoring.prometheus import age, gauge, gauges


def families(*, now: dt.datetime) -> Iterator[Metric]:
    last = last_imports()
    ages = {kind: age(last.get(kind), now=now) for kind in Import.Kind.values}
    yield gauges("import_age_seconds", "Since a file of the kind last went in.", "kind", ages)
    rows = Import.objects.order_by().values_list("state").annotate(number=Count("pk"))
    counted = Counter(dict(rows))
    states = {state: counted[state] for state in Import.State.values}
    yield gauges("imports", "Files that were given to Koe, by state.", "state", states)
    first = imports_under_way().aggregate(first=Min("created_at"))["first"]
    waits = age(first, now=now) or 0
    yield gauge("oldest_import_seconds", "How long the first unfinished import waits.", waits)
    unsealed = unsealed_events().count()
    yield gauge("unsealed_audit_events", "Lines of the audit log to be sealed.", unsealed)


def imports_under_way() -> QuerySet[Import]:
    return Import.objects.filter(state__in=(Import.State.WAITING, Import.State.RUNNING))


def unsealed_events() -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(seal=None)


def last_imports() -> dict[str, dt.datetime]:
    """By kind, when a file last went in."""
    done = Import.objects.filter(state=Import.State.DONE, dry_run=False, finished_at__isnull=False)
    return dict(done.order_by().values_list("kind").annotate(at=Max("finished_at")))
