"""Filters and tags of every page (a template built-in: no `load` needed). docs/ui.md lists them."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

from django import forms, template
from django.shortcuts import resolve_url
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from common.phrases import with_breaks
from common.templatetags import figures, shapes

register = template.Library()


@register.filter
def phrased(text: str, language: str) -> str:
    """A Japanese text breaks between its phrases; one in another language is as it was."""
    return with_breaks(text) if language == "ja" else text


@register.filter
def nps(value: Any, digits: int = 0) -> str:
    """32.4 -> +32, -7.5 -> −8, 0 -> 0, unknown -> –"""
    if not figures.is_number(value):
        return figures.DASH
    return figures.write_number(value, digits=digits, sign=True)


@register.filter
def percent(value: Any, digits: int = 1) -> str:
    return figures.write_percent(value, digits=digits) if figures.is_number(value) else figures.DASH


@register.filter
def money(value: Any, currency: str = "JPY") -> str:
    if not figures.is_number(value):
        return figures.DASH
    return figures.write_money(value, currency=currency)


@register.filter
def count(value: Any, digits: int = 0) -> str:
    """1234 -> 1,234"""
    return figures.write_number(value, digits=digits) if figures.is_number(value) else figures.DASH


@register.simple_tag
def limits(low: Any, high: Any) -> str:
    """The ends of an interval of points: “+3 to +21”."""
    if not (figures.is_number(low) and figures.is_number(high)):
        return figures.DASH
    ends = dict(zip(("low", "high"), figures.write_limits(low, high), strict=True))
    return _("%(low)s to %(high)s") % ends


@register.filter
def p_value(value: Any) -> str:
    return figures.write_p_value(value) if figures.is_number(value) else figures.DASH


@register.filter
def dash(value: Any) -> Any:
    """A dash for what is not known or empty; 0 and False are values and stay."""
    missing = value is None or value == "" or (isinstance(value, float) and math.isnan(value))
    return figures.DASH if missing else value


@register.filter
def mail_address(value: Any) -> Any:
    """An e-mail address that breaks before its @ where it is too long, or a dash."""
    name, at, domain = str(value or "").partition("@")
    return format_html("{}<wbr>@{}", name, domain) if at else dash(value)


@register.filter
def in_days(day: dt.date | None) -> str:
    """How far ahead a day is: “in 41 days”; “over” when it has passed."""
    if day is None:
        return ""
    days = (day - timezone.localdate()).days
    if days <= 0:
        return _("over") if days else pgettext("day", "today")
    return ngettext("in %(days)s day", "in %(days)s days", days) % {"days": days}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of static/vendor/icons.svg; decoration unless it has a label."""
    href = static("vendor/icons.svg") + "#" + name
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>',
            label,
            href,
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', href)


def category_word(category: str) -> str:
    words = {
        "promoter": pgettext("category", "Promoter"),
        "passive": pgettext("category", "Passive"),
        "detractor": pgettext("category", "Detractor"),
    }
    return words[category]


# Shapes, not only colours: up, level, down.
CATEGORY_SIGNS = {"promoter": "▲", "passive": "●", "detractor": "▼"}


@register.inclusion_tag("components/_category_badge.html")
def category_badge(category: str | None, score: int | None = None) -> dict[str, Any]:
    if not category:
        return {"category": ""}
    return {
        "category": category,
        "sign": CATEGORY_SIGNS[category],
        "word": category_word(category),
        "score": score,
    }


@register.inclusion_tag("components/_stacked_bar.html")
def stacked_bar(
    promoters: int, passives: int, detractors: int, answers: str = ""
) -> dict[str, Any]:
    """`answers`: the address of all of them; then each part has its number, which leads there."""
    counts = [detractors, passives, promoters]
    names = ["detractor", "passive", "promoter"]
    total = sum(counts)
    parts = [
        {
            "category": name,
            "sign": CATEGORY_SIGNS[name],
            "word": category_word(name),
            "count": number,
            "share": number / total if total else None,
            "x": piece.x,
            "width": piece.width,
            "url": answers and f"{answers}&category={name}",
        }
        for name, number, piece in zip(names, counts, shapes.stack(counts), strict=True)
    ]
    return {"parts": parts, "total": total, "answers": answers}


