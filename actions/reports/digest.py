"""The week as the digest tells it: the figures and sentences of the overview, follow-ups, goals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.utils.translation import get_language

from actions.domain.follow_ups.states import ClosedAs
from actions.labels import status_label
from actions.models import FollowUp
from actions.models.follow_ups import NOT_CLOSED, overdue
from actions.queries.goals import running_goals
from analytics.domain.periods import Period
from analytics.queries.filters import Compare, Filters
from analytics.reports.answers.segment_rows import SegmentRow
from analytics.reports.overview.figures import overview_report
from analytics.reports.overview.sentences import sentence
from common.caching.cached import cached
from surveys.models import Response
from surveys.queries.answers.responses import ResponseFilter, responses
from surveys.queries.calendar.days import midnight

WORDS = 5
# All who get it in one language within this time get the same; nothing of it names a person.
KEPT_SECONDS = 900


@dataclass(frozen=True, slots=True)
class GoalLine:
    name: str
    status: str
    text: str


@dataclass(frozen=True, slots=True)
class FollowUps:
    opened: int
    closed: int
    # Of now, not of the week.
    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Digest:
    period: Period
    total: SegmentRow
    unripe: int
    sentences: tuple[str, ...]
    follow_ups: FollowUps
    goals: tuple[GoalLine, ...]


def digest_of(first: dt.date, last: dt.date, *, now: dt.datetime, today: dt.date) -> Digest:
    key = f"digest-{first}-{last}-{today}-{get_language()}"
    compute = partial(_digest, Period.from_inclusive(first, last), now=now, today=today)
    return cached(key, compute, fresh=KEPT_SECONDS, oldest=KEPT_SECONDS)


def newest_words(first: dt.date, last: dt.date) -> Sequence[Response]:
    """Never kept: what was erased is gone at once."""
    wanted = ResponseFilter(has_comment=True, from_=first, to=last)
    return list(responses(wanted).order_by("-answered_at", "-pk")[:WORDS])


def _digest(period: Period, *, now: dt.datetime, today: dt.date) -> Digest:
    overview = overview_report(Filters(period, compare=Compare.PREVIOUS), today=today)
    return Digest(
        period,
        overview.total,
        overview.unripe,
        tuple(sentence(each) for each in overview.findings),
        _follow_ups(period, now=now),
        tuple(_goals(period.last_day)),
    )


def _follow_ups(period: Period, *, now: dt.datetime) -> FollowUps:
    start, end = midnight(period.start), midnight(period.last_day, days=1)
    rows = FollowUp.objects.exclude(closed_as__in=(ClosedAs.WITHDRAWN, ClosedAs.EARLIER))
    return FollowUps(
        opened=rows.filter(opened_at__gte=start, opened_at__lt=end).count(),
        closed=rows.filter(closed_at__gte=start, closed_at__lt=end).count(),
        open=rows.filter(NOT_CLOSED).count(),
        overdue=rows.filter(overdue(at=now)).count(),
    )


def _goals(day: dt.date) -> list[GoalLine]:
    return [
        GoalLine(goal.name, status, status_label(status)) for goal, status in running_goals(day)
    ]
