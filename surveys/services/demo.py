"""The demo of an installation: made where it is empty, and cleared so that it is empty again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import models, transaction

from accounts.domain.audit import AuditAction
from accounts.models import Customer, Import, StaffUser
from accounts.services.audit import record_event
from accounts.services.imports.forgetting import forget_file
from surveys.models import Campaign, Demo

State = Demo.State
PARTS = 5
# A worker's task ends sooner than this, so one that is silent for longer was killed.
LONGEST = dt.timedelta(minutes=12)
OURS = ("accounts", "surveys", "analytics", "actions")
# Who works here, what they did, and what they set up for themselves.
KEPT = frozenset(
    {
        "accounts.StaffUser", "accounts.AuditEvent", "accounts.AuditSeal", "accounts.AuditOrigin",
        "accounts.ExchangeRate", "actions.Channel", "actions.DigestWish", "actions.WorkingHours",
        "actions.ReplyTemplate",
    }
)  # fmt: skip
# What somebody who tries the demo may have added of their own.
ADDED = (
    "accounts.Customer", "accounts.Respondent", "accounts.Import", "surveys.Campaign",
    "analytics.HealthFormula", "actions.Goal", "actions.Playbook",
)  # fmt: skip


def may_be_made() -> bool:
    """Not where others come: everybody knows the password of its log-ins."""
    in_use = Customer.objects.exists() or Campaign.objects.exists()
    return not settings.SERVED_SECURELY and not in_use


def ask_for_demo(*, by: StaffUser | None, now: dt.datetime) -> bool:
    """False where it may not be made, or one is there."""
    if not may_be_made():
        return False
    row, _ = Demo.objects.get_or_create(pk=Demo.ONLY, defaults={"began_at": now, "by": by})
    return row.state == State.WAITING


def begin(*, now: dt.datetime) -> bool:
    """False where another process makes it, or has."""
    return bool(
        Demo.objects.filter(pk=Demo.ONLY, state=State.WAITING).update(
            state=State.MAKING, began_at=now
        )
    )


def part_is_done(number: int) -> None:
    Demo.objects.filter(pk=Demo.ONLY).update(parts_done=number)


def is_made() -> None:
    last_ids = {
        label: apps.get_model(label)._base_manager.aggregate(last=models.Max("pk"))["last"] or 0
        for label in ADDED
    }
    made = Demo.objects.filter(pk=Demo.ONLY)
    made.update(state=State.MADE, parts_done=PARTS, last_ids=last_ids)


def has_failed() -> None:
    Demo.objects.filter(pk=Demo.ONLY).update(state=State.FAILED)


def is_at_work(demo: Demo, *, now: dt.datetime) -> bool:
    return demo.state in (State.WAITING, State.MAKING) and now - demo.began_at < LONGEST


def added_since(demo: Demo) -> list[tuple[str, int]]:
    """What goes with the demo and is none of it: what it is called, and how many."""
    found = []
    for label, last in demo.last_ids.items():
        model = apps.get_model(label)
        if number := model._base_manager.filter(pk__gt=last).count():
            found.append((str(model._meta.verbose_name_plural), number))
    return found


def clear_demo(*, by: StaffUser | None, now: dt.datetime) -> bool:
    """All but who works here and what they did. False where there is none, or it is being made."""
    with transaction.atomic():
        demo = Demo.objects.select_for_update().first()
        if demo is None or is_at_work(demo, now=now):
            return False
        for row in Import.objects.exclude(path=""):
            transaction.on_commit(partial(forget_file, row))
        for model in _cleared():
            # Keys are checked at the end of the transaction, so that the order does not matter.
            model._base_manager.all()._raw_delete(using=model._base_manager.db)
        record_event(AuditAction.DEMO_CLEAR, actor=by, now=now)
    cache.clear()
    return True


def _cleared() -> Iterator[type[models.Model]]:
    for name in OURS:
        for model in apps.get_app_config(name).get_models(include_auto_created=True):
            # The rows of a many-to-many field go with those of its model.
            owner = getattr(model._meta.auto_created, "_meta", model._meta)
            if owner.label not in KEPT:
                yield model
