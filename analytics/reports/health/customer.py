"""One customer's health: what it is made of, why it moved, and what was said before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from analytics.domain.health.moves import Move, moves
from analytics.models import HealthScore
from analytics.queries.database.snapshot import one_snapshot
from analytics.queries.health.identities import identities_of
from analytics.queries.health.scores import (
    DayScores,
    last_scored_day,
    stored_of_customer,
    stored_scores_on,
)
from analytics.reports.health.errors import NoFormulaError
from analytics.reports.health.scores import CustomerHealth, customer_health, day_scores
from common.templatetags.figures import write_number

BACK = (7, 28, 90)
HISTORY = 30


@dataclass(frozen=True, slots=True)
class Said:
    day: dt.date
    score: float | None
    band: str
    formula: str
    # Whether nobody could have seen it on the day.
    is_later: bool


@dataclass(frozen=True, slots=True)
class OneHealth:
    day: dt.date
    health: CustomerHealth
    # By how many days back.
    moved: tuple[tuple[int, list[str]], ...]
    history: tuple[Said, ...]


@one_snapshot()
def one_health(pk: int, *, today: dt.date) -> OneHealth | None:
    """As stored for the last scored day, else worked out now; None where it has none."""
    day = last_scored_day(until=today) or today - dt.timedelta(days=1)
    rows = HealthScore.objects.filter(day=day, customer=pk)
    found = stored_scores_on(day, rows=rows)
    if found is None:
        try:
            found = day_scores(day)
        except NoFormulaError:
            return None
    health = _of(found, pk)
    if health is None:
        return None
    moved = tuple((days, _moved(health, pk, day - dt.timedelta(days=days))) for days in BACK)
    return OneHealth(day, health, moved, _history(pk, until=day))


def _of(found: DayScores, pk: int) -> CustomerHealth | None:
    known = identities_of([pk])
    for part in found.parts:
        places = (part.customers == pk).nonzero()[0]
        if len(places) and pk in known:
            return customer_health(part, int(places[0]), identity=known[pk])
    return None


def _moved(now: CustomerHealth, pk: int, day: dt.date) -> list[str]:
    found = stored_scores_on(day, rows=HealthScore.objects.filter(day=day, customer=pk))
    before = _of(found, pk) if found else None
    if before is None:
        return []
    sentences = [move_sentence(each) for each in moves(now.parts, before=before.parts)]
    if before.version.pk != now.version.pk:
        text = _("The formula changed from %(before)s to %(after)s.")
        said = {
            "before": f"{before.version.name} {before.version.version}",
            "after": f"{now.version.name} {now.version.version}",
        }
        sentences.insert(0, text % said)
    return sentences


def move_sentence(move: Move) -> str:
    """“logins 12 → 4: −18.0”."""
    before, after = (_value(each) for each in (move.before, move.after))
    change = write_number(move.change, digits=1, sign=True)
    return f"{move.key} {before} → {after}: {change}"


def _value(value: float | None) -> str:
    if value is None:
        return _("not known")
    return write_number(value, digits=0 if value == round(value) else 2)


def _history(pk: int, *, until: dt.date) -> tuple[Said, ...]:
    rows: Sequence[HealthScore] = stored_of_customer(pk, until=until, at_most=HISTORY)
    day = dt.timedelta(days=1)
    return tuple(
        Said(row.day, row.score, row.band, str(row.formula), row.scored_on > row.day + day)
        for row in rows
    )
