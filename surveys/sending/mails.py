"""Everything a batch needs to know, read in a handful of queries whatever its size.

No model instances: making them costs as much as their SMTP conversation.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef

from accounts.domain.segments import UNKNOWN, tenure_on
from accounts.models import Customer, Suppression
from accounts.queries.merges import families_of
from accounts.queries.money.completeness import looks_incomplete_for_sending
from accounts.queries.money.currency import conversion_for_sending
from accounts.queries.money.revenue import mrr_known_on
from accounts.services.segments import known_attributes, profile_ids
from surveys.domain.eligibility import keeps_from_mail
from surveys.domain.reasons import InvitationReason
from surveys.domain.states import CLAIMABLE
from surveys.models import Attempt, Campaign, Invitation
from surveys.sending.breakers.domains import NOBODY
from surveys.sending.messages.emails import Recipient, first_message_id

_as_json = json.JSONEncoder(ensure_ascii=False).encode


class Key(NamedTuple):
    """One attempt."""

    invitation_id: int
    kind: str
    number: int


@dataclass(slots=True)
class Mail:
    """One mail to be claimed: what is frozen on the invitation and on its attempt."""

    invitation_id: int
    campaign: Campaign
    person_id: int
    kind: Attempt.Kind
    number: int
    recipient: Recipient
    domain: str
    # All ids under which the person is known, by what was merged when this was read.
    family: tuple[int, ...] = ()
    # Frozen by a survey's claim; a reminder leaves them as they are.
    attributes: str = ""
    profile_id: int | None = None
    # Those whose breaker the claim must find closed.
    domains: tuple[str, str] = (NOBODY, NOBODY)
    key: Key = field(init=False)

    def __post_init__(self) -> None:
        self.key = Key(self.invitation_id, self.kind.value, self.number)

    @property
    def is_of_merged(self) -> bool:
        return len(self.family) > 1


class _Row(NamedTuple):
    id: int
    campaign_id: int
    person_id: int
    public_id: str
    language: str
    # The address that was asked before; empty until the first claim.
    email: str
    message_id: str
    attempts_made: int
    customer_id: int | None
    address: str
    name: str
    role: str
    own_language: str
    attributes: dict[str, Any]
    sent_at: dt.datetime | None
    erased_at: dt.datetime | None
    suppressed: bool


class _Customer(NamedTuple):
    name: str
    attributes: Mapping[str, Any]
    churned_on: dt.date | None
    started_on: dt.date | None


COLUMNS = (
    *("id", "campaign_id", "person_id", "public_id", "language", "email", "message_id"),
    *("attempts_made", "respondent__customer_id", "respondent__email", "respondent__name"),
    *("respondent__role", "respondent__language", "respondent__attributes"),
    *("sent_at", "person__erased_at", "suppressed"),
)
_NOBODYS = _Customer("", {}, None, None)
Customers = Mapping[int | None, _Customer]


@dataclass(frozen=True, slots=True)
class Unmailable:
    invitation_id: int
    kind: Attempt.Kind
    reason: InvitationReason


def read_mails(
    invitation_ids: Iterable[int], *, kind: Attempt.Kind, now: dt.datetime
) -> list[Mail | Unmailable]:
    """The mails that are still to be sent, in the order of their ids.

    Always in that order: two workers with the same batch then wait for each other's rows in one
    direction only.
    """
    rows = _rows(invitation_ids, kind=kind)
    campaigns = Campaign.objects.in_bulk({row.campaign_id for row in rows})
    customers = _customers({row.customer_id for row in rows} - {None})
    unmailable = dict(_unmailable(rows, campaigns, customers, now=now))
    if kind is Attempt.Kind.REMINDER:
        unmailable |= dict(_closed(rows, campaigns, now=now))
    fit = [row for row in rows if row.id not in unmailable]
    if kind is Attempt.Kind.REMINDER:
        written = _reminders(fit, campaigns, customers)
    else:
        written = _surveys(fit, campaigns, customers, now=now)
    mails = {mail.invitation_id: mail for mail in written}
    families = families_of({mail.person_id for mail in mails.values()})
    for mail in mails.values():
        mail.family = families[mail.person_id]
    return [mails.get(row.id) or Unmailable(row.id, kind, unmailable[row.id]) for row in rows]


def _rows(invitation_ids: Iterable[int], *, kind: Attempt.Kind) -> list[_Row]:
    waiting = "state__in" if kind is Attempt.Kind.SURVEY else "reminder_state__in"
    found = Invitation.objects.filter(pk__in=list(invitation_ids), **{waiting: CLAIMABLE})
    suppressed = Suppression.objects.active().filter(person=OuterRef("person"))
    facts = found.annotate(suppressed=Exists(suppressed)).order_by("pk")
    return [_Row(*each) for each in facts.values_list(*COLUMNS)]


def _customers(ids: Iterable[int | None]) -> Customers:
    found = Customer.objects.filter(pk__in=list(ids))
    rows = found.values_list("pk", "name", "attributes", "churned_on", "started_on")
    return {pk: _Customer(*about) for pk, *about in rows}


def _unmailable(
    rows: Sequence[_Row],
    campaigns: Mapping[int, Campaign],
    customers: Customers,
    *,
    now: dt.datetime,
) -> Iterator[tuple[int, InvitationReason]]:
    persons = {row.person_id for row in rows if row.suppressed}
    suppressed = Suppression.objects.active().filter(person__in=persons).strongest()
    today = _day(now)
    for row in rows:
        gone = customers.get(row.customer_id, _NOBODYS).churned_on
        is_gone = gone is not None and gone <= today
        asks_former = campaigns[row.campaign_id].asks_former
        reason = keeps_from_mail(
            erased=row.erased_at is not None,
            customer_churned=is_gone and not asks_former,
            has_address=bool(row.address),
            suppression=suppressed.get(row.person_id),
        )
        if reason is None and asks_former and not is_gone:
            reason = InvitationReason.CAME_BACK
        if reason is not None:
            yield row.id, reason


def _closed(
    rows: Sequence[_Row], campaigns: Mapping[int, Campaign], *, now: dt.datetime
) -> Iterator[tuple[int, InvitationReason]]:
    """Put off until the link in the mail leads nowhere any more."""
    for row in rows:
        open_for = dt.timedelta(days=campaigns[row.campaign_id].expires_after_days)
        if row.sent_at and row.sent_at + open_for <= now:
            yield row.id, InvitationReason.TOO_LATE


def _day(now: dt.datetime) -> dt.date:
    return now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def _surveys(
    rows: Sequence[_Row],
    campaigns: Mapping[int, Campaign],
    customers: Customers,
    *,
    now: dt.datetime,
) -> Iterator[Mail]:
    day = _day(now)
    mrr = mrr_known_on(
        customers,
        day=day,
        known=conversion_for_sending,
        is_incomplete=looks_incomplete_for_sending,
    )
    values = [_attributes(row, customers, mrr=mrr, day=day) for row in rows]
    texts = [_as_json(each) for each in values]
    # Respondents of one customer mostly share their values.
    different = dict(zip(texts, values, strict=True))
    profiles = dict(zip(different, profile_ids(different.values()), strict=True))
    for row, text in zip(rows, texts, strict=True):
        yield Mail(
            invitation_id=row.id,
            campaign=campaigns[row.campaign_id],
            person_id=row.person_id,
            kind=Attempt.Kind.SURVEY,
            number=row.attempts_made + 1,
            recipient=_recipient(row, row.address, customers),
            domain=domain_of(row.address),
            attributes=text,
            profile_id=profiles[text],
        )


def _reminders(
    rows: Sequence[_Row], campaigns: Mapping[int, Campaign], customers: Customers
) -> Iterator[Mail]:
    ids = [row.id for row in rows]
    earlier = Attempt.objects.filter(invitation__in=ids, kind=Attempt.Kind.REMINDER)
    made = Counter(earlier.values_list("invitation_id", flat=True))
    for row in rows:
        # The address that was asked is reminded, even if the respondent has another one now.
        email = row.email or row.address
        yield Mail(
            invitation_id=row.id,
            campaign=campaigns[row.campaign_id],
            person_id=row.person_id,
            kind=Attempt.Kind.REMINDER,
            number=made[row.id] + 1,
            recipient=_recipient(row, email, customers),
            domain=domain_of(email),
        )


def _attributes(
    row: _Row, customers: Customers, *, mrr: Mapping[int | None, str], day: dt.date
) -> dict[str, Any]:
    customer = customers.get(row.customer_id, _NOBODYS)
    return known_attributes(
        customer.attributes,
        row.attributes,
        role=row.role,
        language=row.own_language,
        mrr=mrr.get(row.customer_id, UNKNOWN),
        tenure=tenure_on(day, customer.started_on),
    )


def _recipient(row: _Row, address: str, customers: Customers) -> Recipient:
    return Recipient(
        public_id=row.public_id,
        language=row.language,
        address=address,
        name=row.name,
        customer=customers.get(row.customer_id, _NOBODYS).name,
        message_id=row.message_id or first_message_id(row.public_id),
    )


def domain_of(email: str) -> str:
    return email.rpartition("@")[2].lower()[:255]
