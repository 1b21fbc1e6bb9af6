"""Everything a batch needs to know, read in a handful of queries whatever its size."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, F, OuterRef

from accounts.domain.contactability import SuppressionReason, strongest
from accounts.models import Customer, Suppression
from accounts.services.segments import current_attributes, profile_ids
from surveys import emails
from surveys.domain.eligibility import Reason
from surveys.domain.states import CLAIMABLE
from surveys.models import Attempt, Campaign, Invitation
from surveys.services.claiming import Mail

SUPPRESSION_REASONS = {
    SuppressionReason.OPTED_OUT: Reason.OPTED_OUT,
    SuppressionReason.COMPLAINED: Reason.COMPLAINED,
    SuppressionReason.BOUNCED: Reason.BOUNCED,
    SuppressionReason.MANUAL: Reason.SUPPRESSED,
}
# Only these: turning a row's dates and JSON into objects costs as much as its SMTP conversation.
NEEDED = (
    *("campaign_id", "person_id", "public_id", "state", "email", "language", "message_id"),
    *("attempts_made", "claimed_at", "created_at", "respondent__customer_id"),
    *("respondent__email", "respondent__name", "respondent__role", "respondent__language"),
    *("respondent__time_zone", "respondent__attributes"),
)


@dataclass(frozen=True, slots=True)
class Unmailable:
    invitation: Invitation
    kind: Attempt.Kind
    reason: Reason


def read_mails(
    invitation_ids: Iterable[int], *, kind: Attempt.Kind, now: dt.datetime
) -> list[Mail | Unmailable]:
    """The mails that are still to be sent, in the order of their ids.

    Always in that order: two workers with the same batch then wait for each other's rows in one
    direction only.
    """
    waiting = "state__in" if kind is Attempt.Kind.SURVEY else "reminder_state__in"
    found = Invitation.objects.filter(pk__in=list(invitation_ids), **{waiting: CLAIMABLE})
    suppressed = Suppression.objects.active().filter(person=OuterRef("person"))
    facts = found.annotate(erased_at=F("person__erased_at"), suppressed=Exists(suppressed))
    rows = list(facts.select_related("respondent").only(*NEEDED).order_by("pk"))
    campaigns = Campaign.objects.in_bulk({row.campaign_id for row in rows})
    customer_ids = {row.respondent.customer_id for row in rows} - {None}
    customers = Customer.objects.in_bulk(customer_ids)
    for row in rows:
        row.campaign = campaigns[row.campaign_id]
        row.respondent.customer = customers.get(row.respondent.customer_id)
    unmailable = dict(_unmailable(rows, now=now))
    fit = [row for row in rows if row.pk not in unmailable]
    mails = {mail.invitation.pk: mail for mail in _mails(fit, kind=kind, now=now)}
    return [mails.get(row.pk) or Unmailable(row, kind, unmailable[row.pk]) for row in rows]


def _unmailable(rows: Sequence[Any], *, now: dt.datetime) -> Iterator[tuple[int, Reason]]:
    speaking_against = {row.person_id for row in rows if row.suppressed}
    suppressed = suppression_reasons(speaking_against) if speaking_against else {}
    today = _day(now)
    for row in rows:
        customer = row.respondent.customer
        gone = customer.churned_on if customer else None
        if row.erased_at:
            yield row.pk, Reason.ERASED
        elif gone and gone <= today:
            yield row.pk, Reason.CHURNED_CUSTOMER
        elif row.person_id in suppressed:
            yield row.pk, suppressed[row.person_id]
        elif not row.respondent.email:
            yield row.pk, Reason.NO_ADDRESS


def suppression_reasons(person_ids: Iterable[int]) -> dict[int, Reason]:
    found: dict[int, list[SuppressionReason]] = {}
    rows = Suppression.objects.active().filter(person__in=list(person_ids))
    for person_id, reason in rows.values_list("person_id", "reason"):
        found.setdefault(person_id, []).append(SuppressionReason(reason))
    known = ((person_id, strongest(reasons)) for person_id, reasons in found.items())
    return {person_id: SUPPRESSION_REASONS[reason] for person_id, reason in known if reason}


def _day(now: dt.datetime) -> dt.date:
    return now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def _mails(rows: Sequence[Invitation], *, kind: Attempt.Kind, now: dt.datetime) -> Iterator[Mail]:
    if kind is Attempt.Kind.REMINDER:
        yield from _reminders(rows)
        return
    attributes = current_attributes([row.respondent for row in rows], day=_day(now))
    for row, values, profile_id in zip(rows, attributes, profile_ids(attributes), strict=True):
        row.email = row.respondent.email
        row.message_id = emails.first_message_id(row)
        yield Mail(
            invitation=row,
            kind=kind,
            number=row.attempts_made + 1,
            email=row.email,
            domain=domain_of(row.email),
            attributes=json.dumps(values, ensure_ascii=False),
            profile_id=profile_id,
        )


def _reminders(rows: Sequence[Invitation]) -> Iterator[Mail]:
    earlier = Attempt.objects.filter(invitation__in=rows, kind=Attempt.Kind.REMINDER)
    made = Counter(earlier.values_list("invitation_id", flat=True))
    for row in rows:
        # The address that was asked is reminded, even if the respondent has another one now.
        email = row.email or row.respondent.email
        yield Mail(
            invitation=row,
            kind=Attempt.Kind.REMINDER,
            number=made[row.pk] + 1,
            email=email,
            domain=domain_of(email),
            attributes="",
            profile_id=None,
        )


def domain_of(email: str) -> str:
    return email.rpartition("@")[2].lower()[:255]
