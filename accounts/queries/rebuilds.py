from __future__ import annotations

from accounts.models import SegmentRebuild


def running_rebuild() -> SegmentRebuild | None:
    """The freezing anew that is under way, during which reports show old and new values mixed."""
    return SegmentRebuild.objects.filter(finished_at__isnull=True).first()
