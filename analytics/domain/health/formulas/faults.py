"""What is wrong with a formula: where, and how it is put right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class FaultCode(StrEnum):
    NOT_JSON = "not_json"
    TOO_LARGE = "too_large"
    MISSING = "missing"
    UNKNOWN_KEY = "unknown_key"
    TWICE = "twice"
    TEXT = "text"
    NUMBER = "number"
    LIST = "list"
    OBJECT = "object"
    CHOICE = "choice"
    SOURCE = "source"
    NOT_OF_SOURCE = "not_of_source"
    WINDOW = "window"
    WEIGHT = "weight"
    KNOT = "knot"
    KNOTS_ORDER = "knots_order"
    DIRECTION = "direction"
    BANDS_OVERLAP = "bands_overlap"
    BANDS_GAP = "bands_gap"
    DIMENSION = "dimension"
    CLAIMED = "claimed"
    CLAIMED_ALL = "claimed_all"
    NEVER_APPLIES = "never_applies"


def _(text: str) -> str:
    """Marks a text for the translation files; `domain` itself speaks English."""
    return text


# English source texts; the pages translate the text first and fill the parameters after.
TEXTS: dict[FaultCode, str] = {
    FaultCode.NOT_JSON: _("is not JSON: %(detail)s"),
    FaultCode.TOO_LARGE: _("is longer than %(most)s characters; leave something out"),
    FaultCode.MISSING: _("is missing; add it"),
    FaultCode.UNKNOWN_KEY: _("is not known here; take it out, or write one of %(known)s"),
    FaultCode.TWICE: _("'%(value)s' is there twice; give each its own name"),
    FaultCode.TEXT: _("must be a text of 1 to %(most)s characters"),
    FaultCode.NUMBER: _("must be a number from %(low)s to %(high)s"),
    FaultCode.LIST: _("must be a list of %(least)s to %(most)s"),
    FaultCode.OBJECT: _("must be an object in braces"),
    FaultCode.CHOICE: _("'%(value)s' is not known; write one of %(known)s"),
    FaultCode.SOURCE: _("'%(value)s' is not a source; write one of %(known)s"),
    FaultCode.NOT_OF_SOURCE: _("does not go with the source %(source)s; take it out"),
    FaultCode.WINDOW: _("is needed with the aggregate %(aggregate)s; write a number of days"),
    FaultCode.WEIGHT: _("must be above 0 and at most %(high)s; leave out what shall not count"),
    FaultCode.KNOT: _("must be a pair of a value and its points from 0 to 100, such as [6, 20]"),
    FaultCode.KNOTS_ORDER: _(
        "%(value)s comes after %(before)s; write the knots by rising value, each value once"
    ),
    FaultCode.DIRECTION: _(
        "goes with percentile only; let the points of the knots rise or fall instead"
    ),
    FaultCode.BANDS_OVERLAP: _(
        "'%(name)s' and '%(other)s' both begin at %(value)s; let each begin at a score of its own"
    ),
    FaultCode.BANDS_GAP: _("scores below %(value)s are in no band; let the lowest begin at 0"),
    FaultCode.DIMENSION: _("there is no such segment of customers; write one of %(known)s"),
    FaultCode.CLAIMED: _(
        "%(segment)s is claimed by the formula '%(other)s' too; take it out of one of them"
    ),
    FaultCode.CLAIMED_ALL: _(
        "all customers are claimed by the formula '%(other)s' too; give this one the same name to "
        "replace it, or limit one of them to a segment"
    ),
    FaultCode.NEVER_APPLIES: _(
        "all these customers are taken by the formula '%(other)s', which comes first; move this "
        "one before it"
    ),
}


@dataclass(frozen=True, slots=True)
class Fault:
    # Where in the JSON: measures[2].points[1]; empty for the whole of it.
    place: str
    code: FaultCode
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        text = TEXTS[self.code] % dict(self.params)
        return f"{self.place}: {text}" if self.place else text


class FormulaError(ValueError):
    """Carries every fault that was found, so that all can be put right at once."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = tuple(faults)
