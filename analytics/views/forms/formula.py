"""The fields of a formula: each with its value, its choices and its faults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from analytics.domain.health.formulas.faults import Fault
from analytics.domain.health.formulas.formula import (
    PREVIOUS_WINDOW,
    Aggregate,
    CapReason,
    Direction,
    Touch,
    WindowDays,
)
from analytics.domain.health.formulas.typed import SCOPE, typed_of
from analytics.labels import TOUCH_LABELS, fault_text, fault_words

Text = str | Promise
Choices = Sequence[tuple[str, Text]]
NONE = ("", "–")

AGGREGATES: Choices = [
    NONE,
    (Aggregate.SUM, _("sum")),
    (Aggregate.MEAN, _("mean")),
    (Aggregate.LAST, _("last one")),
    (Aggregate.MAX, _("highest")),
    (Aggregate.DAYS_ACTIVE, _("active days")),
    (Aggregate.COUNT, _("how many")),
    (Aggregate.DAYS_SINCE, _("days since")),
]
COUNTS: Choices = [("", _("every day")), (WindowDays.WORKING, _("working days"))]
CHANGES: Choices = [("", _("the value itself")), (PREVIOUS_WINDOW, _("its change"))]
DIRECTIONS: Choices = [("", _("high is good")), (Direction.LOW_IS_GOOD, _("low is good"))]
TOUCHES: Choices = [NONE, *((str(each), TOUCH_LABELS[each]) for each in Touch)]


@dataclass(frozen=True, slots=True)
class Shape:
    key: str
    label: Text
    # text, area, choice or sources.
    kind: str = "text"
    choices: Choices = ()
    hint: Text = ""


TOP = [
    Shape("name", pgettext_lazy("health", "Name")),
    Shape("unhealthy_means", _("How does an unhealthy customer look?"), "area"),
]
RULES = [
    Shape("min_known_share", _("Known share at least"), hint=_("0.6: three fifths of the weight")),
    Shape("too_new_days", _("Too new for so many days")),
    Shape("caps[0].at_most", _("With an open follow-up at most")),
]
MEASURE = [
    Shape("key", pgettext_lazy("health", "Name")),
    Shape("group", _("Group")),
    Shape("source", _("Source"), "sources"),
    Shape("weight", _("Weight")),
    Shape("points", _("Points"), hint=_("percentile, or value → points: 0 → 0, 6 → 20, 10 → 100")),
    Shape("direction", _("Percentile"), "choice", DIRECTIONS),
    Shape("aggregate", _("Aggregate"), "choice", AGGREGATES),
    Shape("window_days", _("Window in days")),
    Shape("window_counts", _("The window counts"), "choice", COUNTS),
    Shape("change", _("Against the window before"), "choice", CHANGES),
    Shape("per", _("Per"), "sources", hint=_("seats, mrr or attribute:NAME")),
    Shape("max_age_days", _("Too old after days")),
]
LISTS: dict[str, Text] = {
    "measures": _("Measures"),
    "bands": pgettext_lazy("health", "Bands"),
    "caps": _("Rules"),
    "applies_to": _("Applies to"),
}
BAND = [
    Shape("name", pgettext_lazy("health", "Name")),
    Shape("from", _("From a score of")),
    Shape("touch", _("Touch"), "choice", TOUCHES),
]


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    shape: Shape
    value: str
    faults: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return "f-" + "".join(sign if sign.isalnum() else "-" for sign in self.name)


@dataclass(frozen=True, slots=True)
class Row:
    place: str
    fields: tuple[Field, ...]

    @property
    def key(self) -> str:
        return self._value("key")

    @property
    def source(self) -> str:
        return self._value("source")

    @property
    def weight(self) -> str:
        return self._value("weight")

    @property
    def is_open(self) -> bool:
        """What is new or wrong is in sight."""
        return not self.key or any(each.faults for each in self.fields)

    def _value(self, key: str) -> str:
        return next((each.value for each in self.fields if each.shape.key == key), "")


@dataclass
class FormulaFields:
    """What is shown of a definition, whether it is right or not."""

    definition: Mapping[str, Any]
    faults: Sequence[Fault] = ()
    dimensions: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def top(self) -> list[Field]:
        return self._fields("", TOP)

    @cached_property
    def rules(self) -> list[Field]:
        return self._fields("", RULES)

    @cached_property
    def scope(self) -> list[Field]:
        named = {key.removeprefix(SCOPE) for key in self._typed if key.startswith(SCOPE)}
        known = {**{name: name for name in sorted(named)}, **self.dimensions}
        return self._fields(SCOPE, [Shape(name, label, "area") for name, label in known.items()])

    @cached_property
    def measures(self) -> list[Row]:
        return self._rows("measures", MEASURE)

    @cached_property
    def bands(self) -> list[Row]:
        return self._rows("bands", BAND)

    @property
    def cap(self) -> str:
        return CapReason.OPEN_FOLLOW_UP

    @property
    def others(self) -> list[str]:
        """Faults that are of no single field."""
        names = [each.name for each in self._all()]
        return [
            f"{LISTS[fault.place]}: {fault_words(fault, field=fault.place)}"
            if fault.place in LISTS
            else fault_text(fault)
            for fault in self.faults
            if not any(_is_of(fault, name) for name in names)
        ]

    @cached_property
    def _typed(self) -> dict[str, str]:
        return typed_of(self.definition)

    def _all(self) -> Iterable[Field]:
        yield from [*self.top, *self.rules, *self.scope]
        for row in [*self.measures, *self.bands]:
            yield from row.fields

    def _rows(self, name: str, shapes: Sequence[Shape]) -> list[Row]:
        found = self.definition.get(name)
        rows = found if isinstance(found, list) else []
        return [
            Row(f"{name}[{number}]", tuple(self._fields(f"{name}[{number}].", shapes)))
            for number in range(len(rows))
        ]

    def _fields(self, prefix: str, shapes: Sequence[Shape]) -> list[Field]:
        typed = self._typed
        return [
            Field(
                prefix + shape.key,
                shape,
                typed.get(prefix + shape.key, ""),
                tuple(
                    fault_words(each, field=prefix + shape.key)
                    for each in self.faults
                    if _is_of(each, prefix + shape.key)
                ),
            )
            for shape in shapes
        ]


def _is_of(fault: Fault, name: str) -> bool:
    return fault.place == name or fault.place.startswith((f"{name}[", f"{name}."))
