"""Saving and publishing formulas: all of one is right, or nothing is saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts.domain.access.audit import AuditAction
from accounts.models import StaffUser
from accounts.services.access.audit import record_event
from analytics.domain.health.evidence.weights import reweighed
from analytics.domain.health.formulas.faults import FormulaError
from analytics.domain.health.formulas.formula import Formula
from analytics.domain.health.formulas.parsing import parse_formula
from analytics.domain.health.formulas.scope import scope_faults
from analytics.models import HealthFormula
from analytics.queries.health.formulas import customer_dimensions, formulas_in_force
from config.celery import enqueue

TASK = "analytics.tasks.score_health"
# Of a formula for all customers: behind those for some.
LAST = 32_000


@dataclass(frozen=True, slots=True)
class Saved:
    row: HealthFormula
    # False: its latest version says the same.
    is_new: bool


@transaction.atomic
def save_formula(definition: Any, *, by: StaffUser | None, now: dt.datetime) -> Saved:
    """As a new version of its name; a FormulaError names every fault."""
    formula = parse_formula(definition)
    check_scope(formula)
    versions = HealthFormula.objects.select_for_update().filter(name=formula.name)
    latest = versions.order_by("-version").first()
    if latest is not None and latest.definition == definition:
        return Saved(latest, is_new=False)
    row = HealthFormula.objects.create(
        name=formula.name,
        version=latest.version + 1 if latest else 1,
        position=latest.position if latest else _next_position(formula),
        definition=definition,
        created_at=now,
        created_by=by,
    )
    record_event(AuditAction.FORMULA_SAVE, actor=by, now=now, target=row)
    return Saved(row, is_new=True)


def save_draft(
    row: HealthFormula, weights: Mapping[str, int], *, by: StaffUser | None, now: dt.datetime
) -> Saved:
    """What the data would weigh, as a version that nobody is scored by until it is published."""
    return save_formula(reweighed(row.definition, weights), by=by, now=now)


def publish_formula(row: HealthFormula, *, by: StaffUser | None, now: dt.datetime) -> bool:
    """In force from the next day that is scored, at once where none is; whether that changed it."""
    if not put_in_force(row, by=by, now=now):
        return False
    enqueue(TASK)
    return True


@transaction.atomic
def put_in_force(row: HealthFormula, *, by: StaffUser | None, now: dt.datetime) -> bool:
    """In place of the version before; whether that changed anything."""
    row = HealthFormula.objects.select_for_update().get(pk=row.pk)
    if row.is_in_force:
        return False
    check_scope(parse_formula(row.definition))
    earlier = HealthFormula.objects.in_force().filter(name=row.name)
    earlier.update(withdrawn_at=now)
    row.published_at, row.withdrawn_at = now, None
    row.save(update_fields=["published_at", "withdrawn_at"])
    record_event(AuditAction.FORMULA_PUBLISH, actor=by, now=now, target=row)
    return True


@transaction.atomic
def withdraw_formula(row: HealthFormula, *, by: StaffUser | None, now: dt.datetime) -> None:
    """Nobody is scored by it any more; what it said stays."""
    if HealthFormula.objects.in_force().filter(pk=row.pk).update(withdrawn_at=now):
        record_event(AuditAction.FORMULA_WITHDRAW, actor=by, now=now, target=row)


@transaction.atomic
def move_formula(row: HealthFormula, *, up: bool, by: StaffUser | None, now: dt.datetime) -> None:
    """Tried one place earlier or later; a FormulaError where one would then never apply."""
    rows = list(HealthFormula.objects.in_force().select_for_update())
    names = [each.name for each in rows]
    if row.name not in names:
        return
    place = names.index(row.name)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    formulas = [parse_formula(each.definition) for each in rows]
    for number, formula in enumerate(formulas):
        _raise_any(formula, before=formulas[:number], after=formulas[number + 1 :])
    for number, (each, formula) in enumerate(zip(rows, formulas, strict=True)):
        position = number if formula.applies_to else LAST
        HealthFormula.objects.filter(name=each.name).update(position=position)
    record_event(AuditAction.FORMULA_MOVE, actor=by, now=now, target=row)


def check_scope(formula: Formula) -> None:
    """Against the formulas in force under other names, in their order."""
    rows = {each.name: each.position for each in HealthFormula.objects.in_force()}
    place = rows.get(formula.name, _next_position(formula))
    others = [each for each in formulas_in_force() if each.name != formula.name]
    before = [each.formula for each in others if rows[each.name] < place]
    after = [each.formula for each in others if rows[each.name] >= place]
    _raise_any(formula, before=before, after=after)


def _raise_any(formula: Formula, *, before: list[Formula], after: list[Formula]) -> None:
    dimensions = customer_dimensions().keys()
    if faults := scope_faults(formula, before=before, after=after, dimensions=set(dimensions)):
        raise FormulaError(faults)


def _next_position(formula: Formula) -> int:
    if not formula.applies_to:
        return LAST
    narrow = HealthFormula.objects.filter(position__lt=LAST)
    highest: int | None = narrow.aggregate(last=Max("position"))["last"]
    return 0 if highest is None else highest + 1
