"""What goes of follow-ups when a person is erased: the words. They stay, as counts do."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from accounts.services.facts.erase import SHORTEST_NAME
from actions.domain.replies import ReplyState
from actions.models import AnswerCase, FollowUp, FollowUpEntry, Reply


def forget_follow_ups(persons: Collection[int], *, names: Collection[str]) -> None:
    """What was written of their answers, and what names them elsewhere at their customers."""
    answers = AnswerCase.objects.filter(response__invitation__person__in=persons)
    answers.update(note="")
    theirs = Q(respondent__person__in=persons) | Q(pk__in=answers.values("follow_up"))
    _forget(FollowUp.objects.filter(theirs))
    _forget_replies(Reply.objects.filter(respondent__person__in=persons))
    beside = FollowUp.objects.filter(customer__respondents__person__in=persons)
    for name in (name for name in names if len(name) >= SHORTEST_NAME):
        written = FollowUpEntry.objects.filter(follow_up__in=beside, text__icontains=name)
        _forget(FollowUp.objects.filter(pk__in=written.values("follow_up")))
        named = Q(text__icontains=name) | Q(subject__icontains=name)
        _forget_replies(Reply.objects.filter(named, follow_up__in=beside))


def _forget(found: QuerySet[FollowUp]) -> None:
    keys = list(found.values_list("pk", flat=True))
    FollowUpEntry.objects.filter(follow_up__in=keys).update(text="")
    FollowUp.objects.filter(pk__in=keys).update(outcome="")


def _forget_replies(found: QuerySet[Reply]) -> None:
    """What waits to be sent is not sent any more."""
    keys = list(found.values_list("pk", flat=True))
    rows = Reply.objects.filter(pk__in=keys)
    rows.filter(state=ReplyState.WAITING).update(state=ReplyState.FAILED)
    rows.update(to="", subject="", text="", answer="")
