"""One customer's health: what it is made of, why it moved, and what was said before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from analytics.domain.health.moves import Move, moves
from analytics.labels.measures import measure_labels
from analytics.queries.database.snapshot import one_snapshot
from analytics.queries.health.formulas import Version, formulas_in_force
from analytics.queries.health.identities import Identity, identities_of
from analytics.queries.health.scores import (
    DayScores,
    live_scores_of,
    stored_days_of,
    stored_of_customer,
)
from analytics.queries.health.standing import last_scored_day
from analytics.reports.health.errors import NoFormulaError
from analytics.reports.health.scores import CustomerHealth, customer_health, day_scores
from common.templatetags.figures import write_number, write_percent

BACK = (7, 28, 90)
# So many nights are shown, and every seventh is worked out by today's formula.
HISTORY = 92
STEP = 7


@dataclass(frozen=True, slots=True)
class Said:
    day: dt.date
    score: float | None
    band: str
    formula: str
    # Whether nobody could have seen it on the day.
    is_later: bool
    # By the formulas in force today; None where that was not asked for, or is not known.
    by_today: float | None = None
    # Whether another version had scored the day before.
    is_new_version: bool = False


@dataclass(frozen=True, slots=True)
class Against:
    """An earlier day that the score is held against."""

    days: int
    # None: not known of that day.
    score: float | None
    # What moved, the largest first.
    sentences: list[str]
    # That another version had scored it, in words; empty where it was the same.
    formula: str = ""


@dataclass(frozen=True, slots=True)
class OneHealth:
    day: dt.date
    health: CustomerHealth
    against: tuple[Against, ...]
    history: tuple[Said, ...]


@one_snapshot()
def one_health(
    pk: int, *, today: dt.date, by_today: bool = False, live: bool = True
) -> OneHealth | None:
    """As stored for the last scored day, else (`live`) worked out now; None where it has none.

    To work it out now takes as long as a night's scores, since percentiles are among all.
    """
    day = last_scored_day(until=today) or today - dt.timedelta(days=1)
    stored = stored_days_of(pk, [day, *(day - dt.timedelta(days=back) for back in BACK)])
    found = stored.get(day)
    if found is None and not live:
        return None
    if found is None:
        try:
            found = day_scores(day)
        except NoFormulaError:
            return None
    identity = identities_of([pk]).get(pk)
    health = None if identity is None else _of(found, pk, identity)
    if health is None:
        return None
    against = tuple(
        _against(health, stored.get(day - dt.timedelta(days=back)), days=back) for back in BACK
    )
    return OneHealth(day, health, against, _history(health, until=day, by_today=by_today))


def _of(found: DayScores, pk: int, identity: Identity) -> CustomerHealth | None:
    for part in found.parts:
        places = (part.customers == pk).nonzero()[0]
        if len(places):
            return customer_health(part, int(places[0]), identity=identity)
    return None


def _against(now: CustomerHealth, found: DayScores | None, *, days: int) -> Against:
    before = _of(found, now.pk, now.identity) if found else None
    if before is None:
        return Against(days, None, [])
    formula = now.version.formula
    labels = measure_labels(formula)
    changes = {each.key for each in formula.measures if each.is_change}
    sentences = [
        move_sentence(each, labels[each.key], is_change=each.key in changes)
        for each in moves(now.parts, before=before.parts)
    ]
    return Against(days, before.score, sentences, _of_formula(before.version, now.version))


def _of_formula(before: Version, after: Version) -> str:
    if before.pk == after.pk:
        return ""
    return _("The formula changed from %(before)s to %(after)s.") % {
        "before": f"{before.name} {before.version}",
        "after": f"{after.name} {after.version}",
    }


def move_sentence(move: Move, label: str, *, is_change: bool = False) -> str:
    """“log-ins 12 → 4: −18.0”; `is_change`: the values are shares of what was before."""
    before, after = (_value(each, is_change=is_change) for each in (move.before, move.after))
    change = write_number(move.change, digits=1, sign=True)
    return f"{label} {before} → {after}: {change}"


def _value(value: float | None, *, is_change: bool) -> str:
    if value is None:
        return _("not known")
    if is_change:
        return write_percent(value, digits=0)
    return write_number(value, digits=0 if value == round(value) else 2)


def _history(now: CustomerHealth, *, until: dt.date, by_today: bool) -> tuple[Said, ...]:
    rows = stored_of_customer(now.pk, until=until, at_most=HISTORY)
    versions = formulas_in_force() if by_today else []
    days = [row.day for row in rows][::STEP]
    found = _by_today(now, days, versions) if days and versions else {}
    before = [*(row.formula_id for row in rows), None][1:]
    return tuple(
        Said(
            row.day,
            row.score,
            row.band,
            str(row.formula),
            row.scored_on > row.day + dt.timedelta(days=1),
            found.get(row.day),
            earlier is not None and earlier != row.formula_id,
        )
        for row, earlier in zip(rows, before, strict=True)
    )


def _by_today(
    now: CustomerHealth, days: Sequence[dt.date], versions: Sequence[Version]
) -> dict[dt.date, float | None]:
    """Percentiles are among all customers, so all are scored."""
    scored = (
        (each.day, _of(each, now.pk, now.identity))
        for each in live_scores_of(days, versions=versions)
    )
    return {day: health.score for day, health in scored if health is not None}
