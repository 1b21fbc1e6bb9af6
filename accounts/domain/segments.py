"""Segments: names of dimensions, conditions on their values, and bands over numbers."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from accounts.domain.reasons import ReasonCode, Refused, reason

UNKNOWN = ""
MAX_NAME_LENGTH = 50
# Stand among the attributes of a customer for its MRR, and for its months as a customer. No column
# can have these names: see `dimension_name`, which takes such a sign away.
MRR, TENURE = "_mrr", "_tenure"
NUMBERS = frozenset({MRR, TENURE})
MONTHS = 12

_CAMEL_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_WORD = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


class SegmentError(Refused):
    pass


def dimension_name(header: str) -> str:
    """A column header as the name of a dimension: `Contract Size (JPY)` is contract_size_jpy."""
    text = _CAMEL_HUMP.sub("_", unicodedata.normalize("NFKC", header).strip())
    # Japanese headers stay as they are: only case, width, spaces and signs are evened out.
    name = _NOT_WORD.sub("_", text.lower()).strip("_")
    if not name or not name[0].isalpha() or len(name) > MAX_NAME_LENGTH:
        raise SegmentError(reason(ReasonCode.COLUMN_NAME, value=header.strip()))
    return name


def parse_conditions(texts: Iterable[str]) -> dict[str, list[str]]:
    """`DIM=VALUE` texts as an audience: one of the values in each dimension that is named."""
    audience: dict[str, list[str]] = {}
    for text in texts:
        header, equals, value = text.partition("=")
        if not equals:
            raise SegmentError(reason(ReasonCode.CONDITION, value=text))
        values = audience.setdefault(dimension_name(header), [])
        if value.strip() not in values:
            values.append(value.strip())
    return audience


@dataclass(frozen=True, slots=True)
class Bands:
    """Thresholds t1 < t2 < ... cut numbers into below t1, t1 to below t2, ..., last t and above."""

    thresholds: tuple[Decimal, ...]
    labels: tuple[str, ...]

    def __post_init__(self) -> None:
        steps = pairwise(self.thresholds)
        if not self.thresholds or any(low >= high for low, high in steps):
            raise SegmentError(reason(ReasonCode.BAND_THRESHOLDS))
        needed = len(self.thresholds) + 1
        named = {label for label in self.labels if label.strip()}
        if len(self.labels) != needed or len(named) != needed:
            count = len(self.thresholds)
            raise SegmentError(reason(ReasonCode.BAND_LABELS, thresholds=count, bands=needed))

    def label(self, number: Decimal | None) -> str:
        if number is None:
            return UNKNOWN
        return self.labels[bisect_right(self.thresholds, number)]


def bands_at(thresholds: Iterable[Decimal]) -> Bands:
    """Bands labelled by their own thresholds, in signs that need no translation."""
    limits = tuple(thresholds)
    if not limits:
        raise SegmentError(reason(ReasonCode.BAND_THRESHOLDS))
    written = [f"{limit:,f}" for limit in limits]
    between = (f"{low} ≤ x < {high}" for low, high in pairwise(written))
    return Bands(limits, (f"< {written[0]}", *between, f"≥ {written[-1]}"))


def number_in(text: str) -> Decimal | None:
    """The number an attribute holds; `None` where it holds none."""
    plain = unicodedata.normalize("NFKC", text).strip().replace(",", "")
    return Decimal(plain) if _NUMBER.fullmatch(plain) else None


@dataclass(frozen=True, slots=True)
class Definition:
    """A dimension: what it reads of the attributes and, over numbers, the bands it cuts them into.

    `attribute` may be one of NUMBERS; any other may be divided by that in a second, `divisor`.
    """

    name: str
    attribute: str
    bands: Bands | None = None
    divisor: str = ""

    def __post_init__(self) -> None:
        # Nearly every customer would be a segment of its own.
        if self.bands is None and (self.divisor or self.attribute in NUMBERS):
            raise SegmentError(reason(ReasonCode.BANDS_NEEDED))

    @property
    def reads(self) -> tuple[str, ...]:
        """The names of the attributes that decide."""
        return (self.attribute, self.divisor) if self.divisor else (self.attribute,)

    def value(self, attributes: Mapping[str, object]) -> str:
        """The one place where attributes become the value of a dimension."""
        if self.bands is None:
            return _text(attributes, self.attribute)
        return self.bands.label(self._number(attributes))

    def _number(self, attributes: Mapping[str, object]) -> Decimal | None:
        number = number_in(_text(attributes, self.attribute))
        if not self.divisor:
            return number
        divisor = number_in(_text(attributes, self.divisor))
        # Nothing per no seats is not known, neither 0 nor without end.
        return number / divisor if number is not None and divisor else None


def _text(attributes: Mapping[str, object], name: str) -> str:
    return str(attributes.get(name, UNKNOWN))


def tenure_on(day: date, started_on: date | None) -> str:
    """The whole months since the start, as the text of an attribute; before it none have passed."""
    if started_on is None:
        return UNKNOWN
    months = MONTHS * (day.year - started_on.year) + day.month - started_on.month
    return f"{max(months - (day.day < started_on.day), 0)}"


# The dimension that every organisation has as soon as it is known when customers started.
TENURE_NAME = "tenure"
TENURE_BANDS = {
    "thresholds": ["3", "12", "24", "36"],
    "labels": ["0-2", "3-11", "12-23", "24-35", "36+"],
}


def bands_from(stored: Mapping[str, Sequence[str]]) -> Bands | None:
    """Bands from `{"thresholds": ["10", "100"], "labels": ["small", "middle", "large"]}`."""
    if not stored:
        return None
    return Bands(tuple(map(Decimal, stored["thresholds"])), tuple(stored["labels"]))


def matches(
    attributes: Mapping[str, object], *, wanted: Iterable[tuple[Definition, Collection[str]]]
) -> bool:
    """One of the values in each dimension that is asked for; a value not known is the empty one."""
    return all(definition.value(attributes) in values for definition, values in wanted)


def segment_values(
    attributes: Mapping[str, object], *, definitions: Iterable[Definition]
) -> dict[str, str]:
    return {each.name: each.value(attributes) for each in definitions}
