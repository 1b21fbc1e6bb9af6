"""The balance of the follow-ups: no counted detractor answer is out of sight."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from actions.domain.follow_ups.states import Dismissal
from surveys.domain.answers.scoring import DETRACTOR_MAX
from surveys.models import Response

FIRST = 20


@dataclass(frozen=True, slots=True)
class Balance:
    """Counts of answers; `first`: the first ones that are nowhere, or in the wrong place."""

    detractors: int
    followed_up: int
    dismissed: int
    waiting: int
    faults: int
    first: tuple[int, ...]


_IN_ONE = Q(case__follow_up__isnull=False, case__dismissed="")
# A detractor is never held out: one that is would look decided on, and nobody had decided.
_HELD_OUT = Q(case__dismissed=Dismissal.HELD_OUT)
_DISMISSED = Q(case__follow_up__isnull=True, case__dismissed__gt="") & ~_HELD_OUT
_WAITING = Q(case__isnull=False, case__follow_up__isnull=True, case__dismissed="")
# An open one that is about another customer than the answer: nobody would find it there.
_ELSEWHERE = Q(case__follow_up__customer__isnull=False) & ~Q(
    case__follow_up__customer=F("invitation__respondent__customer")
)


def balance() -> Balance:
    answers = detractors()
    astray = Q(case__isnull=True) | _HELD_OUT | (_IN_ONE & _ELSEWHERE)
    found = answers.aggregate(
        detractors=Count("pk"),
        followed_up=Count("pk", filter=_IN_ONE & ~_ELSEWHERE),
        dismissed=Count("pk", filter=_DISMISSED),
        waiting=Count("pk", filter=_WAITING),
        faults=Count("pk", filter=astray),
    )
    first = answers.filter(astray).order_by("pk").values_list("pk", flat=True)[:FIRST]
    return Balance(**found, first=tuple(first))


def imbalance() -> list[str]:
    """What the nightly look says of it; nothing where all are somewhere."""
    found = balance()
    if not found.faults:
        return []
    answers = ", ".join(str(pk) for pk in found.first)
    return [f"{found.faults} detractor answers are in no follow-up and no list, first {answers}"]


def detractors() -> QuerySet[Response]:
    return Response.objects.counted().filter(score__lte=DETRACTOR_MAX)


def undecided() -> QuerySet[Response]:
    """Those that wait: no rule opened a follow-up and nobody has dismissed them."""
    return detractors().filter(_WAITING)
