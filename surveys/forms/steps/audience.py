"""Whom a campaign asks: boxes for segments, spans for numbers and dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.domain.segments import MRR
from accounts.labels import value_label
from accounts.models import Dimension
from surveys.domain.campaigns.ranges import Kind
from surveys.labels import DATE_LABELS, more_values_hint
from surveys.models import Campaign
from surveys.queries.campaigns.listing import Choices, facts_known

AUDIENCE_PREFIX, RANGE_PREFIX = "audience-", "range-"
UNKNOWN_VALUE = "\u2014"
ENDS = {"from": _("from"), "to": _("up to")}
_OF_KIND: dict[Kind, Any] = {
    Kind.NUMBER: lambda: forms.DecimalField(
        required=False,
        max_digits=14,
        decimal_places=4,
        widget=forms.NumberInput({"step": "any", "inputmode": "decimal"}),
    ),
    Kind.DATE: lambda: forms.DateField(
        required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    ),
}


def fact_label(name: str, labels: Mapping[str, str]) -> str:
    if name == MRR:
        return gettext("Monthly revenue")
    return str(labels.get(name) or DATE_LABELS.get(name) or name)


def values_field(
    name: str, label: str, listed: Choices, chosen: list[str]
) -> forms.MultipleChoiceField:
    shown = [*listed.values, *(value for value in chosen if value not in listed.values)]
    return forms.MultipleChoiceField(
        label=label,
        choices=[
            (value or UNKNOWN_VALUE, value_label(name, value) if value else _("(not known)"))
            for value in shown
        ],
        initial=[value or UNKNOWN_VALUE for value in chosen],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=more_values_hint(len(listed.values)) if listed.there_are_more else "",
    )


def spans(
    campaign: Campaign, choices: Mapping[tuple[str, str], Choices]
) -> dict[str, tuple[str, Kind]]:
    """Name -> label and kind of what is chosen from one value to another."""
    labels = dict(choices.keys())
    found = {name: (fact_label(name, labels), kind) for name, kind in facts_known().items()}
    found |= {
        name: (label, listed.kind)
        for (name, label), listed in choices.items()
        if listed.kind in _OF_KIND
    }
    # What was chosen of what is no longer offered stays in sight.
    for name, ends in (campaign.ranges or {}).items():
        text = ends.get("from") or ends.get("to") or ""
        kind = Kind.DATE if text.count("-") == 2 else Kind.NUMBER
        found.setdefault(name, (fact_label(name, labels), kind))
    return found


def span_fields(name: str, label: str, kind: Kind, chosen: Mapping[str, str]) -> dict[str, Any]:
    found = {}
    for end, word in ENDS.items():
        field = _OF_KIND[kind]()
        field.label = word
        field.widget.attrs["aria-label"] = f"{label}: {word}"
        field.initial = chosen.get(end, "")
        found[f"{RANGE_PREFIX}{name}-{end}"] = field
    return found


def written(value: Decimal | dt.date | None) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else value.isoformat()


def said_of_ranges(ranges: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str]]:
    """What was chosen, in words: the label, and from where to where."""
    labels = {each.name: str(each) for each in Dimension.objects.filter(name__in=ranges)}
    return [(fact_label(name, labels), span_words(ends)) for name, ends in ranges.items()]


def span_words(ends: Mapping[str, str]) -> str:
    low, high = ends.get("from", ""), ends.get("to", "")
    if low and high:
        return gettext("from %(low)s up to %(high)s") % {"low": low, "high": high}
    if low:
        return gettext("from %(low)s on") % {"low": low}
    return gettext("up to %(high)s") % {"high": high}
