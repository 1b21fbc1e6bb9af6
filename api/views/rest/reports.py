"""Every report by its JSON contract, as its command prints it where it has one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query as In
from ninja import Router

from accounts.domain.access.roles import Permission
from accounts.models import Dimension
from accounts.queries.targets import known_targets
from actions.models import Goal
from actions.reports.follow_ups import follow_up_report
from actions.reports.goals import goal_report
from analytics.exports.files import as_json
from analytics.queries.database.snapshot import one_snapshot
from analytics.queries.filters import FilterError
from analytics.reports.answers.csat import csat_report
from analytics.reports.answers.segments import segment_report
from analytics.reports.answers.trend import trend_report
from analytics.reports.health.errors import NoFormulaError
from analytics.reports.health.evidence import evidence_report
from analytics.reports.health.scores import health_report
from analytics.reports.metrics.report import metric_report
from analytics.reports.outcomes import outcome_report
from analytics.reports.overview.figures import overview_report
from analytics.reports.overview.report import OverviewReport
from analytics.reports.report import Report
from analytics.reports.retention import retention_report
from api.views.rest import queries
from api.web.rest.keys import Call, needs
from api.web.rest.refusals import not_there, refused

router = Router(tags=["reports"])
View = TypeVar("View", bound=Callable[..., Any])


def operation(name: str, summary: str, *, path: str = "") -> Callable[[View], View]:
    add: Callable[[View], View] = router.get(
        path or f"/reports/{name}",
        response=dict[str, Any],
        operation_id=f"report_{name}" if not path else name,
        summary=summary,
        **needs(Permission.VIEW_REPORTS),
    )
    return add


def told(make: Callable[[], Report]) -> HttpResponse:
    """Read as its page's file is: of one moment, to the last digit."""
    try:
        with one_snapshot():
            return HttpResponse(as_json(make()), "application/json")
    except NoFormulaError:
        fix = _("publish one first")
        raise refused("formula", _("no health formula is published"), fix) from None
    except FilterError as fault:
        raise not_there("by, where, campaign", str(fault)) from None


@operation("overview", "The four main figures, with findings")
def overview(request: Call, query: In[queries.Answers]) -> HttpResponse:
    def make() -> Report:
        filters, today = query.filters, timezone.localdate()
        targets = {} if filters.chooses_part else known_targets()
        return OverviewReport(overview_report(filters, today=today), targets)

    return told(make)


@operation("segments", "NPS per segment beside churn, retention, GRR and NRR")
def segments(request: Call, query: In[queries.Answers]) -> HttpResponse:
    return told(lambda: segment_report(query.filters))


@operation("trend", "NPS, response rate, churn and NRR over time")
def trend(request: Call, query: In[queries.Trend]) -> HttpResponse:
    return told(lambda: trend_report(query.filters, step=query.by))


@operation("csat", "Satisfaction, as asked beside the score")
def csat(request: Call, query: In[queries.Answers]) -> HttpResponse:
    return told(lambda: csat_report(query.filters, target=None))


@operation("outcomes", "What became of customers, by the category of their answer")
def outcomes(request: Call, query: In[queries.Horizon]) -> HttpResponse:
    today = timezone.localdate()
    return told(lambda: outcome_report(query.period, horizon_days=query.horizon, today=today))


@operation("retention", "Cohorts of customers and of revenue, and the movements of MRR")
def retention(request: Call, query: In[queries.Span]) -> HttpResponse:
    return told(lambda: retention_report(query.period, today=timezone.localdate()))


@operation("list_metrics", "The same under a shorter address", path="/metrics")
@operation("metrics", "The metrics of customer success, each with interval, change and target")
def metrics(request: Call, query: In[queries.Metrics]) -> HttpResponse:
    lists, today = "onboarding_days" in query.metric, timezone.localdate()
    return told(lambda: metric_report(query.filters, today=today, keys=query.metric, lists=lists))


@operation("health", "Every customer's health score")
def health(request: Call, query: In[queries.Health]) -> HttpResponse:
    queries.near("on", query.on)
    today = timezone.localdate()
    return told(lambda: health_report(query.on, today=today, by=tuple(query.by)))


@operation("health_evidence", "Whether the health score comes before lost customers")
def health_evidence(request: Call, query: In[queries.Evidence]) -> HttpResponse:
    def make() -> Report:
        found = evidence_report(
            query.observed,
            horizon_days=query.horizon,
            every_days=query.every,
            today=timezone.localdate(),
        )
        if not found.versions:
            raise NoFormulaError
        return found

    return told(make)


@operation("follow_ups", "How fast follow-ups were worked on, and what came of them")
def follow_ups(request: Call, query: In[queries.FollowUps]) -> HttpResponse:
    if query.by and not Dimension.objects.filter(name=query.by).exists():
        raise not_there("by", _("no segment has this name"))
    now = request.now
    today = timezone.localdate(now)
    return told(lambda: follow_up_report(query.period, by=query.by, now=now, today=today))


@operation("goals", "The goals: where each stands on a day, and where it should")
def goals(request: Call, query: In[queries.OnDay]) -> HttpResponse:
    queries.near("on", query.on)
    today = timezone.localdate()
    rows = Goal.objects.select_related("dimension", "owner")
    return told(lambda: goal_report(list(rows), day=query.on or today, today=today))
