"""What goes of runs when a person is erased: the words that name them, and those about them."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from accounts.services.facts.erase import SHORTEST_NAME
from actions.domain.playbooks.starting import BY_ANSWER
from actions.domain.playbooks.steps import StepState
from actions.models import PlaybookRun, RunStep
from surveys.models import Response


def forget_runs(persons: Collection[int], *, names: Collection[str]) -> None:
    answers = Response.objects.filter(invitation__person__in=persons)
    keys = [str(pk) for pk in answers.values_list("pk", flat=True)]
    theirs = Q(playbook__started_by__in=BY_ANSWER, occasion__in=keys)
    _forget(PlaybookRun.objects.filter(theirs).values_list("pk", flat=True))
    beside = PlaybookRun.objects.filter(customer__respondents__person__in=persons)
    for name in (name for name in names if len(name) >= SHORTEST_NAME):
        said = Q(words__icontains=name) | Q(steps__note__icontains=name)
        _forget(beside.filter(said).values_list("pk", flat=True))


def _forget(runs: Collection[int]) -> None:
    keys = list(runs)
    PlaybookRun.objects.filter(pk__in=keys).update(words="")
    notes = RunStep.objects.filter(run__in=keys)
    notes.exclude(state=StepState.SKIPPED).update(note="")
    # That it says why is a constraint.
    notes.filter(state=StepState.SKIPPED).update(note="–")
