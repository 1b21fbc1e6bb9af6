"""The values that occur in the attributes which segments are made of."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Count,
    DecimalField,
    Exists,
    F,
    OuterRef,
    QuerySet,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform

from accounts.domain.imports.file_columns import RESPONDENT_DIMENSIONS, FileKind, columns
from accounts.domain.segments import MRR, NUMBERS, TENURE, UNKNOWN, tenure_on
from accounts.models import Customer, Dimension, MonthlyRevenue, Respondent
from accounts.queries.money.completeness import not_told
from accounts.queries.money.currency import mrr_in_month
from accounts.queries.money.revenue import month_known_on

MOST = 50


@dataclass(frozen=True, slots=True)
class Counted:
    text: str
    count: int


def value_of(dimension: Dimension, attribute: str, *, day: dt.date) -> Any:
    """The database's expression for an attribute that a segment reads."""
    if attribute == MRR:
        return _mrr_known_on(day)
    if attribute == TENURE:
        # Months are made of it where it is read: each database counts them in its own way.
        return F("started_on")
    if dimension.source == Dimension.Source.RESPONDENT and attribute in RESPONDENT_DIMENSIONS:
        return F(attribute)
    return KeyTextTransform(attribute, "attributes")


def _mrr_known_on(day: dt.date) -> Any:
    """As `mrr_known_on` has it: no row is no MRR, unless its file was cut."""
    month: Any = month_known_on(day)
    paying = MonthlyRevenue.objects.filter(month=month)
    absent = Customer.objects.exclude(pk__in=paying.values("customer")).values("pk")
    lost = [] if month is None else not_told(absent, month)
    none = When(~Exists(paying.filter(customer=OuterRef("pk"))), then=Value(Decimal(0)))
    unknown = When(pk__in=lost, then=Value(None))
    return Case(unknown, none, default=mrr_in_month(month), output_field=DecimalField())


def rows_of(dimension: Dimension, *, day: dt.date) -> QuerySet[Any]:
    """Whom the segment tells apart: respondents, or the customers of the day."""
    if dimension.source == Dimension.Source.RESPONDENT:
        return Respondent.objects.order_by()
    return Customer.objects.active_on(day).order_by()


def values_in(dimension: Dimension, *, day: dt.date, at_most: int | None = MOST) -> list[Counted]:
    """The segment's values, most frequent first; over bands each band, in its order."""
    bands = dimension.definition.bands
    if bands is None:
        found = _raw_values(dimension, day=day, at_most=at_most)
    else:
        found = dict.fromkeys((*bands.labels, UNKNOWN), 0)
        found |= _raw_values(dimension, day=day, at_most=None)
    return [Counted(text, number) for text, number in found.items() if text or number]


def _raw_values(dimension: Dimension, *, day: dt.date, at_most: int | None) -> dict[str, int]:
    """Through the definition once per combination that occurs, not once per customer."""
    definition = dimension.definition
    if dimension.reads_mrr and month_known_on(day) is None:
        return {UNKNOWN: rows_of(dimension, day=day).count()}
    columns = {
        f"read_{place}": value_of(dimension, each, day=day)
        for place, each in enumerate(definition.reads)
    }
    rows = rows_of(dimension, day=day).annotate(**columns).values_list(*columns)
    found: dict[str, int] = {}
    for *texts, number in rows.annotate(number=Count("pk")).order_by("-number")[:at_most]:
        read = {
            name: tenure_on(day, text) if name == TENURE else str(text)
            for name, text in zip(definition.reads, texts, strict=True)
            if text is not None
        }
        value = definition.value(read)
        found[value] = found.get(value, 0) + number
    return found


def attributes_in_use() -> dict[str, list[str]]:
    """Attribute names by source, as far as the latest thousand rows of each show them."""
    return {
        Dimension.Source.CUSTOMER: _names(Customer.objects.all()),
        Dimension.Source.RESPONDENT: sorted(
            RESPONDENT_DIMENSIONS | set(_names(Respondent.objects.all()))
        ),
    }


def _names(rows: QuerySet[Any]) -> list[str]:
    latest = rows.order_by("-pk").values_list("attributes", flat=True)[:1000]
    return sorted({name for attributes in latest for name in attributes})


def labels_of_segments() -> dict[str, str]:
    """What a reader calls each segment, by its name."""
    return {each.name: str(each) for each in Dimension.objects.all()}


def attribute_labels(
    source: Dimension.Source, *, of: Customer | Respondent | None = None
) -> dict[str, str]:
    """What a person may write of a customer or a respondent beyond the columns that Koe knows: the
    attributes behind segments, by the names of those, and whatever else this one has."""
    kind = FileKind.CUSTOMERS if source == Dimension.Source.CUSTOMER else FileKind.RESPONDENTS
    ours = columns(kind).keys() | NUMBERS
    dimensions = Dimension.objects.filter(source=source)
    found = {each.divisor: each.divisor for each in dimensions if each.divisor}
    found |= {each.attribute: each.attribute for each in dimensions}
    # Of a segment that shows the values as they are, its label is that of the attribute.
    found |= {each.attribute: str(each) for each in dimensions if not each.bands}
    found |= {name: name for name in (of.attributes if of else {}) if name not in found}
    return {name: label for name, label in found.items() if name not in ours}
