"""Everybody's health on the last scored day: filtered, sorted, a page at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from accounts.domain.access.roles import Permission
from accounts.queries.customers.owners import accounts_of
from analytics.labels import STATE_LABELS, TOUCH_LABELS, band_label
from analytics.queries.customers.money import Money
from analytics.queries.health.formulas import formulas_in_force
from analytics.queries.health.overrides import bands_set_by_hand
from analytics.queries.health.standing import last_scored_day
from analytics.reports.health.beside import read_beside, sort_value
from analytics.reports.health.errors import NoFormulaError
from analytics.reports.health.scores import BESIDE, CustomerHealth, HealthReport, health_report
from analytics.views.forms.health import HealthForm
from analytics.views.report_view import ReportView
from common.ordering import known_first
from common.templatetags.figures import write_number

PER_PAGE = 50


class HealthView(ReportView[HealthReport]):
    name = HealthReport.name
    form: HealthForm

    def get_form(self) -> Any:
        bands = [band.name for each in formulas_in_force() for band in each.formula.bands]
        return HealthForm(self.request.GET, bands=list(dict.fromkeys(bands)))

    def get_report(self) -> HealthReport:
        day = last_scored_day(until=self.today)
        try:
            report = health_report(day, today=self.today, with_churned=False)
        except NoFormulaError:
            return HealthReport(self.today, (), stored=False, money=Money())
        report = report.only(self._is_wanted())
        sort = self.form.cleaned_data["sort"] or "score"
        name = sort.removeprefix("-")
        # A file has all columns of everybody; a page is sorted by one of them.
        names = (
            self._columns if self.wants_file else [each for each in self._columns if each == name]
        )
        beside = {each: read_beside(each, None, report=report) for each in names}
        ordered = known_first(
            report.customers,
            value=lambda each: sort_value(each, name, beside),
            falling=sort.startswith("-"),
        )
        return replace(report, customers=tuple(ordered), beside=beside)

    @property
    def _columns(self) -> list[str]:
        """An owner is called by an address, which is not for every reader."""
        may_view_people = self.request.user.may(Permission.VIEW_PEOPLE)
        return [each for each in BESIDE if each != "owner" or may_view_people]

    def _is_wanted(self) -> Any:
        data = self.form.cleaned_data
        mine = (
            set(accounts_of(self.request.user.email).values_list("pk", flat=True))
            if data["mine"]
            else None
        )
        text, band = data["q"].casefold(), data["band"]

        def wanted(each: CustomerHealth) -> bool:
            named = text in each.name.casefold() or text in each.customer_id.casefold()
            in_band = not band or (each.band or "-") == band
            return named and in_band and (mine is None or each.pk in mine)

        return wanted

    def get_details(self, report: HealthReport) -> dict[str, Any]:
        page = Paginator(report.customers, PER_PAGE).get_page(self.request.GET.get("page"))
        pks = [each.pk for each in page]
        overrides = bands_set_by_hand(pks, on=self.today)
        beside = {each: read_beside(each, pks, report=report) for each in self._columns}
        return {
            "page_obj": page,
            "no_formula": not report.customers and not formulas_in_force(),
            "sort": self.form.cleaned_data["sort"] or "score",
            "rows": [
                {
                    "health": each,
                    "state": STATE_LABELS[each.state],
                    "override": overrides.get(each.pk, ""),
                    **{name: values.get(each.pk) for name, values in beside.items()},
                    "change": _change(beside["change"].get(each.pk)),
                }
                for each in page
            ],
            "bands": _bands(report),
            "may_view_people": self.request.user.may(Permission.VIEW_PEOPLE),
            "may_edit": self.request.user.may(Permission.MANAGE_SETTINGS),
        }


view = HealthView.as_view()


def _bands(report: HealthReport) -> list[tuple[str, str, str]]:
    """Of the customers that are shown; the best first, as the formulas have them."""
    found: dict[str, list[Any]] = {}
    for each in report.customers:
        entry = found.setdefault(each.band or _("no score"), [each.touch, 0])
        entry[1] += 1
    order = [band.name for each in report.versions for band in each.formula.bands]
    names = sorted(found, key=lambda name: order.index(name) if name in order else len(order))
    return [
        (
            band_label(name),
            str(TOUCH_LABELS.get(found[name][0] or "", "")),
            write_number(found[name][1]),
        )
        for name in names
    ]


def _change(found: float | None) -> str:
    return "" if found is None else write_number(found, digits=1, sign=True)
