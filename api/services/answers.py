"""Answers that a program or a file gives us: collected elsewhere, or corrected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from accounts.domain.imports.file_columns import ResponseRow
from api.domain.special import plain
from api.domain.values import INVALID, Invalid
from api.models import Ask, Member, Project
from api.services.asking import customer_in
from api.services.members import held, key_of
from api.services.webhooks.facts import answer_corrected, answer_given
from surveys.models import Invitation, Response
from surveys.services.answers.correct import correct_answer
from surveys.services.answers.import_rows import New, write_responses


@dataclass(frozen=True, slots=True)
class Answered:
    score: int
    comment: str
    properties: Mapping[str, str]
    at: dt.datetime
    tags: str = ""
    kept_id: int | None = None
    customer: int | None = None


@transaction.atomic
def add_answer(member: Member, answered: Answered, *, now: dt.datetime) -> Ask:
    if not held(member):
        raise Invalid(person=INVALID)
    named = replace(answered, customer=customer_in(answered.properties))
    [ask] = write_answers(member.project, [(member, named)], now=now)
    answer_given(ask, now=now)
    return ask


def write_answers(
    project: Project, given: Sequence[tuple[Member, Answered]], *, now: dt.datetime
) -> list[Ask]:
    """Counted like any imported answer; nobody was mailed for it, so it takes no slot."""
    new = [New(_row(project, member, each), each.customer) for member, each in given]
    responses = write_responses(new, [], now=now)
    tagged = []
    for response, (_, each) in zip(responses, given, strict=True):
        if each.tags:
            response.tags = each.tags
            tagged.append(response)
    Response.objects.bulk_update(tagged, ["tags"])
    return Ask.objects.bulk_create(
        Ask(
            project=project,
            member=member,
            invitation=response.invitation,
            properties=dict(each.properties),
            kept_id=each.kept_id,
        )
        for response, (member, each) in zip(responses, given, strict=True)
    )


def _row(project: Project, member: Member, answered: Answered) -> ResponseRow:
    return ResponseRow(
        email=member.email,
        score=answered.score,
        answered_at=answered.at,
        customer_id="",
        comment=answered.comment,
        language="",
        campaign=project.name,
        invited_at=None,
        response_id="",
        mail_key=key_of(member.email, member.phone_number),
        attributes=plain(answered.properties),
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
    # Read once held: what is not given stays as a customer may just have changed it.
    invitation = Invitation.objects.select_for_update(no_key=True).get(pk=ask.invitation_id)
    response = invitation.response
    ask.invitation.response = correct_answer(
        response,
        score=response.score if change.score is None else change.score,
        comment=response.comment if change.comment is None else change.comment,
        tags=response.tags if change.tags is None else change.tags,
        now=now,
    )
    given = {"properties": change.properties, "member": change.member}
    changed = {name: value for name, value in given.items() if value is not None}
    for name, value in changed.items():
        setattr(ask, name, value)
    ask.save(update_fields=changed)
    answer_corrected(ask, now=now)
