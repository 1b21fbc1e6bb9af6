"""Reads for the responses page and its downloads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import and_

from django.db.models import Q, QuerySet

from accounts.domain.search import words_of
from accounts.models import Customer, Respondent
from accounts.queries.customers.owners import accounts_of
from accounts.queries.search import has_word
from surveys.domain.answers.scoring import SCORES, category
from surveys.models import Invitation, Response
from surveys.queries.answers.satisfaction import gave_satisfaction
from surveys.queries.calendar.days import midnight
from surveys.queries.segments import in_segments


@dataclass(frozen=True)
class ResponseFilter:
    """What to show; an empty field asks for nothing. `to` is inclusive."""

    category: str = ""
    score: int | None = None
    campaign: str = ""
    language: str = ""
    has_comment: bool = False
    from_: dt.date | None = None
    to: dt.date | None = None
    text: str = ""
    tag: str = ""
    suspect: bool = False
    # Steps of the scale of satisfaction, any of them.
    satisfaction: Sequence[str] | None = None
    # The address of the CS member whose accounts alone are shown.
    owner: str = ""
    # Whether the text is looked for in addresses, too.
    by_address: bool = True
    # Dimension to the values frozen on the invitation, any of them.
    segments: Mapping[str, Sequence[str]] = field(default_factory=dict)


def responses(wanted: ResponseFilter) -> QuerySet[Response]:
    """Newest first."""
    # Apart and first: what was set aside is little, and its text alone is then searched.
    found = responses_of_all().filter(suspect=wanted.suspect).filter(_conditions(wanted))
    if wanted.segments:
        found = found.filter(in_segments(wanted.segments, profile="invitation__profile"))
    return found


def set_aside(wanted: ResponseFilter) -> int:
    """How many the same search finds among those set aside as suspect."""
    return responses(replace(wanted, suspect=True)).count()


def responses_of_all() -> QuerySet[Response]:
    return Response.objects.with_category().select_related(
        "invitation__campaign", "invitation__respondent__customer", "invitation__person"
    )


def _conditions(wanted: ResponseFilter) -> Q:
    """The conditions of the fields that ask for something."""
    conditions = [
        (wanted.category, Q(score__in=_scores_of(wanted.category))),
        (wanted.score is not None, Q(score=wanted.score)),
        (wanted.campaign, Q(invitation__campaign__slug=wanted.campaign)),
        (wanted.language, Q(invitation__language=wanted.language)),
        (wanted.has_comment, ~Q(comment="")),
        (wanted.from_, Q(answered_at__gte=midnight(wanted.from_))),
        (wanted.to, Q(answered_at__lt=midnight(wanted.to, days=1))),
        (wanted.text, _contains(wanted.text, also=["email"] if wanted.by_address else [])),
        (wanted.owner, Q(invitation__respondent__customer__in=accounts_of(wanted.owner))),
        (wanted.tag, Q(tags__icontains=wanted.tag)),
    ]
    found = reduce(and_, (condition for asked, condition in conditions if asked), Q())
    # Reads the campaigns' questions, so only where it is asked for.
    return found & gave_satisfaction(wanted.satisfaction) if wanted.satisfaction else found


def _scores_of(name: str) -> list[int]:
    return [score for score in SCORES if category(score) == name]


def _contains(text: str, *, also: Sequence[str]) -> Q:
    """Every word somewhere: in the comment, the note, the name, the customer or `also`."""
    condition = Q()
    for word in words_of(text):
        customers = Customer.objects.filter(has_word(word, fields=["name"]))
        people = Respondent.objects.filter(
            has_word(word, fields=["name", *also]) | Q(customer__in=customers)
        )
        asked = Invitation.objects.filter(respondent__in=people)
        condition &= has_word(word, fields=["comment", "note"]) | Q(invitation__in=asked)
    return condition


def page_rows(ids: Sequence[int]) -> list[Response]:
    """The responses of a page, in its order, with all that a row of the list shows."""
    rows = {row.pk: row for row in responses_of_all().filter(pk__in=ids)}
    return [rows[pk] for pk in ids if pk in rows]


def history_of(response: Response) -> QuerySet[Response]:
    """What the same person answered before and after, newest first."""
    person = response.invitation.person_id
    return responses_of_all().filter(invitation__person=person)
