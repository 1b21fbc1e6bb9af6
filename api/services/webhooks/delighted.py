"""What Delighted told of an event, in its words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from actions.domain.deliveries.notes import Note
from api.domain.events import DELIGHTED
from api.domain.events import Event as Name
from api.domain.values import seconds
from api.models import Ask, Event, Member, Subscription
from api.queries.records import answer_record, person_brief


def note(event: Event, subscription: Subscription, payload: Mapping[str, Any]) -> Note | None:
    """None where the project no longer knows what it was about."""
    name = DELIGHTED.get(Name(event.name))
    if name is None or subscription.project is None:
        return None
    if "person" in event.about:
        data = _unsubscribed(event, payload)
    else:
        data = _answer(event, subscription)
    return Note(title=name, data=data, event=name) if data is not None else None


def _answer(event: Event, subscription: Subscription) -> dict[str, Any] | None:
    asks = Ask.objects.filter(project=subscription.project, member__deleted_at=None).answered()
    mine = asks.filter(invitation__response=event.about["response"])
    ask = mine.select_related("member", "invitation__response").first()
    if ask is None:
        return None
    person = person_brief(ask.member)
    record = answer_record(ask, person, origin=settings.SITE_URL, secret=settings.SECRET_KEY)
    return record if subscription.with_comments else record | {"comment": None, "notes": []}


def _unsubscribed(event: Event, payload: Mapping[str, Any]) -> dict[str, Any] | None:
    """As a row of the list of them."""
    member = Member.objects.filter(pk=payload["member"], deleted_at=None).first()
    if member is None:
        return None
    return {
        "person_id": member.shown_id,
        "email": member.email or None,
        "name": member.name or None,
        "unsubscribed_at": seconds(event.at),
    }
