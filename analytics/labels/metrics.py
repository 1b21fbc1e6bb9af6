"""The words of the metrics' groups and units, and how a value is written in its unit."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from analytics.domain.metrics.catalogue import BY_KEY, Group, Unit
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
    Unit.DAYS: gettext_lazy("days"),
    Unit.HOURS: gettext_lazy("hours"),
    Unit.MONEY: gettext_lazy("amount"),
}
PERCENT = 100


def metric_name(key: str) -> str:
    return _(BY_KEY[key].name)


def write_metric(value: float | None, unit: Unit, *, currency: str) -> str:
    """A dash for what is not known."""
    if value is None:
        return DASH
    if unit is Unit.SHARE:
        return write_percent(value)
    if unit is Unit.POINTS:
        return write_number(value, sign=True)
    if unit is Unit.MONEY:
        return write_money(value, currency=currency)
    return _with_unit(value, unit, text=write_number(value, digits=_digits(unit)))


def write_change(value: float, unit: Unit, *, currency: str) -> str:
    """With its sign; that of a share is in percentage points."""
    if unit is Unit.MONEY:
        sign = "+" if value > 0 else ""
        return sign + write_money(value, currency=currency)
    if unit is Unit.SHARE:
        value *= PERCENT
    digits = 1 if unit in (Unit.SHARE, Unit.POINTS) else _digits(unit)
    return _with_unit(value, unit, text=write_number(value, digits=digits, sign=True))


def _digits(unit: Unit) -> int:
    return 1 if unit is Unit.HOURS else 0


def _with_unit(value: float, unit: Unit, *, text: str) -> str:
    number = abs(int(rounded(value, digits=0)))
    if unit is Unit.DAYS:
        return ngettext("%(number)s day", "%(number)s days", number) % {"number": text}
    if unit is Unit.HOURS:
        return ngettext("%(number)s hour", "%(number)s hours", 2) % {"number": text}
    return _("%(number)s points") % {"number": text}
