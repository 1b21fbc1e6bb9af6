"""The people of a project: made and changed by a program, and deleted by it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from accounts.domain.access.audit import AuditAction
from accounts.domain.contactability import SuppressionReason
from accounts.domain.mail_key import AddressError, clean_address, mail_key
from accounts.models import Person, Respondent
from accounts.queries.merges import kept_ids, members_of
from accounts.services.access.audit import record_event
from accounts.services.people import erased_persons, find_persons, persons_for
from accounts.services.suppression import suppress
from api.domain.values import BLANK, INVALID, Invalid
from api.models import ApiKey, Ask, Member, Membership, Project
from api.models.people import MemberQuerySet
from api.queries.members import by_email, by_phone
from surveys.models import Invitation
from surveys.services.campaigns.withdraw import withdraw
from surveys.services.people.erase import erase_person, forget_answers
from surveys.services.slots import merge_persons

FORGOTTEN = "belongs to somebody who was erased"
TAKEN = "has already been taken"


@dataclass(frozen=True, slots=True)
class Given:
    """What is told of somebody; None: nothing."""

    email: str = ""
    phone_number: str = ""
    name: str | None = None
    last_sent_at: dt.datetime | None = None
    email_update: str = ""
    phone_number_update: str = ""


@transaction.atomic
def save_member(
    project: Project, given: Given, *, now: dt.datetime, known: Member | None = None
) -> Member:
    """The one of that address, else of that phone number, made where there is none."""
    member = known or _known(project, given) or _make(project, given, now=now)
    changed = {
        "phone_number": given.phone_number_update or (given.phone_number if given.email else ""),
        "last_sent_at": given.last_sent_at,
        "name": given.name,
    }
    for field, value in changed.items():
        if value:
            setattr(member, field, value)
    email = given.email_update or (given.email if known or not member.email else "")
    if email and address_of(email).lower() != member.email_key:
        _move(member, address_of(email), now=now)
    _refuse_taken(member)
    member.save()
    return member


def address_of(email: str, field: str = "email") -> str:
    if not email:
        raise Invalid(**{field: BLANK})
    try:
        return clean_address(email)
    except AddressError:
        raise Invalid(**{field: INVALID}) from None


def key_of(email: str, phone_number: str) -> str:
    """Of the person behind: a phone number alone is no mailbox, and nobody is mailed there."""
    return mail_key(email) if email else f"tel:{phone_number}"


def held(member: Member) -> bool:
    """Locks the person as an erasure does: each sees what the one before left. False if erased."""
    person = kept_ids([member.person_id])[member.person_id]
    alive = Person.objects.filter(pk=person, erased_at__isnull=True)
    return bool(list(alive.select_for_update(no_key=True).values_list("pk")))


def _known(project: Project, given: Given) -> Member | None:
    if given.email and (found := by_email(project, address_of(given.email))):
        return found
    found = by_phone(project, given.phone_number)
    return None if found and given.email and found.email else found


def _make(project: Project, given: Given, *, now: dt.datetime) -> Member:
    email = address_of(given.email) if given.email or not given.phone_number else ""
    key = key_of(email, given.phone_number)
    _refuse_erased(project, key)
    person = persons_for([key])[key]
    told = {"person_id": person, "created_at": now}
    if email:
        told |= {"email": email}
        return Member.objects.get_or_create(
            project=project, email_key=email.lower(), defaults=told
        )[0]
    number = given.phone_number
    return Member.objects.get_or_create(project=project, phone_number=number, defaults=told)[0]


def _move(member: Member, email: str, *, now: dt.datetime) -> None:
    """The person they were goes by the new address, too, unless that is known as somebody's."""
    key = mail_key(email)
    _refuse_erased(member.project, key)
    known = find_persons([key]).get(key)
    if known is None:
        added = Person.objects.get(pk=persons_for([key])[key])
        merge_persons(member.person, added, now=now, by=None)
    else:
        member.person_id = known
    named = Respondent.objects.filter(person=member.person_id, email__iexact=member.email)
    named.update(email=email)
    member.email, member.email_key = email, email.lower()


def _refuse_erased(project: Project, key: str) -> None:
    """Whom the project itself deleted it may name again; nobody is mailed for it."""
    for person in erased_persons([key]).values():
        mine = Member.objects.filter(project=project, person__in=members_of([person]))
        if not mine.filter(deleted_at__isnull=False).exists():
            raise Invalid(email=FORGOTTEN)


def _refuse_taken(member: Member) -> None:
    others = Member.objects.filter(project=member.project).exclude(pk=member.pk)
    if member.email_key and others.filter(email_key=member.email_key).exists():
        raise Invalid(email=TAKEN)
    if member.phone_number and others.filter(phone_number=member.phone_number).exists():
        raise Invalid(phone_number=TAKEN)


@transaction.atomic
def delete_member(member: Member, *, key: ApiKey, now: dt.datetime) -> None:
    """Who is known to this project alone is erased, as on the page; else its own part is."""
    withdraw(Invitation.objects.filter(ask__member=member), now=now)
    forget_answers(Q(invitation__ask__member=member))
    mine = Member.objects.filter(pk=member.pk)
    forget(mine)
    if not _is_known_elsewhere(member):
        erase_person(Person.objects.get(pk=member.person_id), by=None, now=now)
    mine.update(deleted_at=now)
    _note(AuditAction.API_PERSON_DELETE, member, key=key, now=now)


def forget(members: MemberQuerySet) -> None:
    """Without name and address; who they are to Koe stays."""
    Ask.objects.filter(member__in=members).update(properties={})
    Membership.objects.filter(member__in=members).delete()
    members.update(email="", email_key="", name="", phone_number="")


@transaction.atomic
def withdraw_pending(member: Member, *, now: dt.datetime) -> int:
    return withdraw(Invitation.objects.filter(ask__member=member), now=now)


@transaction.atomic
def unsubscribe(project: Project, email: str, *, key: ApiKey, now: dt.datetime) -> None:
    """As the link in an e-mail does it: for all surveys. Twice changes nothing."""
    given = Given(email=address_of(email, "person_email"))
    member = save_member(project, given, now=now)
    suppress(member.person, SuppressionReason.OPTED_OUT, now=now, source=f"API key {key.shown}")
    _note(AuditAction.API_UNSUBSCRIBE, member, key=key, now=now)


def _note(action: AuditAction, member: Member, *, key: ApiKey, now: dt.datetime) -> None:
    target = f"person {member.person_id}"
    record_event(action, actor=None, now=now, target=target, key=key.shown, name=key.name)


def _is_known_elsewhere(member: Member) -> bool:
    family = list(members_of([kept_ids([member.person_id])[member.person_id]]))
    asked = Invitation.objects.filter(person__in=family).exclude(ask__project=member.project)
    return (
        Respondent.objects.filter(person__in=family, customer__isnull=False).exists()
        or Member.objects.filter(person__in=family, deleted_at=None).exclude(pk=member.pk).exists()
        or asked.exists()
    )
