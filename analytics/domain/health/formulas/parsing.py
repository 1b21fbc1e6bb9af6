"""A formula from its JSON, with every fault named at once; nothing is guessed."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

from analytics.domain.health.formulas.faults import Fault, FaultCode, FormulaError
from analytics.domain.health.formulas.formula import (
    PERCENTILE,
    PREVIOUS_WINDOW,
    Aggregate,
    Band,
    Cap,
    CapReason,
    Direction,
    Formula,
    Measure,
    Touch,
    WindowDays,
)
from analytics.domain.health.formulas.reader import Node, is_number, twice
from analytics.domain.health.formulas.sources import (
    AGING,
    DIVISORS,
    MEASURED,
    NAMED,
    WINDOWED,
    Source,
    SourceKind,
    parse_source,
)

MAX_SIZE = 100_000
MAX_NAME, MAX_KEY, MAX_WORDS = 80, 50, 2000
MAX_MEASURES, MAX_KNOTS, MAX_BANDS, MAX_VALUES = 40, 8, 10, 200
MAX_DAYS, MAX_WEIGHT, MAX_VALUE, MAX_POINTS = 3650, 1000, 1e15, 100
DEFAULT_KNOWN_SHARE, DEFAULT_TOO_NEW = 0.6, 30

FORMULA_KEYS = (
    "name", "unhealthy_means", "applies_to", "measures", "min_known_share", "caps", "bands",
    "too_new_days",
)  # fmt: skip
MEASURE_KEYS = (
    "key", "group", "source", "aggregate", "window_days", "window_counts", "max_age_days", "per",
    "change", "points", "direction", "weight",
)  # fmt: skip
# Where its length does not decide the value, so far back is looked for one.
YEAR = 365
WITHOUT_WINDOW = {Aggregate.LAST, Aggregate.DAYS_SINCE}


def load(text: str) -> Any:
    """The JSON of a file or of the editor; a FormulaError where it is none."""
    if len(text) > MAX_SIZE:
        raise FormulaError([Fault("", FaultCode.TOO_LARGE, {"most": MAX_SIZE})])
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormulaError([Fault("", FaultCode.NOT_JSON, {"detail": str(error)})]) from error


def parse_formula(data: Any) -> Formula:
    """A FormulaError with every fault; a formula that comes back has none."""
    top = Node(data, faults=[])
    if not top.object(FORMULA_KEYS):
        raise FormulaError(top.faults)
    formula = Formula(
        name=_text(top, "name", most=MAX_NAME),
        unhealthy_means=_text(top, "unhealthy_means", most=MAX_WORDS),
        measures=_measures(top),
        bands=_bands(top),
        applies_to=_applies_to(top.child("applies_to")),
        min_known_share=_known_share(top.child("min_known_share")),
        caps=_caps(top.child("caps")),
        too_new_days=_days(top.child("too_new_days"), default=DEFAULT_TOO_NEW),
    )
    if top.faults:
        raise FormulaError(top.faults)
    return formula


def _known_share(node: Node) -> float:
    # A score of nothing known would be a guess.
    return node.number(low=0.01, high=1) if node.given else DEFAULT_KNOWN_SHARE


def _days(node: Node, *, default: int) -> int:
    return node.whole(low=0, high=MAX_DAYS) if node.given else default


def _measures(top: Node) -> tuple[Measure, ...]:
    node = top.required("measures")
    nodes = node.items(least=1, most=MAX_MEASURES) if node.given else []
    found = [_measure(each) for each in nodes if each.object(MEASURE_KEYS)]
    for key in twice([each.key for each in found if each.key]):
        node.fault(FaultCode.TWICE, value=key)
    return tuple(found)


def _measure(node: Node) -> Measure:
    key = _text(node, "key", most=MAX_KEY)
    # The score itself stands beside its measures in the evidence.
    if key == "score":
        node.child("key").fault(FaultCode.TWICE, value=key)
    source = _source(node.required("source"), kinds=MEASURED)
    windowed = source is not None and source.kind in WINDOWED
    knots = _knots(node.required("points"))
    if knots is not None and node.child("direction").given:
        node.child("direction").fault(FaultCode.DIRECTION)
    _refuse_what_does_not_go(node, source=source)
    aggregate = _aggregate(node.child("aggregate"), source=source)
    return Measure(
        key=key,
        group=_text(node, "group", most=MAX_KEY) if node.child("group").given else key,
        source=source or Source(SourceKind.MRR),
        weight=_weight(node.required("weight")),
        knots=knots,
        direction=node.child("direction").choice(Direction, default=Direction.HIGH_IS_GOOD),
        aggregate=aggregate,
        window_days=_window(node, aggregate=aggregate, windowed=windowed),
        window_counts=node.child("window_counts").choice(WindowDays, default=WindowDays.CALENDAR),
        max_age_days=_age(node.child("max_age_days")),
        per=_per(node.child("per")),
        is_change=_is_change(node.child("change")),
    )


def _text(node: Node, key: str, *, most: int) -> str:
    found = node.required(key)
    return found.text(most=most) if found.given else ""


def _source(node: Node, *, kinds: frozenset[SourceKind]) -> Source | None:
    if not node.given:
        return None
    found = parse_source(node.value)
    if found is None or found.kind not in kinds:
        node.fault(FaultCode.SOURCE, value=node.value, known=names_of(kinds))
        return None
    return found


def names_of(kinds: frozenset[SourceKind]) -> str:
    """As one writes them."""
    return ", ".join(
        f"{each}:NAME" if each in NAMED else each for each in SourceKind if each in kinds
    )


def _refuse_what_does_not_go(node: Node, *, source: Source | None) -> None:
    if source is None:
        return
    refused = []
    if source.kind not in WINDOWED:
        refused += ["change", "window_counts"]
        # That is what they are.
        if node.child("aggregate").value != Aggregate.LAST:
            refused.append("aggregate")
        if source.kind is not SourceKind.RESPONSE_RATE:
            refused.append("window_days")
    if source.kind not in AGING:
        refused.append("max_age_days")
    for key in refused:
        if node.child(key).given:
            node.child(key).fault(FaultCode.NOT_OF_SOURCE, source=source)


def _aggregate(node: Node, *, source: Source | None) -> Aggregate:
    kind = source.kind if source else None
    default = {SourceKind.USAGE: Aggregate.SUM, SourceKind.EVENTS: Aggregate.COUNT}
    return node.choice(Aggregate, default=default.get(kind, Aggregate.LAST))  # type: ignore[arg-type]


def _window(node: Node, *, aggregate: Aggregate, windowed: bool) -> int:
    """0 where the source has none."""
    found = node.child("window_days")
    if found.given:
        return found.whole(low=1, high=MAX_DAYS)
    if not windowed:
        return 0
    if node.child("change").given or aggregate not in WITHOUT_WINDOW:
        found.fault(FaultCode.WINDOW, aggregate=aggregate)
    return YEAR


def _age(node: Node) -> int | None:
    return node.whole(low=1, high=MAX_DAYS) if node.given else None


def _per(node: Node) -> Source | None:
    if not node.given or node.value == "none":
        return None
    return _source(node, kinds=DIVISORS)


def _is_change(node: Node) -> bool:
    if node.given and node.value != PREVIOUS_WINDOW:
        node.fault(FaultCode.CHOICE, value=node.value, known=PREVIOUS_WINDOW)
    return node.given


def _weight(node: Node) -> float:
    if not node.given:
        return 1.0
    if not is_number(node.value) or not 0 < node.value <= MAX_WEIGHT:
        node.fault(FaultCode.WEIGHT, high=MAX_WEIGHT)
        return 1.0
    return float(node.value)


def _knots(node: Node) -> tuple[tuple[float, float], ...] | None:
    """None: percentile."""
    if not node.given or node.value == PERCENTILE:
        return None
    if isinstance(node.value, str):
        node.fault(FaultCode.CHOICE, value=node.value, known=f"{PERCENTILE}, [[0, 0], [10, 100]]")
        return None
    nodes = node.items(least=2, most=MAX_KNOTS)
    knots = [(each, _knot(each)) for each in nodes]
    for (_, before), (place, after) in pairwise(knots):
        if before and after and after[0] <= before[0]:
            place.fault(FaultCode.KNOTS_ORDER, value=f"{after[0]:g}", before=f"{before[0]:g}")
    return tuple(knot for _, knot in knots if knot) or ((0.0, 0.0), (1.0, 0.0))


def _knot(node: Node) -> tuple[float, float] | None:
    pair = node.value
    good = isinstance(pair, list) and len(pair) == 2 and all(map(is_number, pair))
    if not good or abs(pair[0]) > MAX_VALUE or not 0 <= pair[1] <= MAX_POINTS:
        node.fault(FaultCode.KNOT)
        return None
    return float(pair[0]), float(pair[1])


def _bands(top: Node) -> tuple[Band, ...]:
    node = top.required("bands")
    nodes = node.items(least=2, most=MAX_BANDS) if node.given else []
    found = [_band(each) for each in nodes if each.object(("name", "from", "touch"))]
    for name in twice([each.name for each in found if each.name]):
        node.fault(FaultCode.TWICE, value=name)
    bands = sorted(found, key=lambda each: -each.lowest)
    for one, other in pairwise(bands):
        if one.lowest == other.lowest:
            low = f"{one.lowest:g}"
            node.fault(FaultCode.BANDS_OVERLAP, name=one.name, other=other.name, value=low)
    if bands and bands[-1].lowest > 0:
        node.fault(FaultCode.BANDS_GAP, value=f"{bands[-1].lowest:g}")
    return tuple(bands)


def _band(node: Node) -> Band:
    lowest = node.required("from")
    touch = node.child("touch")
    return Band(
        _text(node, "name", most=MAX_KEY),
        lowest.number(low=0, high=MAX_POINTS) if lowest.given else 0.0,
        touch.choice(Touch, default=Touch.LOW) if touch.given else None,
    )


def _caps(node: Node) -> tuple[Cap, ...]:
    nodes = node.items(least=0, most=len(CapReason)) if node.given else []
    return tuple(_cap(each) for each in nodes if each.object(("when", "at_most")))


def _cap(node: Node) -> Cap:
    at_most = node.required("at_most")
    return Cap(
        node.required("when").choice(CapReason, default=CapReason.OPEN_FOLLOW_UP),
        at_most.number(low=0, high=MAX_POINTS) if at_most.given else 0.0,
    )


def _applies_to(node: Node) -> dict[str, tuple[str, ...]]:
    if not node.given:
        return {}
    if not isinstance(node.value, dict):
        node.fault(FaultCode.OBJECT)
        return {}
    return {name: _values(node.child(name)) for name in node.value}


def _values(node: Node) -> tuple[str, ...]:
    values = [each.value for each in node.items(least=1, most=MAX_VALUES)]
    if not all(isinstance(value, str) for value in values):
        node.fault(FaultCode.TEXT, most=MAX_NAME)
        return ()
    for value in twice(values):
        node.fault(FaultCode.TWICE, value=value)
    return tuple(values)
