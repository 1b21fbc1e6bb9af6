"""Runs of playbooks as pages show them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.dateparse import parse_date

from accounts.models import Customer, StaffUser
from actions.domain.playbooks.starting import BY_ANSWER, StartedBy
from actions.domain.playbooks.steps import Placeholder, StepState, filled
from actions.models import Playbook, PlaybookRun, RunStep
from surveys.models import Response
from surveys.queries.answers.responses import responses_of_all


@dataclass(frozen=True, slots=True)
class Why:
    """What a run was started for: an answer, a day, or a month."""

    response: Response | None = None
    day: dt.date | None = None
    month: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    language: str
    subject: str
    text: str


def playbooks() -> QuerySet[Playbook]:
    is_open = Q(runs__ended_at__isnull=True, runs__isnull=False)
    return Playbook.objects.select_related("owner").annotate(
        started=Count("runs"), running=Count("runs", filter=is_open)
    )


def runs() -> QuerySet[PlaybookRun]:
    """Each with its steps, the first that is open first to be done."""
    steps = RunStep.objects.select_related("campaign", "channel", "settled_by")
    found = PlaybookRun.objects.select_related("playbook", "customer", "owner", "ended_by")
    return found.prefetch_related(Prefetch("steps", queryset=steps))


def runs_of(customer: Customer) -> list[PlaybookRun]:
    """Open ones first."""
    found = runs().filter(customer=customer)
    return sorted(found, key=lambda run: not run.is_open)


def next_step(run: PlaybookRun) -> RunStep | None:
    return next((each for each in run.steps.all() if each.state == StepState.OPEN), None)


def why_of(run: PlaybookRun) -> Why:
    by = StartedBy(run.playbook.started_by)
    if by in BY_ANSWER:
        return Why(response=responses_of_all().filter(pk=int(run.occasion)).first())
    if by is StartedBy.CONTRACTION:
        return Why(month=parse_date(f"{run.occasion}-01"))
    return Why(day=parse_date(run.occasion))


def draft_of(step: RunStep, *, language: str, name: str, by: StaffUser) -> Draft | None:
    """In the language of who gets it; None where the step has no text in it."""
    mail: dict[str, Any] | None = step.mails.get(language)
    if not mail:
        return None
    values = {
        Placeholder.NAME: name,
        Placeholder.CUSTOMER: str(step.run.customer),
        Placeholder.OWNER: str(step.run.owner or by),
    }
    return Draft(language, filled(mail["subject"], values), filled(mail["text"], values))
