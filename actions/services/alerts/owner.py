"""Tells whose follow-up it is of an answer, else whose account; once."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from accounts.models import Customer, StaffUser
from actions.models import Delivery
from actions.queries.follow_ups.links import make_token
from actions.services.alerts.answers import context_of, facts_of, response_url
from actions.services.deliveries.mails import compose
from surveys.domain.answers.scoring import DETRACTOR_MAX


def mail(delivery: Delivery, now: dt.datetime) -> EmailMultiAlternatives | None:
    """As things are now: a better answer, or one set aside, is no news any more."""
    facts = facts_of(delivery.payload["response"], now=now)
    if facts is None or (facts.response.score > DETRACTOR_MAX and facts.follow_up is None):
        return None
    owner = facts.follow_up.owner if facts.follow_up else None
    reader = owner or _of_account(facts.customer)
    if reader is None or not reader.is_active:
        return None
    url = response_url(facts.response)
    if facts.follow_up is not None and owner is not None:
        url = settings.SITE_URL + reverse("actions:link", args=[make_token(facts.follow_up)])
    context = context_of(facts, reader=reader, url=url)
    return compose("follow_up", context, to=reader.email, reader=reader)


def _of_account(customer: Customer | None) -> StaffUser | None:
    """An import may name any address of the world: words of customers go to staff alone."""
    address = customer.owner_email if customer else ""
    return StaffUser.objects.filter(email__iexact=address).first() if address else None
