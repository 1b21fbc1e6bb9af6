"""The one view of all reports: form, report, charts, page and files."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from typing import Any, ClassVar, Generic, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View

from accounts.domain.access.roles import Permission
from accounts.queries.customers.owners import has_no_accounts
from accounts.queries.rebuilds import running_rebuild
from accounts.web.access import StaffRequest, staff_may
from analytics import registry
from analytics.exports.files import FORMATS
from analytics.exports.pictures import PICTURES
from analytics.labels import incomplete_sentence
from analytics.queries.customers.money import Money
from analytics.queries.database.snapshot import one_snapshot
from analytics.queries.filters import FilterError
from analytics.reports.report import Report
from analytics.views.cached import NotKept
from analytics.views.downloads import download
from analytics.views.forms.period import PeriodForm

AnyReport = TypeVar("AnyReport", bound=Report)
# What the pages have in common; each lets pass what it does not know.
# Of an address: that the figures are waited for.
FIGURES = "figures"
KEPT = ("mine", "preset", "from", "to", "where", "campaign", "language")


@method_decorator(staff_may(Permission.VIEW_REPORTS), name="dispatch")
class ReportView(View, ABC, Generic[AnyReport]):
    """A report's view says how the report is made, and what its page shows beside it."""

    http_method_names = ["get", "head"]
    # As it is registered.
    name: ClassVar[str]
    # Of a page below it; else the one of its name.
    template: ClassVar[str] = ""
    # Whether its figures mix old and new values while past invitations are refrozen.
    counts_by_segment: ClassVar[bool] = False

    request: StaffRequest
    today: dt.date
    # None where there is nothing to choose.
    form: Any

    def get_form(self) -> PeriodForm | None:
        return None

    @abstractmethod
    def get_report(self) -> AnyReport:
        """Called with a valid form; a FilterError goes into the form."""

    def get_details(self, report: AnyReport) -> dict[str, Any]:
        """What the page shows besides; read in the same moment as the report."""
        return {}

    def get(self, request: HttpRequest, **_named: str) -> HttpResponse:
        self.today = timezone.localdate()
        self.form = self.get_form()
        if self.form is not None:
            self.form.reader = self.request.user.email
        report, details = None, {}
        try:
            with one_snapshot():
                if self.form is None or self.form.is_valid():
                    report = self.get_report()
                    details = {} if self.wants_file else self.get_details(report)
        except FilterError as error:
            self.form.add_error(None, str(error))
            report = None
        except NotKept:
            return self._page_before_its_figures()
        if report is None:
            return self._page(status=422)
        if self.wants_file:
            return self._file(report)
        return self._report_page(report, details)

    def _page_before_its_figures(self) -> HttpResponse:
        self.form.show_chosen()
        url = with_query(self.request, **{FIGURES: "1"})
        return self._page(template="analytics/waiting.html", figures_url=url)

    def _report_page(self, report: AnyReport, details: dict[str, Any]) -> HttpResponse:
        if self._has_no_accounts():
            self.form.show_chosen()
            return self._page(template="analytics/no_accounts.html")
        charts = self._shown_charts(report)
        if self.form is not None:
            self.form.show_chosen()
        # A report without revenue has no money.
        money = getattr(report, "money", Money())
        shown: dict[str, Any] = {
            "report": report,
            "charts": charts,
            "money": money,
            "currency": money.currency,
            "unknown": getattr(report, "unknown", []),
            "incomplete": incomplete_sentence(getattr(report, "incomplete", ())),
        }
        return self._page(**(shown | details))

    @property
    def waits(self) -> bool:
        """A page that a browser has asks for its figures; so does whoever has no script."""
        return self.wants_file or self.request.htmx or FIGURES in self.request.GET

    @property
    def wants_file(self) -> bool:
        return bool(self.request.GET.get("format"))

    def _has_no_accounts(self) -> bool:
        """A page of dashes would not say why it is one."""
        return has_no_accounts(getattr(self.form, "owner", ""))

    def _page(self, *, status: int = 200, template: str = "", **context: Any) -> HttpResponse:
        shared = page_context(self.request, name=self.name, form=self.form)
        shared["may_view_people"] = self.request.user.may(Permission.VIEW_PEOPLE)
        shared["may_import"] = self.request.user.may(Permission.IMPORT_DATA)
        shared["rebuild"] = running_rebuild() if self.counts_by_segment else None
        template = template or self.template or f"analytics/{self.name}.html"
        return render(self.request, template, shared | context, status=status)

    def _file(self, report: AnyReport) -> HttpResponse:
        return download(
            self.request,
            report=report,
            today=self.today,
            chosen=[] if self.form is None else self.form.chosen(),
        )

    def _shown_charts(self, report: AnyReport) -> dict[str, dict[str, Any]]:
        """By their names as templates write them; drawn by the template that shows them."""
        return {
            chart.name.replace("-", "_"): {
                "id": chart.name,
                "title": chart.title,
                "alt": chart.alt(),
                "spec": chart.draw,
                **self._files_of(chart.name),
            }
            for chart in report.charts(today=self.today)
        }

    def _files_of(self, chart: str) -> dict[str, str]:
        return {
            f"{kind}_url": with_query(self.request, format=kind, chart=chart) for kind in PICTURES
        }


def page_context(request: HttpRequest, *, name: str, form: PeriodForm | None) -> dict[str, Any]:
    titles = {each.name: each.title for each in registry.REPORTS}
    kept = _kept_between_tabs(request)
    tabs = [
        {"url": reverse(f"analytics:{each}") + kept, "label": title, "active": each == name}
        for each, title in titles.items()
    ]
    return {
        "tabs": tabs,
        "form": form,
        "page_label": titles[name],
        "printed_at": timezone.localtime(),
        "today": timezone.localdate(),
        "chosen": [] if form is None else form.chosen(),
        "files": [(kind.upper(), with_query(request, format=kind)) for kind in FORMATS],
    }


def _kept_between_tabs(request: HttpRequest) -> str:
    """One choice for all pages: whose accounts, which days, which answers."""
    given = request.GET
    chosen = {name: given.getlist(name) for name in KEPT if any(given.getlist(name))}
    return f"?{urlencode(chosen, doseq=True)}" if chosen else ""


def with_query(request: HttpRequest, **changes: str) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query[name] = value
    return f"?{query.urlencode()}"
