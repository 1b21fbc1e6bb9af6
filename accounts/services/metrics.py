from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.domain.access.audit import AuditAction
from accounts.models import MetricSettings, StaffUser
from accounts.services.access.audit import record_event


@transaction.atomic
def save_metric_settings(settings: MetricSettings, *, by: StaffUser, now: dt.datetime) -> None:
    settings.pk = MetricSettings.ONLY
    settings.save()
    record_event(
        AuditAction.METRICS_UPDATE,
        actor=by,
        now=now,
        onboarding_days=settings.onboarding_days,
        margin=f"{settings.margin * 100:f}",
        discount=f"{settings.discount * 100:f}",
        measure=str(settings.engagement_measure or ""),
        threshold="" if settings.engagement_from is None else str(settings.engagement_from),
    )
