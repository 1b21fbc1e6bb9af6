"""Erasing a person: name, address and words go; counts, slots and the opt-out stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db.models import Q
from django.dispatch import Signal

from accounts.domain.access.audit import AuditAction
from accounts.domain.segments import NUMBERS
from accounts.models import (
    Customer,
    CustomerVersion,
    Dimension,
    FieldChange,
    Person,
    Respondent,
    StaffUser,
    Suppression,
)
from accounts.services.access.audit import record_event
from accounts.services.facts.erase import forget_facts
from accounts.services.imports.forgetting import Search, forget_person, search_person
from accounts.services.people import erased_key
from common.resilience.retry import in_transaction
from surveys.domain.answers.questions import Kind
from surveys.domain.reasons import InvitationReason
from surveys.domain.states import CLAIMABLE, InvitationState
from surveys.models import Attempt, DeliveryEvent, Intent, Invitation, Response, ResponseChange
from surveys.models.invitations import new_public_id
from surveys.queries.people.lookup import family, kept_person
from surveys.services import slots

# In the transaction of the erasure: of `persons`, known by `names`, nothing that was written stays.
words_forgotten = Signal()


def erase_person(person: Person, *, by: StaffUser | None, now: dt.datetime) -> bool:
    """Erase somebody under every key they were known by; False where that was done before.

    The keyed hash that stays lets an import find the person again, and refuse them.
    """
    kept = kept_person(person)
    ids = family(kept)
    known = Person.objects.filter(pk__in=ids, erased_at__isnull=True)
    keys = set(known.values_list("mail_key", flat=True))
    if not keys:
        return False
    search = search_person(keys | _names_of(ids))
    return in_transaction(partial(_erase, kept, search=search, by=by, now=now))


def _erase(person: Person, *, search: Search, by: StaffUser | None, now: dt.datetime) -> bool:
    ids = family(person)
    rows = Person.objects.filter(pk__in=ids, erased_at__isnull=True).order_by("pk")
    found = list(rows.select_for_update())
    keys = {row.mail_key for row in found}
    names = keys | _names_of(ids)
    for row in found:
        Person.objects.filter(pk=row.pk).update(mail_key=erased_key(row.mail_key), erased_at=now)
    if not found:
        return False
    forget_person(names, search=search)
    _cancel_waiting(ids, now=now)
    _forget_contact(ids)
    _forget_deliveries(ids)
    forget_answers(Q(invitation__person__in=ids))
    Intent.objects.filter(invitation__person__in=ids).update(signals={})
    forget_facts(ids, keys, names=names)
    words_forgotten.send(Person, persons=ids, names=names)
    record_event(AuditAction.PERSON_ERASE, actor=by, now=now, target=f"person {person.pk}")
    return True


def _names_of(ids: list[int]) -> set[str]:
    known = Respondent.objects.filter(person__in=ids).values_list("email", "name")
    mailed = Invitation.objects.filter(person__in=ids).values_list("email", flat=True)
    return {text for pair in known for text in pair} | set(mailed)


def _cancel_waiting(ids: list[int], *, now: dt.datetime) -> None:
    """Cancelled before its claim, a mail gives its slot back; a slot that was used stays used."""
    waiting = Invitation.objects.filter(person__in=ids, state__in=CLAIMABLE).order_by("pk")
    keys = list(waiting.select_for_update().values_list("pk", flat=True))
    slots.release(keys)
    Invitation.objects.filter(pk__in=keys).update(
        state=InvitationState.CANCELLED, reason=InvitationReason.ERASED, settled_at=now
    )
    reminders = Invitation.objects.filter(person__in=ids, reminder_state__in=CLAIMABLE)
    reminders.update(reminder_state=InvitationState.CANCELLED)


def _forget_contact(ids: list[int]) -> None:
    Respondent.objects.filter(person__in=ids).update(name="", email="", time_zone="", attributes={})
    FieldChange.objects.filter(respondent__person__in=ids).delete()
    # Opt-outs and bounces stay, but what a mail server said of them names the address.
    Suppression.objects.filter(person__in=ids).update(source="", note="")
    counted = {name for each in Dimension.objects.all() for name in each.definition.reads} | NUMBERS
    for invitation in Invitation.objects.filter(person__in=ids).select_related("respondent"):
        kept = counted | _said_of_customer(invitation)
        Invitation.objects.filter(pk=invitation.pk).update(
            email="",
            attributes=_only(invitation.attributes, kept),
            # The links in their mails end here.
            public_id=new_public_id(),
        )


def _said_of_customer(invitation: Invitation) -> set[str]:
    """What was frozen and is the company's own: a segment made later can still count the answer."""
    customer = invitation.respondent.customer_id
    if customer is None:
        return set()
    rows = [
        *Customer.objects.filter(pk=customer).values_list("attributes", flat=True),
        *CustomerVersion.objects.filter(customer=customer).values_list("attributes", flat=True),
    ]
    own = {(name, value) for attributes in rows for name, value in attributes.items()}
    return {name for name, value in invitation.attributes.items() if (name, value) in own}


def _forget_deliveries(ids: list[int]) -> None:
    Attempt.objects.filter(invitation__person__in=ids).update(email="", reply="")
    for event in DeliveryEvent.objects.filter(invitation__person__in=ids):
        # The breakers count bounces by this word.
        kept = _only(event.detail, {"bounce"})
        DeliveryEvent.objects.filter(pk=event.pk).update(detail=kept)


def forget_answers(whose: Q) -> None:
    """What stands in the words of the answers; what can be counted stays."""
    answers = Response.objects.filter(whose)
    for response in answers.select_related("invitation__campaign"):
        countable = {
            question["key"]
            for question in response.invitation.campaign.questions
            if question["kind"] != Kind.TEXT
        }
        Response.objects.filter(pk=response.pk).update(
            comment="", note="", signals={}, extra=_only(response.extra, countable)
        )
    changes = ResponseChange.objects.filter(response__in=answers.order_by().values("pk"))
    changes.update(comment="", extra={})


def _only(values: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in names}
