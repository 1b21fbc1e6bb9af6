"""The demo of an installation: made where it is empty, and cleared so that it is empty again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import models, transaction
from django.db.models import Q, QuerySet

from accounts.domain.access.audit import AuditAction
from accounts.models import Customer, Import, Person, StaffUser, Suppression
from accounts.services.access.audit import record_event
from accounts.services.imports.forgetting import forget_file
from surveys.domain.frequency import NEVER_USED
from surveys.models import Campaign, Demo, Slot

State = Demo.State
PARTS = 5
# A worker's task ends sooner than this, so one that is silent for longer was killed.
LONGEST = dt.timedelta(minutes=12)
OURS = ("accounts", "surveys", "analytics", "actions", "api")
# Who works here, what they did, and what they set up for themselves.
KEPT = frozenset(
    {
        "accounts.StaffUser", "accounts.AuditEvent", "accounts.AuditSeal", "accounts.AuditOrigin",
        "accounts.StaffMail", "accounts.ExchangeRate", "accounts.Organisation", "accounts.Logo",
        "actions.Channel", "actions.DigestWish",
        "actions.WorkingHours", "actions.ReplyTemplate", "api.ApiKey", "api.Project",
        "surveys.CampaignTemplate", "surveys.SenderCheck",
    }
)  # fmt: skip
# What somebody who tries the demo may have added of their own, by the part that makes the demo's.
OF_THE_FIRST = (
    "accounts.Customer", "accounts.Respondent", "accounts.Import", "accounts.ScheduledImport",
    "surveys.Campaign", "api.Member",
)  # fmt: skip
OF_THE_OTHERS = ("analytics.HealthFormula", "actions.Goal", "actions.Playbook")
PERSON = "accounts.Person"


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
    """The first in the transaction that made it: whom others import from then on is none of it."""
    row = Demo.objects.get(pk=Demo.ONLY)
    for label in (*OF_THE_FIRST, PERSON) if number == 1 else OF_THE_OTHERS:
        last = apps.get_model(label)._base_manager.aggregate(last=models.Max("pk"))["last"]
        row.last_ids[label] = last or 0
    row.parts_done = number
    row.save(update_fields=["parts_done", "last_ids"])


def is_made() -> None:
    Demo.objects.filter(pk=Demo.ONLY).update(state=State.MADE)


def has_failed() -> None:
    Demo.objects.filter(pk=Demo.ONLY).update(state=State.FAILED)


def is_at_work(demo: Demo, *, now: dt.datetime) -> bool:
    return demo.state in (State.WAITING, State.MAKING) and now - demo.began_at < LONGEST


def added_since(demo: Demo) -> list[tuple[str, int]]:
    """What goes with the demo and is none of it: what it is called, and how many."""
    found = []
    for label in (*OF_THE_FIRST, *OF_THE_OTHERS):
        model, last = apps.get_model(label), demo.last_ids.get(label, 0)
        if number := model._base_manager.filter(pk__gt=last).count():
            found.append((str(model._meta.verbose_name_plural), number))
    return found


def has_asked_others(demo: Demo) -> bool:
    """Whether somebody who is not of the demo was asked, is about to be, or is not to be mailed.

    With their rows would go what Koe promised them: two surveys a year, none after an opt-out.
    """
    others = _others(demo)
    used = Q(free_at__gt=NEVER_USED) | Q(held_by__isnull=False)
    return (
        Slot.objects.filter(used, person__in=others).exists()
        or Suppression.objects.filter(person__in=others).exists()
    )


def _others(demo: Demo) -> QuerySet[Person]:
    return Person.objects.filter(pk__gt=demo.last_ids.get(PERSON, 0))


def clear_demo(*, by: StaffUser | None, now: dt.datetime) -> bool:
    """All but who works here and what they did. False where nothing may be cleared."""
    with transaction.atomic():
        demo = Demo.objects.select_for_update().first()
        if demo is None or is_at_work(demo, now=now):
            return False
        # Held, so that no claim takes one until all is over.
        held = Slot.objects.filter(person__in=_others(demo)).select_for_update()
        list(held.values_list("pk"))
        if has_asked_others(demo):
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
