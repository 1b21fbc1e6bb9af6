"""Tells whose follow-up it is of an answer; once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from email.charset import QP, Charset
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import StaffUser
from actions.models import AnswerCase
from actions.queries.follow_ups.links import make_token
from actions.queries.follow_ups.listing import rows_of
from surveys.domain.answers.scanners import BURST_WINDOW
from surveys.domain.answers.scoring import DETRACTOR_MAX
from surveys.domain.reasons import InvitationReason
from surveys.domain.wording import header_safe
from surveys.models import Response

# Later than this the news is old; a response imported from elsewhere never counts as news.
NEWS = dt.timedelta(days=2)
AT_ONCE = 200
EARLIER_SHOWN = 3
HAS_READER = Q(invitation__respondent__customer__owner_email__gt="") | Q(
    case__follow_up__owner__isnull=False
)
IS_NEWS = Q(score__lte=DETRACTOR_MAX) | Q(case__follow_up__isnull=False)
# Django's own choice is raw 8-bit text where lines are short, which relays may change.
SEVEN_BIT = Charset("utf-8")
SEVEN_BIT.body_encoding = QP


def alert_owner(response_id: int, *, now: dt.datetime) -> bool:
    """Once per response; claimed before the e-mail, so that it is never two."""
    if not Response.objects.counted().filter(IS_NEWS, HAS_READER, pk=response_id).exists():
        return False
    claimed = Response.objects.filter(pk=response_id, owner_told_at__isnull=True)
    if not claimed.update(owner_told_at=now):
        return False
    response = Response.objects.select_related(
        "invitation__respondent__customer", "case__follow_up__owner"
    ).get(pk=response_id)
    return _send(response, now=now)


def alert_due(*, now: dt.datetime) -> int:
    """What no task has told yet: without a gesture, or forgotten by the broker."""
    due = (
        Response.objects.counted()
        .filter(IS_NEWS, answered_at__gt=now - NEWS, changed_at__lte=now - BURST_WINDOW)
        .filter(owner_told_at__isnull=True, response_id__isnull=True)
        .exclude(invitation__reason=InvitationReason.IMPORTED)
        .filter(HAS_READER)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    return sum(alert_owner(pk, now=now) for pk in list(due[:AT_ONCE]))


def _send(response: Response, *, now: dt.datetime) -> bool:
    """To who has the follow-up, else to the address that the account's owner has."""
    customer = response.invitation.respondent.customer
    case: AnswerCase | None = getattr(response, "case", None)
    follow_up = case.follow_up if case else None
    owner = follow_up.owner if follow_up else None
    address = owner.email if owner else customer.owner_email if customer else ""
    if not address:
        return False  # Changed since it was looked up.
    reader = owner or StaffUser.objects.filter(email__iexact=address).first()
    if follow_up is not None and owner is not None:
        path = reverse("actions:link", args=[make_token(follow_up)])
    else:
        path = reverse("surveys:response-detail", args=[response.pk])
    context = {
        "response": response,
        "customer": customer,
        "respondent": response.invitation.respondent,
        "follow_up": follow_up,
        "row": rows_of([follow_up], now=now)[0] if follow_up else None,
        "earlier": _earlier(response),
        "days_to_renewal": _days_to(customer.renews_on if customer else None, now=now),
        "url": settings.SITE_URL + path,
    }
    send_alert("follow_up", context, to=address, reader=reader)
    return True


def _earlier(response: Response) -> Sequence[Response]:
    """The last answers of the account, else of the person."""
    respondent = response.invitation.respondent
    same: dict[str, Any] = {"invitation__person": response.invitation.person_id}
    if respondent.customer_id is not None:
        same = {"invitation__respondent__customer": respondent.customer_id}
    found = Response.objects.counted().filter(**same).exclude(pk=response.pk)
    return list(found.select_related("invitation__respondent")[:EARLIER_SHOWN])


def _days_to(day: dt.date | None, *, now: dt.datetime) -> int | None:
    return None if day is None else (day - timezone.localdate(now)).days


def send_alert(name: str, context: dict[str, Any], *, to: str, reader: StaffUser | None) -> None:
    """As text and as HTML, in the reader's language."""
    language = (reader.language if reader else "") or settings.LANGUAGE_CODE
    with translation.override(language):
        subject = header_safe(render_to_string(f"emails/{name}/subject.txt", context))
        body = render_to_string(f"emails/{name}/body.txt", context)
        page = render_to_string(f"emails/{name}/body.html", context)
    message = EmailMultiAlternatives(
        subject,
        body,
        to=[to],
        headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
    )
    message.encoding = SEVEN_BIT
    message.attach_alternative(page, "text/html")
    message.send()
