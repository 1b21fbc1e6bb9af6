"""Notifies the owner of a customer of a detractor there."""

from __future__ import annotations

import datetime as dt
from email.charset import QP, Charset

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from accounts.models import Customer, StaffUser
from surveys.domain.answers.scanners import BURST_WINDOW
from surveys.domain.answers.scoring import DETRACTOR_MAX
from surveys.domain.reasons import InvitationReason
from surveys.domain.wording import header_safe
from surveys.models import Response

# Later than this the news is old; a response imported from elsewhere never counts as news.
NEWS = dt.timedelta(days=2)
HAS_OWNER = Q(invitation__respondent__customer__owner_email__gt="")
# Django's own choice is raw 8-bit text where lines are short, which relays may change.
SEVEN_BIT = Charset("utf-8")
SEVEN_BIT.body_encoding = QP


def notify_detractor(response_id: int, *, now: dt.datetime) -> bool:
    """Mail the customer's owner once per response; claimed first, so that it is never twice."""
    due = Response.objects.counted().filter(
        pk=response_id, owner_told_at__isnull=True, score__lte=DETRACTOR_MAX
    )
    if not due.filter(HAS_OWNER).exists():
        return False
    if not due.update(owner_told_at=now):
        return False
    response = Response.objects.select_related("invitation__respondent__customer").get(
        pk=response_id
    )
    customer = response.invitation.respondent.customer
    if customer is None or not customer.owner_email:
        return False  # Changed since it was looked up.
    _message(response, customer).send()
    return True


def notify_due(*, now: dt.datetime) -> int:
    """What no task has told yet: without a gesture, or forgotten by the broker."""
    due = (
        Response.objects.counted()
        .filter(answered_at__gt=now - NEWS, changed_at__lte=now - BURST_WINDOW)
        .filter(owner_told_at__isnull=True, score__lte=DETRACTOR_MAX, response_id__isnull=True)
        .exclude(invitation__reason=InvitationReason.IMPORTED)
        .filter(HAS_OWNER)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    return sum(notify_detractor(pk, now=now) for pk in list(due[:200]))


def _message(response: Response, customer: Customer) -> EmailMessage:
    owner = StaffUser.objects.filter(email__iexact=customer.owner_email).first()
    language = (owner.language if owner else "") or settings.LANGUAGE_CODE
    path = reverse("surveys:response-detail", args=[response.pk])
    context = {
        "response": response,
        "customer": customer,
        "respondent": response.invitation.respondent,
        "url": settings.SITE_URL + path,
    }
    with translation.override(language):
        subject = header_safe(render_to_string("emails/detractor/subject.txt", context))
        body = render_to_string("emails/detractor/body.txt", context)
    message = EmailMessage(
        subject,
        body,
        to=[customer.owner_email],
        headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
    )
    message.encoding = SEVEN_BIT
    return message
