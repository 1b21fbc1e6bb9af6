"""The words of the metrics' groups and units, and how a value is written in its unit."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from analytics.domain.metrics.catalogue import BY_KEY, SCALE, Group, Metric, Unit
from analytics.domain.metrics.money import KEPT
from common.templatetags.figures import DASH, rounded, write_money, write_number, write_percent

GROUP_LABELS: Mapping[str, str | Promise] = {
    Group.LOYALTY: pgettext_lazy("metrics", "Loyalty"),
    Group.REVENUE: pgettext_lazy("metrics", "Revenue"),
    Group.USE: pgettext_lazy("metrics", "Use"),
    Group.SUPPORT: pgettext_lazy("metrics", "Support"),
    Group.GROWTH: pgettext_lazy("metrics", "Growth"),
}
UNIT_LABELS: Mapping[str, str | Promise] = {
    Unit.SHARE: "%",
    Unit.POINTS: gettext_lazy("points"),
    SCALE: gettext_lazy("1 to 5"),
    Unit.DAYS: gettext_lazy("days"),
    Unit.HOURS: gettext_lazy("hours"),
    Unit.MONEY: gettext_lazy("amount"),
}
INTERVAL_LABELS: Mapping[str, str | Promise] = {
    Unit.SHARE: gettext_lazy(
        "Wilson’s, at a confidence of 95 in 100; where one customer has several answers, "
        "invitations or tickets, on the effective number of them: they resemble each other."
    ),
    Unit.POINTS: gettext_lazy(
        "The score interval after Tango, at a confidence of 95 in 100, on the effective number of "
        "answers: those of one customer resemble each other."
    ),
    Unit.DAYS: gettext_lazy(
        "Of the Kaplan-Meier curve, by its log-log, at a confidence of 95 in 100."
    ),
    Unit.HOURS: gettext_lazy(
        "Of the Kaplan-Meier curve, by its log-log, at a confidence of 95 in 100."
    ),
    SCALE: gettext_lazy("Linearised over customers, at a confidence of 95 in 100."),
    Unit.MONEY: gettext_lazy("By bootstrap over customers, at a confidence of 95 in 100."),
}
PERCENT = 100


def metric_name(key: str) -> str:
    return _(BY_KEY[key].name)


def interval_words(metric: Metric) -> str:
    """How the interval comes about; shares of revenue have theirs as amounts do."""
    return str(INTERVAL_LABELS[Unit.MONEY if metric.key in KEPT else metric.written_as])


def write_metric(value: float | None, unit: str, *, currency: str) -> str:
    """A dash for what is not known."""
    if value is None:
        return DASH
    if unit == Unit.SHARE:
        return write_percent(value)
    if unit == Unit.POINTS:
        return write_number(value, sign=True)
    if unit == SCALE:
        return write_number(value, digits=2)
    if unit == Unit.MONEY:
        return write_money(value, currency=currency)
    return _with_unit(value, unit, text=write_number(value, digits=_digits(unit)))


def write_change(value: float, unit: str, *, currency: str) -> str:
    """With its sign; that of a share is in percentage points, on a scale there is no unit."""
    if unit == SCALE:
        return write_end(value, unit, currency=currency)
    if unit == Unit.MONEY:
        sign = "+" if value > 0 else ""
        return sign + write_money(value, currency=currency)
    return _with_unit(value, unit, text=write_end(value, unit, currency=currency))


def write_end(value: float, unit: str, *, currency: str) -> str:
    """As a change, without the word of its unit: an end of the interval beside it."""
    if unit == Unit.MONEY:
        return write_change(value, unit, currency=currency)
    if unit == Unit.SHARE:
        value *= PERCENT
    digits = 1 if unit in (Unit.SHARE, Unit.POINTS) else _digits(unit)
    return write_number(value, digits=digits, sign=True)


def _digits(unit: str) -> int:
    return {Unit.HOURS: 1, SCALE: 2}.get(unit, 0)


def _with_unit(value: float, unit: str, *, text: str) -> str:
    number = abs(int(rounded(value, digits=0)))
    if unit == Unit.DAYS:
        return ngettext("%(number)s day", "%(number)s days", number) % {"number": text}
    if unit == Unit.HOURS:
        return ngettext("%(number)s hour", "%(number)s hours", 2) % {"number": text}
    return _("%(number)s points") % {"number": text}
