"""Respondents written by hand; who gets another address stays who they are, cap and all."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.domain.access.audit import AuditAction
from accounts.domain.imports.declaration import address
from accounts.domain.imports.file_columns import FileKind
from accounts.domain.imports.rows import RowError
from accounts.domain.mail_key import mail_key
from accounts.domain.reasons import Reason, ReasonCode, Refused, reason
from accounts.models import Customer, Person, Respondent, StaffUser
from accounts.queries.merges import kept_ids
from accounts.services.access.audit import record_event
from accounts.services.by_hand import (
    ONLY_LINE,
    Texts,
    bring_in_row,
    note_changes,
    texts_of,
)
from accounts.services.people import erased_persons, find_persons, persons_for
from surveys.services.slots import merge_persons

KIND = FileKind.RESPONDENTS


@transaction.atomic
def add_respondent(
    customer: Customer, values: Texts, *, by: StaffUser, now: dt.datetime
) -> list[RowError]:
    """Sent twice it is one: the second time nothing changes."""
    before = customer.respondents.count()
    given = {**values, "customer_id": customer.customer_id}
    errors = bring_in_row(KIND, given, now=now, is_new=True)
    if not errors and customer.respondents.count() > before:
        # Without the address: the audit log outlives an erased person.
        record_event(AuditAction.RESPONDENT_ADD, actor=by, now=now, target=customer.customer_id)
    return errors


@transaction.atomic
def correct_respondent(
    respondent: Respondent, values: Texts, *, by: StaffUser, now: dt.datetime
) -> list[RowError]:
    """`values`: of the fields that were changed; what others change meanwhile stays theirs."""
    rows = Respondent.objects.select_for_update(of=("self",)).select_related("customer", "person")
    row = rows.get(pk=respondent.pk)
    before = texts_of(row, KIND)
    if "email" in values and (why := _move(row, values["email"], by=by, now=now)):
        transaction.set_rollback(True)
        return [RowError(ONLY_LINE, "email", why)]
    customer = row.customer.customer_id if row.customer else ""
    given = {"email": row.email, **values, "customer_id": customer}
    if errors := bring_in_row(KIND, given, now=now):
        transaction.set_rollback(True)
        return errors
    row.refresh_from_db()
    if note_changes(before, texts_of(row, KIND), respondent=row, by=by, now=now):
        target = f"respondent {row.pk}"
        record_event(AuditAction.RESPONDENT_CORRECT, actor=by, now=now, target=target)
    return []


def _move(row: Respondent, email: str, *, by: StaffUser, now: dt.datetime) -> Reason | None:
    """The new address leads to the same person from now on, as the old one does: whoever imports
    either finds their slots, their opt-out and their answers."""
    try:
        cleaned = address(email)
        key = mail_key(cleaned)
    except Refused as fault:
        return fault.reason
    if erased_persons([key]):
        return reason(ReasonCode.PERSON_ERASED)
    if find_persons([key]).get(key, row.person_id) != row.person_id:
        return _taken(email)
    other = persons_for([key])[key]
    if other != row.person_id:
        merge_persons(row.person, Person.objects.get(pk=other), now=now, by=by)
    # Somebody else may have taken it at the same moment.
    if kept_ids([other])[other] != row.person_id:
        return _taken(email)
    # By its own name from now on: for an import, who goes by another address has the say.
    row.email = cleaned
    row.save(update_fields=["email", "updated_at"])
    return None


def _taken(email: str) -> Reason:
    return reason(ReasonCode.ADDRESS_TAKEN, value=email)
