"""Reads for the responses page and its downloads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import and_
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from accounts.models import SegmentProfile
from surveys.domain.scoring import SCORES, category
from surveys.models import Response


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
    segments: Mapping[str, str] = field(default_factory=dict)


def responses(wanted: ResponseFilter) -> QuerySet[Response]:
    """Newest first, with all that a row of the list shows."""
    found = responses_of_all().filter(_conditions(wanted), suspect=wanted.suspect)
    if wanted.segments:
        found = found.filter(invitation__profile__in=_profiles(wanted.segments))
    return found


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
        (wanted.from_, Q(answered_at__gte=_midnight(wanted.from_))),
        (wanted.to, Q(answered_at__lt=_midnight(wanted.to, days=1))),
        (wanted.text, _contains(wanted.text)),
        (wanted.tag, Q(tags__icontains=wanted.tag)),
    ]
    return reduce(and_, (condition for asked, condition in conditions if asked), Q())


def _scores_of(name: str) -> list[int]:
    return [score for score in SCORES if category(score) == name]


def _contains(text: str) -> Q:
    """Every word somewhere: in the comment, the note, the name, the address or the customer."""
    condition = Q()
    for word in text.replace("\u3000", " ").split():
        condition &= (
            Q(comment__icontains=word)
            | Q(note__icontains=word)
            | Q(invitation__respondent__name__icontains=word)
            | Q(invitation__respondent__email__icontains=word)
            | Q(invitation__respondent__customer__name__icontains=word)
        )
    return condition


def _profiles(segments: Mapping[str, str]) -> Sequence[int]:
    profiles = SegmentProfile.objects.values_list("pk", "values")
    return [
        pk
        for pk, values in profiles.iterator(chunk_size=5000)
        if all(values.get(name, "") == value for name, value in segments.items())
    ]


def history_of(response: Response) -> QuerySet[Response]:
    """What the same person answered before and after, newest first."""
    person = response.invitation.person_id
    return responses_of_all().filter(invitation__person=person)


EXPORT_HEADER = [
    "answered_at", "score", "category", "comment", "name", "email", "customer_id", "customer",
    "role", "language", "campaign", "invited_at", "tags", "note", "response_id",
]  # fmt: skip


def export_rows(found: QuerySet[Response]) -> Iterator[list[Any]]:
    zone = ZoneInfo(settings.TIME_ZONE)
    for response in found.iterator(chunk_size=2000):
        invitation = response.invitation
        respondent, customer = invitation.respondent, invitation.respondent.customer
        yield [
            response.answered_at.astimezone(zone),
            response.score,
            category(response.score).value,
            response.comment,
            respondent.name,
            respondent.email,
            customer.customer_id if customer else "",
            customer.name if customer else "",
            respondent.role,
            invitation.language,
            invitation.campaign.slug,
            invitation.sent_at and invitation.sent_at.astimezone(zone),
            response.tags,
            response.note,
            response.response_id,
        ]


def _midnight(day: dt.date | None, *, days: int = 0) -> dt.datetime | None:
    """The first moment of the day, or of the one `days` later, in the organisation's zone."""
    if day is None:
        return None
    later = day + dt.timedelta(days=days)
    return dt.datetime.combine(later, dt.time(), tzinfo=ZoneInfo(settings.TIME_ZONE))
