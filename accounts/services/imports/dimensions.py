"""Attribute columns become dimensions of their own accord, as long as their values are few."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from accounts.domain.imports.cells.texts import Cell, as_text
from accounts.domain.imports.file_columns import RESPONDENT_DIMENSIONS, ImportRow, columns
from accounts.domain.imports.headers import FAMILY, GIVEN
from accounts.domain.imports.mapping import LEFT_OUT
from accounts.domain.segments import TENURE, TENURE_BANDS, TENURE_NAME
from accounts.models import Dimension
from accounts.services.imports.kinds.base import Importer

# Nameless columns, those left out, and the halves of a name.
NO_ATTRIBUTES = frozenset({"", LEFT_OUT, FAMILY, GIVEN})
MAX_VALUES = 50
# Segments altogether: each is a filter on the pages and a column of what they ask for.
AT_MOST = 150


class Distinct:
    """The distinct values of each attribute column, counted only as far as they matter."""

    def __init__(self, names: Iterable[str]) -> None:
        self.values: dict[str, set[str]] = {name: set() for name in names}

    def add(self, row: ImportRow) -> None:
        for name, values in self.values.items():
            if len(values) <= MAX_VALUES:
                value = row.attributes.get(name) or getattr(row, name, "")
                if value:
                    values.add(str(value))

    def few(self) -> list[str]:
        return [name for name, values in self.values.items() if 0 < len(values) <= MAX_VALUES]


def attribute_names() -> frozenset[str]:
    """What attributes are called so far."""
    return frozenset(Dimension.objects.values_list("attribute", flat=True))


def columns_to_count(importer: Importer[ImportRow], header: Sequence[str]) -> list[str]:
    if importer.attributes_of is None:
        return []
    known = columns(importer.kind)
    return [
        name
        for name in header
        if name not in NO_ATTRIBUTES and (name not in known or known[name].is_dimension)
    ]


def register_dimensions(
    importer: Importer[ImportRow], distinct: Distinct, *, titles: dict[str, Cell]
) -> None:
    """A name that is a dimension already stays as it is: an admin may have renamed or banded it.

    Beyond `AT_MOST` the attributes are kept, and an admin makes a segment of those that matter.
    """
    known = set(Dimension.objects.values_list("name", flat=True))
    new = [name for name in distinct.few() if name not in known]
    position = Dimension.objects.next_position()
    Dimension.objects.bulk_create(
        (
            Dimension(
                name=name,
                label=_label(name, as_text(titles[name])),
                source=_source(importer, name),
                attribute=name,
                position=position,
            )
            for name in new[: max(AT_MOST - len(known), 0)]
        ),
        ignore_conflicts=True,
    )


def register_tenure(importer: Importer[ImportRow]) -> None:
    """As soon as a file says when customers start; a column of that name goes first."""
    if "started_on" in importer.given and importer.attributes_of == Dimension.Source.CUSTOMER:
        Dimension.objects.get_or_create(
            name=TENURE_NAME,
            defaults={
                "source": Dimension.Source.CUSTOMER,
                "attribute": TENURE,
                "bands": TENURE_BANDS,
                "position": Dimension.objects.next_position(),
            },
        )


def _label(name: str, title: str) -> str:
    return "" if title == name else title[:100]


def _source(importer: Importer[ImportRow], name: str) -> Dimension.Source:
    if name in RESPONDENT_DIMENSIONS or importer.attributes_of is None:
        return Dimension.Source.RESPONDENT
    return importer.attributes_of
