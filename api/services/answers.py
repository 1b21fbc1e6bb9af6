"""Answers that a program gives us: collected elsewhere, or corrected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from accounts.domain.imports.file_columns import ResponseRow
from accounts.models import Person
from accounts.queries.merges import kept_ids
from api.domain.special import plain
from api.domain.values import INVALID, Invalid
from api.models import Ask, Member
from api.services.asking import customer_in
from api.services.members import key_of
from surveys.services.answers.correct import correct_answer
from surveys.services.answers.import_rows import New, write_responses


@dataclass(frozen=True, slots=True)
class Answered:
    score: int
    comment: str
    properties: Mapping[str, str]
    at: dt.datetime


@transaction.atomic
def add_answer(
    member: Member, answered: Answered, *, now: dt.datetime, kept_id: int | None = None
) -> Ask:
    """Counted like any imported answer; nobody was mailed for it, so it takes no slot."""
    person = kept_ids([member.person_id])[member.person_id]
    alive = Person.objects.filter(pk=person, erased_at__isnull=True)
    if not list(alive.select_for_update(no_key=True).values_list("pk")):
        raise Invalid(person=INVALID)
    row = ResponseRow(
        email=member.email,
        score=answered.score,
        answered_at=answered.at,
        customer_id="",
        comment=answered.comment,
        language="",
        campaign=member.project.name,
        invited_at=None,
        response_id="",
        mail_key=key_of(member),
        attributes=plain(answered.properties),
    )
    [response] = write_responses([New(row, customer_in(answered.properties))], [], now=now)
    return Ask.objects.create(
        project=member.project,
        member=member,
        invitation=response.invitation,
        properties=dict(answered.properties),
        kept_id=kept_id,
    )


@dataclass(frozen=True, slots=True)
class Correction:
    """None: stays as it is."""

    score: int | None = None
    comment: str | None = None
    tags: str | None = None
    properties: Mapping[str, str] | None = None
    member: Member | None = None


@transaction.atomic
def change_answer(ask: Ask, change: Correction, *, now: dt.datetime) -> None:
    """Another member is whose answer it is to the project; in Koe it stays with who was asked."""
    response = ask.invitation.response
    ask.invitation.response = correct_answer(
        response,
        score=response.score if change.score is None else change.score,
        comment=response.comment if change.comment is None else change.comment,
        tags=response.tags if change.tags is None else change.tags,
        now=now,
    )
    if change.properties is not None:
        ask.properties = dict(change.properties)
    if change.member is not None:
        ask.member = change.member
    ask.save(update_fields=["properties", "member"])
