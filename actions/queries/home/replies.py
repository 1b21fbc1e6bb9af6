"""E-mails to customers that did not leave."""

from __future__ import annotations

from functools import partial

from django.db.models import Q, QuerySet

from actions.domain.home import LineKind
from actions.models import Reply
from actions.queries.home.found import Found, Line, Scope
from actions.queries.replies import unsent


def unsent_replies(scope: Scope) -> Found:
    """One's own, and those of somebody who works here no more."""
    found = unsent()
    if scope.is_mine:
        nobodys = Q(author__isnull=True) | Q(author__is_active=False)
        found = found.filter(Q(author=scope.reader) | nobodys)
    return Found(found.count(), partial(_lines, found))


def _lines(found: QuerySet[Reply], first: int, last: int) -> list[Line]:
    rows = found.select_related("respondent__customer")[first:last]
    return [Line(LineKind.REPLY, str(each.pk), each) for each in rows]
