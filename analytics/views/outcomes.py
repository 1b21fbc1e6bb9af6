from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import staff_may
from accounts.domain.roles import Permission
from analytics.charts.outcomes import survival_alt, survival_chart
from analytics.labels import group_label, withheld_sentence
from analytics.reports import OutcomeReport, outcome_report
from analytics.reports.sentences import p_phrase
from analytics.views.downloads import download
from analytics.views.forms import OutcomeForm
from analytics.views.shared import chart_links, chosen_words, page_context

CUSTOMERS_SHOWN = 50
CURVE_DAYS = (0, 90, 180, 365, 540, 720)


@staff_may(Permission.VIEW_SEGMENTS)
@require_safe
def outcomes(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    form = OutcomeForm(request.GET, today=today)
    if not form.is_valid():
        context = page_context(request, page="outcomes", form=form)
        return render(request, "analytics/outcomes.html", context, status=422)
    horizon = int(form.cleaned_data["horizon"])
    report = outcome_report(form.period, horizon_days=horizon, today=today)
    drawings = {"survival": lambda: survival_chart(report)}
    name = f"outcomes-{form.period.start}-{form.period.last_day}"
    words = chosen_words(form)
    if file := download(request, report=report, drawings=drawings, name=name, words=words):
        return file
    form.show_chosen()
    p_value = report.outcomes.log_rank_p_value
    context = page_context(
        request,
        page="outcomes",
        form=form,
        report=report,
        rows=[(row, group_label(row.group)) for row in report.rows],
        withheld=_withheld(report),
        log_rank="" if p_value is None else p_phrase(p_value),
        curves=_curve_table(report),
        curve_days=CURVE_DAYS,
        followed=any(row.survival for row in report.rows),
        survival_chart={
            "spec": drawings["survival"](),
            "alt": survival_alt(report),
        },
        customers=report.at_risk[:CUSTOMERS_SHOWN],
        more=max(len(report.at_risk) - CUSTOMERS_SHOWN, 0),
        links=chart_links(request, names=["survival"]),
        may_view_people=request.user.may(Permission.VIEW_PEOPLE),  # type: ignore[union-attr]
    )
    return render(request, "analytics/outcomes.html", context)


def _withheld(report: OutcomeReport) -> list[str]:
    days = report.outcomes.horizon_days
    sentences = (withheld_sentence(row, horizon_days=days) for row in report.rows)
    return [each for each in sentences if each]


def _curve_table(report: OutcomeReport) -> list[tuple[str, list[tuple[float | None, int]]]]:
    """The curves in figures: the share still there on some days, and how many are followed."""
    return [
        (
            group_label(row.group),
            [
                (share, number)
                for share, (_, number) in zip(
                    report.still_there_on(row.group, CURVE_DAYS),
                    report.at_risk_on(row.group, CURVE_DAYS),
                    strict=True,
                )
            ],
        )
        for row in report.rows
    ]
