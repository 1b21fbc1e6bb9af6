"""What was done in playbooks, for the timeline of a customer."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Customer
from accounts.queries.customers.story import Told
from actions.domain.playbooks.steps import StepState
from actions.labels import STEP_STATE_LABELS
from actions.models import PlaybookRun
from actions.queries.playbooks.runs import runs

AT_MOST = 100
TOLD = (StepState.DONE, StepState.SKIPPED)


def told(customer: Customer) -> Iterator[Told]:
    for run in runs().filter(customer=customer)[:AT_MOST]:
        yield from _of_run(run)


def _of_run(run: PlaybookRun) -> Iterator[Told]:
    url, name = reverse("actions:playbook-run", args=[run.pk]), {"playbook": run.playbook}
    text = _("Playbook “%(playbook)s” started") % name
    yield Told(run.started_at, text, "", str(run.owner or ""), url)
    for step in run.steps.all():
        if step.state in TOLD and step.settled_at is not None:
            text = f"{step.title}: {STEP_STATE_LABELS[step.state]}"
            yield Told(step.settled_at, text, step.note, str(step.settled_by or ""), url)
    if run.ended_at is not None:
        said = {**name, "result": run.get_result_display()}
        text = _("Playbook “%(playbook)s” ended: %(result)s") % said
        yield Told(run.ended_at, text, run.words, str(run.ended_by or ""), url)
