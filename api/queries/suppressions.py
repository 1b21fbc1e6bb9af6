from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Min, Q

from accounts.domain.contactability import SuppressionReason
from api.models import Member, Project
from api.models.people import MemberQuerySet
from api.queries.rows import Span, within


def suppressed(
    project: Project,
    reasons: Sequence[SuppressionReason],
    span: Span,
) -> MemberQuerySet:
    """Those of the project who are not mailed for one of the reasons, by when that began."""
    mine = Q(person__suppressions__reason__in=reasons, person__suppressions__lifted_at=None)
    rows = Member.objects.of(project).filter(mine)
    found = rows.annotate(suppressed_at=Min("person__suppressions__created_at", filter=mine))
    return within(found, "suppressed_at", span).order_by("suppressed_at", "pk")
