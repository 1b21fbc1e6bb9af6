"""Starts playbooks for what became true of customers: each occasion once, and not too often."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from accounts.models import Customer, StaffUser
from actions.domain.follow_ups.due import WorkHours
from actions.domain.playbooks.starting import free_since, is_new
from actions.domain.playbooks.steps import StepKind, begins_in, due_in
from actions.models import Playbook, PlaybookRun, PlaybookStep, PlaybookTurn, RunStep
from actions.queries.follow_ups.staff import hours_of, owner_among, workers
from actions.queries.playbooks.occasions import occasions_at


def start_playbooks(*, now: dt.datetime) -> int:
    """How many runs were started."""
    on = Playbook.objects.filter(switched_on_at__isnull=False)
    staff = workers()
    return sum(_start(each, staff, now=now) for each in on.prefetch_related("steps"))


def _start(playbook: Playbook, staff: Sequence[StaffUser], *, now: dt.datetime) -> int:
    past = playbook.known_past
    new = {
        pk: occasion
        for pk, occasion in occasions_at(playbook.start, now).items()
        if is_new(pk, occasion, past=past)
    }
    known = set(playbook.runs.filter(customer__in=new).values_list("customer_id", "occasion"))
    wanted = [pk for pk, occasion in new.items() if (pk, occasion) not in known]
    started = [
        start_run(playbook, customer, new[customer.pk], staff=staff, now=now)
        for customer in Customer.objects.filter(pk__in=wanted).order_by("pk")
    ]
    return sum(run is not None for run in started)


@transaction.atomic
def start_run(
    playbook: Playbook,
    customer: Customer,
    occasion: str,
    *,
    staff: Sequence[StaffUser],
    now: dt.datetime,
) -> PlaybookRun | None:
    """None where it is too early for another one, one is open, or somebody was faster."""
    if not _takes_turn(playbook, customer, now=now):
        return None
    owner = owner_among(staff, account=customer.owner_email, campaign=playbook.owner_id)
    try:
        with transaction.atomic():
            run = PlaybookRun.objects.create(
                playbook=playbook, customer=customer, occasion=occasion, owner=owner,
                started_at=now,
            )  # fmt: skip
    except IntegrityError:
        # The turn is given back.
        transaction.set_rollback(True)
        return None
    work = hours_of(owner)
    RunStep.objects.bulk_create(
        RunStep(
            run=run, position=step.position, kind=step.kind, title=step.title, text=step.text,
            mails=step.mails, campaign_id=step.campaign_id, channel_id=step.channel_id,
            due_at=_due(step, work=work, now=now),
        )
        for step in playbook.steps.all()
    )  # fmt: skip
    return run


def _due(step: PlaybookStep, *, work: WorkHours, now: dt.datetime) -> dt.datetime:
    """What the machine does needs no working day."""
    when = begins_in if step.kind == StepKind.WEBHOOK else due_in
    return when(now, days=step.after_days, work=work)


def _takes_turn(playbook: Playbook, customer: Customer, *, now: dt.datetime) -> bool:
    """The first one makes the row; after it an update takes it, which repeats its condition."""
    turn = {"playbook": playbook, "customer": customer}
    try:
        with transaction.atomic():
            PlaybookTurn.objects.create(**turn, last_at=now)
    except IntegrityError:
        free = free_since(now, every_days=playbook.every_days)
        return bool(PlaybookTurn.objects.filter(**turn, last_at__lte=free).update(last_at=now))
    return True
