"""Campaigns that need a decision, and what became of e-mails and answers that need a look."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.db.models import Count, Max, Q, QuerySet

from actions.domain.home import LineKind
from actions.queries.home.found import Found, Line, Scope, nothing
from surveys.domain.states import CampaignState, InvitationState
from surveys.models import Campaign
from surveys.queries.answers.responses import ResponseFilter, responses, set_aside

LATELY = dt.timedelta(days=7)


def paused(scope: Scope) -> Found:
    """By somebody or by itself: until somebody resumes or cancels it, nobody is asked."""
    found = Campaign.objects.filter(state=CampaignState.PAUSED).order_by("-pk")
    return Found(found.count(), partial(_paused_lines, found))


def _paused_lines(found: QuerySet[Campaign], first: int, last: int) -> list[Line]:
    # Paused once more after it went on is something new.
    return [
        Line(
            LineKind.PAUSED, str(each.pk), each, level=_second(each.resumed_at or each.launched_at)
        )
        for each in found[first:last]
    ]


def drafts(scope: Scope) -> Found:
    found = Campaign.objects.filter(state=CampaignState.DRAFT).order_by("-pk")
    if scope.is_mine:
        # Who asked for a second person means whoever else can launch it.
        own = Q(created_by=scope.reader) | Q(created_by__isnull=True)
        found = found.filter(own | Q(approval_asked_by__isnull=False))
    return Found(found.count(), partial(_draft_lines, found))


def _draft_lines(found: QuerySet[Campaign], first: int, last: int) -> list[Line]:
    return [
        Line(LineKind.DRAFT, str(each.pk), each, level=each.version) for each in found[first:last]
    ]


def unsent(scope: Scope) -> Found:
    """Campaigns with `unknown` and `failed` mails that were settled in the last week."""
    lately = Q(invitations__settled_at__gt=scope.now - LATELY)
    unknown = Q(invitations__state=InvitationState.UNKNOWN)
    failed = Q(invitations__state=InvitationState.FAILED)
    rows = list(
        Campaign.objects.filter(lately & (unknown | failed))
        .annotate(
            unknown=Count("invitations", filter=unknown & lately),
            failed=Count("invitations", filter=failed & lately),
            newest=Max("invitations__settled_at"),
        )
        .order_by("-newest")
    )
    return Found(
        len(rows),
        lambda first, last: [
            Line(LineKind.UNSENT, str(each.pk), each, level=_second(each.newest))  # type: ignore[attr-defined]
            for each in rows[first:last]
        ],
    )


def suspect(scope: Scope) -> Found:
    """One line for all answers of the last days that look like a machine's."""
    # By whole days, as the list that it leads to counts them.
    first_day = scope.today - LATELY
    wanted = ResponseFilter(from_=first_day)
    number = set_aside(wanted)
    if not number:
        return Found(0, nothing)
    newest = responses(ResponseFilter(from_=first_day, suspect=True)).aggregate(last=Max("pk"))
    about = {"number": number, "first_day": first_day}
    line = Line(LineKind.SUSPECT, "answers", about, level=newest["last"])
    return Found(1, lambda first, last: [line][first:last])


def _second(moment: dt.datetime | None) -> int:
    return int(moment.timestamp()) if moment else 0
