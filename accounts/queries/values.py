"""The values that occur in the attributes which segments are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.fields.json import KeyTextTransform

from accounts.domain.segments import UNKNOWN
from accounts.models import Customer, Dimension, Respondent

COLUMNS_OF_RESPONDENT = frozenset({"role", "language"})
MOST = 50


@dataclass(frozen=True, slots=True)
class Value:
    text: str
    count: int


def value_of(dimension: Dimension) -> Any:
    """The database's expression for the attribute that a segment reads."""
    if dimension.source == Dimension.Source.RESPONDENT and (
        dimension.attribute in COLUMNS_OF_RESPONDENT
    ):
        return dimension.attribute
    return KeyTextTransform(dimension.attribute, "attributes")


def rows_of(dimension: Dimension) -> QuerySet[Any]:
    if dimension.source == Dimension.Source.RESPONDENT:
        return Respondent.objects.order_by()
    return Customer.objects.order_by()


def values_in(dimension: Dimension) -> list[Value]:
    """The segment's values, most frequent first; over bands each band, in its order."""
    bands = dimension.definition.bands
    if bands is None:
        return _raw_values(dimension, at_most=MOST)
    counts = dict.fromkeys((*bands.labels, UNKNOWN), 0)
    for value in _raw_values(dimension, at_most=None):
        counts[dimension.definition.value({dimension.attribute: value.text})] += value.count
    return [Value(label, number) for label, number in counts.items() if label or number]


def _raw_values(dimension: Dimension, *, at_most: int | None) -> list[Value]:
    rows = rows_of(dimension).values_list(value_of(dimension)).annotate(number=Count("pk"))
    found: dict[str, int] = {}
    for text, number in rows.order_by("-number")[:at_most]:
        key = UNKNOWN if text is None else str(text)
        found[key] = found.get(key, 0) + number
    return [Value(text, number) for text, number in found.items()]


def attributes_in_use() -> dict[str, list[str]]:
    """Attribute names by source, as far as the latest thousand rows of each show them."""
    return {
        Dimension.Source.CUSTOMER: _names(Customer.objects.all()),
        Dimension.Source.RESPONDENT: sorted(
            COLUMNS_OF_RESPONDENT | set(_names(Respondent.objects.all()))
        ),
    }


def _names(rows: QuerySet[Any]) -> list[str]:
    latest = rows.order_by("-pk").values_list("attributes", flat=True)[:1000]
    return sorted({name for attributes in latest for name in attributes})


def labels_of_segments() -> dict[str, str]:
    """What a reader calls each segment, by its name."""
    return {each.name: str(each) for each in Dimension.objects.all()}
