"""The steps that the machine does: a message to a channel when it is due."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from actions.domain.alerts.names import EventName
from actions.domain.deliveries.notes import Note
from actions.domain.playbooks.steps import StepKind, StepState
from actions.models import Delivery, PlaybookRun, RunStep
from actions.services.deliveries.queueing import Draft, queue


def send_due(*, now: dt.datetime) -> int:
    """How many were put on their way; what has no channel waits for its owner to skip it."""
    due = RunStep.objects.filter(
        kind=StepKind.WEBHOOK, state=StepState.OPEN, due_at__lte=now,
        run__ended_at__isnull=True, channel__disabled="",
    )  # fmt: skip
    return sum(_send(step, now=now) for step in due.select_related("channel"))


@transaction.atomic
def _send(step: RunStep, *, now: dt.datetime) -> bool:
    """The step is done with the message that is queued, by whoever was first."""
    # Not by a join: the condition on the state must be that of the update itself.
    running = PlaybookRun.objects.filter(ended_at__isnull=True)
    rows = RunStep.objects.filter(pk=step.pk, state=StepState.OPEN, run__in=running)
    if not rows.update(state=StepState.DONE, settled_at=now):
        return False
    key, payload = f"{EventName.PLAYBOOK}-{step.pk}", {"step": step.pk}
    queue([Draft(key, EventName.PLAYBOOK, now, payload, channel=step.channel)], now=now)
    return True


def note(delivery: Delivery, now: dt.datetime) -> Note | None:
    """Without addresses: who reads along in a channel is not ours to know."""
    steps = RunStep.objects.select_related("run__playbook", "run__customer", "run__owner")
    step = steps.filter(pk=delivery.payload["step"]).first()
    if step is None:
        return None
    run = step.run
    owner = run.owner.name if run.owner else ""
    url = settings.SITE_URL + reverse("actions:playbook-run", args=[run.pk])
    facts = [(_("Playbook"), run.playbook.name), (_("Owner"), owner)]
    return Note(
        title=f"{run.customer}: {step.title}",
        words=step.text,
        facts=tuple((label, value) for label, value in facts if value),
        url=url,
        link=_("Open the run"),
        data={
            "playbook": run.playbook.name,
            "step": step.title,
            "run": run.pk,
            "started_at": run.started_at.isoformat(),
            "started_by": run.playbook.started_by,
            "customer": {"customer_id": run.customer.customer_id, "name": run.customer.name},
            "url": url,
        },
    )