@register.inclusion_tag("components/_nps.html")
def nps_figure(
    value: float | None,
    low: float | None = None,
    high: float | None = None,
    reportable: bool = True,
    scale: shapes.Scale = shapes.NPS_SCALE,
) -> dict[str, Any]:
    """The value with the whisker of its interval; unknown parts are left out, not drawn at 0.

    `scale`: of the table that it stands in, so that whiskers below each other can be compared.
    """
    context = {"value": value, "low": low, "high": high, "reportable": reportable}
    return context | whisker_of(value, low, high, scale=scale)


def whisker_of(
    value: float | None, low: float | None, high: float | None, *, scale: shapes.Scale
) -> dict[str, Any]:
    """What components/_whisker.html draws."""
    context: dict[str, Any] = {}
    if value is not None and figures.is_number(value):
        context["at"] = scale.at(value)
    if low is not None and high is not None and figures.is_number(low) and figures.is_number(high):
        context["whisker"] = {
            "start": scale.at(low),
            "end": scale.at(high),
            # What goes on beyond the scale has no end mark.
            "starts": scale.holds(low),
            "ends": scale.holds(high),
        }
        context["zero"] = scale.at(0.0) if scale.holds(0.0) else None
    return context


@register.inclusion_tag("components/_crumbs.html")
def crumbs(*steps: Any) -> dict[str, Any]:
    """Pairs of a label and an address or the name of one; a step without a label is left out."""
    pairs = zip(steps[::2], steps[1::2], strict=True)
    return {"steps": [(label, to and resolve_url(to)) for label, to in pairs if label]}


@register.simple_tag
def filters_in_use(form: forms.Form) -> int:
    """How many fields of a filter bar narrow more than the page itself does, but for a search."""
    own = getattr(form, "own_values", {})
    return sum(
        bool(value := field.value()) and value != own.get(field.name)
        for field in form.visible_fields()
        if getattr(field.field.widget, "input_type", "") != "search"
    )


@register.inclusion_tag("components/_progress.html")
def progress(
    label: str, done: int | None, total: int | None, note: str = "", id: str = ""
) -> dict[str, Any]:
    share = shapes.fraction(done, total)
    known = _("%(done)s of %(total)s") % {"done": count(done), "total": count(total)}
    return {
        "label": label,
        "id": id,
        "note": note,
        "done": done,
        "total": total,
        "share": share,
        "text": known if share is not None else _("Processing…"),
    }


@register.inclusion_tag("components/_pagination.html", takes_context=True)
def pagination(
    context: template.Context, page: Any, target: str = "", name: str = "page"
) -> dict[str, Any]:
    """`target`: id of the region that htmx replaces; without it, plain links."""
    query = context["request"].GET.copy()

    def address(number: int) -> str:
        query[name] = str(number)
        return f"?{query.urlencode()}"

    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    links = [
        {"label": number, "url": address(number) if isinstance(number, int) else ""}
        for number in numbers
    ]
    return {
        "page": page,
        "target": target,
        "links": links,
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("components/_sort_header.html", takes_context=True)
def sort_header(
    context: template.Context, key: str, label: str, current: str, kind: str = "number"
) -> dict[str, Any]:
    """A column head that sorts by `?sort=key` and `?sort=-key`; numbers start at the top."""
    down = "-" + key
    chosen = {key: "ascending", down: "descending"}.get(current, "none")
    first, second = (down, key) if kind == "number" else (key, down)
    query = context["request"].GET.copy()
    query["sort"] = second if current == first else first
    query.pop("page", None)
    return {"label": label, "kind": kind, "chosen": chosen, "url": "?" + query.urlencode()}
