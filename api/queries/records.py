"""What rows are in the Delighted dialect: every key is there, for Ruby calls it as a method."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from api.domain.permalink import permalink_token
from api.domain.values import seconds
from api.models import Ask, Member


def person_record(member: Any, *, with_address: bool = True) -> dict[str, Any]:
    """Of a member `with_moments`."""
    told = [at for at in (member.asked_at, member.last_sent_at) if at is not None]
    return {
        **person_brief(member, with_address=with_address),
        "last_sent_at": seconds(max(told, default=None)),
        "last_responded_at": seconds(member.answered_at),
        "next_survey_scheduled_at": seconds(member.next_at),
    }


def person_brief(member: Member, *, with_address: bool = True) -> dict[str, Any]:
    return {
        "id": member.shown_id,
        "email": (member.email or None) if with_address else None,
        "name": (member.name or None) if with_address else None,
        "created_at": seconds(member.created_at),
        "phone_number": (member.phone_number or None) if with_address else None,
    }


def answer_record(ask: Ask, person: object, *, origin: str, secret: str) -> dict[str, Any]:
    """`person`: the id, or the record where it was asked for."""
    response = ask.invitation.response
    token = permalink_token(ask.pk, secret=secret)
    note = {
        "id": ask.shown_id,
        "text": response.note,
        "user_email": None,
        "created_at": seconds(response.changed_at),
    }
    return {
        "id": ask.shown_id,
        "person": person,
        "survey_type": "nps",
        "score": response.score,
        "comment": response.comment or None,
        "permalink": origin + reverse("api:permalink", args=[token]),
        "created_at": seconds(response.answered_at),
        "updated_at": seconds(max(response.changed_at, response.answered_at)),
        "person_properties": ask.properties or None,
        "notes": [note] if response.note else [],
        "tags": [each.strip() for each in response.tags.split(",") if each.strip()],
        "additional_answers": [],
    }
