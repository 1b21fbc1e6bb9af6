"""Noting that past invitations must be frozen anew, because a segment is defined otherwise now."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from accounts.models import Dimension, SegmentRebuild
from config.celery import enqueue

TASK = "analytics.tasks.rebuild_segments"
FROM_THE_START: dict[str, Any] = {"last_sent_at": None, "last_id": 0, "done": 0, "total": None}


@transaction.atomic
def refreeze_if_changed(*, now: dt.datetime) -> bool:
    """Begin, or begin again, where a definition is new or another one than the last time.

    A deleted segment needs no work; made again it has another id, and is new.
    """
    wanted = {str(each.pk): each.fingerprint for each in Dimension.objects.all()}
    row, _ = SegmentRebuild.objects.select_for_update().get_or_create(
        pk=SegmentRebuild.ONLY,
        defaults={"started_at": now, "total": 0, "finished_at": now, "checked_at": now},
    )
    if wanted.items() <= row.definitions.items():
        return False
    SegmentRebuild.objects.filter(pk=row.pk).update(
        definitions=wanted, started_at=now, finished_at=None, checked_at=None, **FROM_THE_START
    )
    enqueue(TASK)
    return True


def go_over_again_if_running() -> None:
    """For who moves an invitation in time: it may have left what is still to be done."""
    SegmentRebuild.objects.filter(finished_at__isnull=True).update(**FROM_THE_START)
