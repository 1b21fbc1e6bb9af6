"""Who is a key person of a customer: respondents with a value of one of their segments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from accounts.domain.imports.file_columns import RESPONDENT_DIMENSIONS
from accounts.labels import value_label
from accounts.models import Dimension, Respondent
from accounts.queries.values import values_in


def key_persons(key: str) -> set[int]:
    """Respondents; nobody where nobody has said who is one, or the segment is gone."""
    dimension, value = _parts(key)
    if dimension is None or not value:
        return set()
    definition, columns = dimension.definition, sorted(RESPONDENT_DIMENSIONS)
    rows = Respondent.objects.order_by().values_list("pk", "attributes", *columns)
    return {
        pk
        for pk, attributes, *texts in rows.iterator(chunk_size=5000)
        if definition.value({**attributes, **dict(zip(columns, texts, strict=True))}) == value
    }


def key_label(key: str) -> str:
    dimension, value = _parts(key)
    return f"{dimension}: {value_label(dimension.name, value)}" if dimension and value else ""


def key_choices(*, kept: str, day: dt.date) -> list[tuple[str, str]]:
    """Values that occur; what is chosen stays although nobody has it any more."""
    found = list(_keys(day))
    if key_label(kept) and kept not in found:
        found.append(kept)
    return [(key, key_label(key)) for key in found]


def _keys(day: dt.date) -> Iterator[str]:
    for dimension in Dimension.objects.in_order().filter(source=Dimension.Source.RESPONDENT):
        for each in values_in(dimension, day=day):
            if each.text:
                yield f"{dimension.name}={each.text}"


def _parts(key: str) -> tuple[Dimension | None, str]:
    name, _, value = key.partition("=")
    found = Dimension.objects.filter(name=name, source=Dimension.Source.RESPONDENT).first()
    return found, value
