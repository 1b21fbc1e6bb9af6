from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Min, Q

from accounts.domain.contactability import SuppressionReason
from api.models import Member, Project
from api.models.people import MemberQuerySet


def suppressed(
    project: Project,
    reasons: Sequence[SuppressionReason],
    *,
    since: dt.datetime | None,
    until: dt.datetime | None,
) -> MemberQuerySet:
    """Those of the project who are not mailed for one of the reasons, by when that began."""
    mine = Q(person__suppressions__reason__in=reasons, person__suppressions__lifted_at=None)
    rows = Member.objects.of(project).filter(mine)
    found = rows.annotate(suppressed_at=Min("person__suppressions__created_at", filter=mine))
    if since is not None:
        found = found.filter(suppressed_at__gte=since)
    if until is not None:
        found = found.filter(suppressed_at__lt=until + dt.timedelta(seconds=1))
    return found.order_by("suppressed_at", "pk")
