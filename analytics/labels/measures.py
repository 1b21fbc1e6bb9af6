"""What a measure of health is called: by what it reads and how, since its key is the author's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.labels import event_label, usage_label
from analytics.domain.health.evidence.observations import RAW, SCORE
from analytics.domain.health.formulas.formula import Aggregate, Formula, Measure
from analytics.domain.health.formulas.sources import WINDOWED, Source, SourceKind
from analytics.labels import source_label

AGGREGATE_LABELS: dict[str, str | Promise] = {
    Aggregate.SUM: gettext_lazy("%(what)s, sum of %(days)s days"),
    Aggregate.MEAN: gettext_lazy("%(what)s, mean of %(days)s days"),
    Aggregate.LAST: gettext_lazy("%(what)s, last of %(days)s days"),
    Aggregate.MAX: gettext_lazy("%(what)s, highest of %(days)s days"),
    Aggregate.DAYS_ACTIVE: gettext_lazy("%(what)s, active days of %(days)s"),
    Aggregate.COUNT: gettext_lazy("%(what)s, number in %(days)s days"),
    Aggregate.DAYS_SINCE: gettext_lazy("%(what)s, days since the last"),
}


def measure_labels(formula: Formula) -> dict[str, str]:
    """By key. Where two measures would be called the same, the key tells them apart."""
    return _told_apart({each.key: measure_label(each) for each in formula.measures})


def predictor_labels(formulas: Iterable[Formula]) -> dict[str, str]:
    """Of the evidence, by name: the score, what stands beside it as it is, and all measures.

    A key that formulas use for different things has the names of all of them.
    """
    beside = {SCORE: _("Health score")} | {str(each): source_label(Source(each)) for each in RAW}
    names: dict[str, dict[str, None]] = {}
    for measure in (measure for formula in formulas for measure in formula.measures):
        names.setdefault(measure.key, {})[measure_label(measure)] = None
    measures = {key: " / ".join(found) for key, found in names.items()}
    return _told_apart(measures, beside=beside) | beside


def _told_apart(labels: Mapping[str, str], *, beside: Mapping[str, str] = {}) -> dict[str, str]:
    found = [*labels.values(), *beside.values()]
    return {
        key: f"{label} ({key})" if found.count(label) > 1 else label
        for key, label in labels.items()
    }


def measure_label(measure: Measure) -> str:
    """“logins per seat, sum of 28 days”, from what it reads and how."""
    text = _plain_label(measure.source)
    if measure.per is not None:
        text = _("%(what)s per %(unit)s") % {"what": text, "unit": _unit_label(measure.per)}
    if measure.source.kind in WINDOWED:
        text = str(AGGREGATE_LABELS[measure.aggregate]) % {
            "what": text,
            "days": measure.window_days,
        }
    if measure.is_change:
        text = _("%(what)s, against the days before") % {"what": text}
    return text


def _plain_label(source: Source) -> str:
    """What is measured by its name alone: where it comes from is the formula's matter."""
    if source.kind == SourceKind.EVENTS:
        return event_label(source.name)
    if source.kind == SourceKind.USAGE:
        return usage_label(source.name)
    return source.name if source.name else source_label(source)


def _unit_label(source: Source) -> str:
    return pgettext("unit", "seat") if source.kind == SourceKind.SEATS else _plain_label(source)
