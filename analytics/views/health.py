"""Everybody's health on the last scored day: filtered, sorted, a page at a time."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from accounts.domain.roles import Permission
from accounts.queries.owners import accounts_of
from analytics.labels import STATE_LABELS, TOUCH_LABELS
from analytics.queries.customers.money import Money
from analytics.queries.customers.table import last_known_month, read_revenue
from analytics.queries.health.formulas import formulas_in_force
from analytics.queries.health.overrides import bands_set_by_hand, owners_of
from analytics.queries.health.scores import last_scored_day, scores_of_day
from analytics.reports.health.errors import NoFormulaError
from analytics.reports.health.scores import CustomerHealth, HealthReport, health_report
from analytics.views.forms.health import HealthForm
from analytics.views.report_view import ReportView
from common.templatetags.figures import write_number

PER_PAGE = 50
BACK = dt.timedelta(days=28)
LAST = float("inf")


class HealthView(ReportView[HealthReport]):
    name = HealthReport.name
    form: HealthForm

    def get_form(self) -> Any:
        bands = [band.name for each in formulas_in_force() for band in each.formula.bands]
        return HealthForm(self.request.GET, bands=list(dict.fromkeys(bands)))

    def get_report(self) -> HealthReport:
        day = last_scored_day(until=self.today)
        try:
            return health_report(day, today=self.today).only(self._is_wanted())
        except NoFormulaError:
            return HealthReport(self.today, (), stored=False, money=Money())

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
            return (
                each.state != "churned" and named and in_band and (mine is None or each.pk in mine)
            )

        return wanted

    def get_details(self, report: HealthReport) -> dict[str, Any]:
        paid = _paid()
        before = scores_of_day(report.day - BACK)
        sort = self.form.cleaned_data["sort"] or "score"
        ordered = sorted(report.customers, key=lambda each: _key(each, sort, paid, before))
        page = Paginator(ordered, PER_PAGE).get_page(self.request.GET.get("page"))
        pks = [each.pk for each in page]
        overrides = bands_set_by_hand(pks, on=self.today)
        owners = owners_of(pks)
        may_view_people = self.request.user.may(Permission.VIEW_PEOPLE)
        return {
            "page_obj": page,
            "no_formula": not report.customers and not formulas_in_force(),
            "sort": sort,
            "rows": [
                {
                    "health": each,
                    "state": STATE_LABELS[each.state],
                    "override": overrides.get(each.pk, ""),
                    "change": _change(each, before),
                    "mrr": paid.get(each.pk),
                    "owner": owners.get(each.pk, "") if may_view_people else "",
                }
                for each in page
            ],
            "bands": _bands(report),
            "may_view_people": may_view_people,
            "may_edit": self.request.user.may(Permission.MANAGE_SETTINGS),
        }


view = HealthView.as_view()


def _paid() -> dict[int, float]:
    month = last_known_month()
    rows = read_revenue([month] if month else []).groupby("customer")["mrr"].sum()
    return {int(pk): float(amount) for pk, amount in rows.items()}  # type: ignore[call-overload]


def _bands(report: HealthReport) -> list[tuple[str, str, str]]:
    """Of the customers that are shown; the best first, as the formulas have them."""
    found: dict[str, list[Any]] = {}
    for each in report.customers:
        entry = found.setdefault(each.band or _("no score"), [each.touch, 0])
        entry[1] += 1
    order = [band.name for each in report.versions for band in each.formula.bands]
    names = sorted(found, key=lambda name: order.index(name) if name in order else len(order))
    return [
        (name, str(TOUCH_LABELS.get(found[name][0] or "", "")), write_number(found[name][1]))
        for name in names
    ]


def _key(
    each: CustomerHealth, sort: str, paid: dict[int, float], before: dict[int, float]
) -> tuple[Any, ...]:
    """What is not known comes last, either way."""
    name = sort.removeprefix("-")
    value: Any = {
        "score": each.score,
        "mrr": paid.get(each.pk),
        "change": _difference(each, before),
    }.get(name)
    if name == "name":
        text = (each.name or each.customer_id).casefold()
        return (0, [-ord(sign) for sign in text] if sort.startswith("-") else text, each.pk)
    if value is None:
        return (1, 0, each.pk)
    return (0, -value if sort.startswith("-") else value, each.pk)


def _difference(each: CustomerHealth, before: dict[int, float]) -> float | None:
    if each.score is None or each.pk not in before:
        return None
    return each.score - before[each.pk]


def _change(each: CustomerHealth, before: dict[int, float]) -> str:
    found = _difference(each, before)
    return "" if found is None else write_number(found, digits=1, sign=True)
