"""What happened since yesterday morning, as far as the data say so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accounts.models import Customer
from actions.domain.follow_ups.states import ClosedAs
from actions.models import FollowUp
from actions.queries.home.found import Scope
from analytics.domain.statistics.nps.counts import Counts, nps
from analytics.queries.health.crossings import Crossings, crossings
from analytics.queries.health.standing import last_scored_day
from surveys.domain.answers.scoring import (
    DETRACTOR_MAX,
    MIN_CUSTOMERS,
    MIN_RESPONSES,
    PROMOTER_MIN,
    is_reportable,
)
from surveys.models import Response
from surveys.queries.calendar.days import midnight

WINDOW = dt.timedelta(days=30)
ONE_DAY = dt.timedelta(days=1)
NAMED = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """The NPS of the 30 days before a moment."""

    counts: Counts
    # Counted up to as many as a figure needs.
    customers: int

    @property
    def answers(self) -> int:
        return self.counts.responses

    @property
    def nps(self) -> float | None:
        """None where the reports would not rank it either."""
        known = is_reportable(self.answers, customers=self.customers)
        return nps(self.counts) if known else None


@dataclass(frozen=True, slots=True)
class Named:
    """Some of them by name."""

    total: int
    first: list[Customer]

    @property
    def others(self) -> int:
        return self.total - len(self.first)


@dataclass(frozen=True, slots=True)
class Since:
    # Yesterday.
    day: dt.date
    answers: int
    detractors: int
    now: Figure
    before: Figure
    opened: int
    closed: int
    better: Named
    worse: Named
    left: Named

    @property
    def direction(self) -> int:
        """Of the NPS as it is written, so that no sentence says that +31 rose to +31."""
        before, now = (round(each.nps or 0.0) for each in (self.before, self.now))
        return (now > before) - (now < before)

    @property
    def customers_moved(self) -> int:
        return self.better.total + self.worse.total + self.left.total


def since_yesterday(scope: Scope) -> Since:
    day = scope.today - ONE_DAY
    morning = midnight(day)
    assert morning is not None  # noqa: S101 - of a day
    crossed = _crossed(scope, before=day)
    left = Customer.objects.filter(scope.accounts("pk"), churned_on__range=(day, scope.today))
    return Since(
        day,
        **_lately(scope, morning),
        now=_figure(scope, until=scope.now),
        before=_figure(scope, until=morning),
        **_follow_ups(scope, morning),
        better=_named(crossed.better),
        worse=_named(crossed.worse),
        left=_named(list(left.values_list("pk", flat=True))),
    )


def _answers(scope: Scope, since: dt.datetime, until: dt.datetime) -> Q:
    period = Q(suspect=False, answered_at__gte=since, answered_at__lte=until)
    return period & scope.accounts("invitation__respondent__customer")


def _lately(scope: Scope, morning: dt.datetime) -> dict[str, int]:
    found = Response.objects.filter(_answers(scope, morning, scope.now))
    return found.aggregate(
        answers=Count("pk"), detractors=Count("pk", filter=Q(score__lte=DETRACTOR_MAX))
    )


def _figure(scope: Scope, *, until: dt.datetime) -> Figure:
    found = Response.objects.filter(_answers(scope, until - WINDOW, until))
    counted = found.aggregate(
        promoters=Count("pk", filter=Q(score__gte=PROMOTER_MIN)),
        passives=Count("pk", filter=Q(score__gt=DETRACTOR_MAX, score__lt=PROMOTER_MIN)),
        detractors=Count("pk", filter=Q(score__lte=DETRACTOR_MAX)),
    )
    counts = Counts(**counted)
    return Figure(counts, customers=_some_customers(found, counts))


def _some_customers(answers: QuerySet[Response], counts: Counts) -> int:
    """The answers of a month are many, and a few customers are enough."""
    if counts.responses < MIN_RESPONSES:
        return 0
    customer = "invitation__respondent__customer"
    known = answers.filter(**{f"{customer}__isnull": False}).order_by().values(customer)
    return len(known.distinct()[:MIN_CUSTOMERS])


def _follow_ups(scope: Scope, morning: dt.datetime) -> dict[str, int]:
    mine = Q(owner=scope.reader) | Q(owner__isnull=True) if scope.is_mine else Q()
    found = FollowUp.objects.filter(mine).exclude(closed_as=ClosedAs.EARLIER)
    return {
        "opened": found.filter(opened_at__gte=morning, opened_at__lte=scope.now).count(),
        "closed": found.filter(closed_at__gte=morning, closed_at__lte=scope.now).count(),
    }


def _crossed(scope: Scope, *, before: dt.date) -> Crossings:
    """From the last night before yesterday that is known to the last one since."""
    until = last_scored_day(until=scope.today)
    since = last_scored_day(until=before - ONE_DAY)
    if until is None or since is None or until < before:
        return Crossings()
    return crossings(scope.accounts("customer"), since=since, until=until)


def _named(ids: Collection[int]) -> Named:
    first = Customer.objects.filter(pk__in=ids).order_by("name", "pk")[:NAMED]
    return Named(len(ids), list(first) if ids else [])
