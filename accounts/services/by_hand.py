"""Customers and respondents written by hand: a file of one row, so that the same rules hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial

from django.db import transaction
from django.utils import timezone

from accounts.domain.access.audit import AuditAction
from accounts.domain.imports.cells.texts import as_cell
from accounts.domain.imports.file_columns import FileKind, fields_by_hand
from accounts.domain.imports.rows import RowError, RowReader
from accounts.domain.reasons import ReasonCode, reason
from accounts.models import Customer, FieldChange, Respondent, StaffUser
from accounts.queries.exports import in_text
from accounts.services.access.audit import record_event
from accounts.services.imports.kinds.registry import importer_for

Texts = Mapping[str, str]
ONLY_LINE = 1
KNOWN_BEFORE = {
    FileKind.CUSTOMERS: ("customer_id", ReasonCode.CUSTOMER_KNOWN),
    FileKind.RESPONDENTS: ("email", ReasonCode.RESPONDENT_KNOWN),
}


def texts_of(row: Customer | Respondent, kind: FileKind) -> dict[str, str]:
    """What stands in the fields that may be corrected, and in its attributes."""
    fields = {name: in_text(getattr(row, name)) for name in fields_by_hand(kind)}
    return {name: in_text(value) for name, value in row.attributes.items()} | fields


def bring_in_row(
    kind: FileKind,
    values: Texts,
    *,
    now: dt.datetime,
    is_new: bool = False,
    zeros_count: bool = False,
) -> list[RowError]:
    """In a transaction of the caller's; a column that is not among the values is kept."""
    header = tuple(values)
    reader = RowReader(header, kind=kind, zone=timezone.get_default_timezone(), now=now)
    row = reader.read([as_cell(text) for text in values.values()], line=ONLY_LINE)
    if isinstance(row, RowError):
        return [row]
    importer = importer_for(kind)(header=header, now=now)
    importer.zeros_count = zeros_count
    if errors := importer.check([(ONLY_LINE, row)]):
        return errors
    plan = importer.plan([row])
    if is_new and plan.updated:
        field, code = KNOWN_BEFORE[kind]
        return [RowError(ONLY_LINE, field, reason(code, value=values[field]))]
    plan.write()
    return []


@transaction.atomic
def add_customer(
    values: Texts, *, by: StaffUser, now: dt.datetime, zeros_count: bool = False
) -> list[RowError]:
    """Sent twice it is one: the second time nothing changes."""
    before = set(Customer.objects.filter(customer_id=values["customer_id"]).values_list("pk"))
    errors = bring_in_row(FileKind.CUSTOMERS, values, now=now, is_new=True, zeros_count=zeros_count)
    if not errors and not before:
        record_event(AuditAction.CUSTOMER_ADD, actor=by, now=now, target=values["customer_id"])
    return errors


@transaction.atomic
def correct_customer(
    customer: Customer, values: Texts, *, by: StaffUser, now: dt.datetime
) -> list[RowError]:
    """`values`: of the fields that were changed; what others change meanwhile stays theirs."""
    row = Customer.objects.select_for_update().get(pk=customer.pk)
    before = texts_of(row, FileKind.CUSTOMERS)
    given = {"customer_id": row.customer_id, **values}
    errors = bring_in_row(FileKind.CUSTOMERS, given, now=now)
    if not errors:
        row.refresh_from_db()
        after = texts_of(row, FileKind.CUSTOMERS)
        if note_changes(before, after, customer=row, by=by, now=now):
            record_event(AuditAction.CUSTOMER_CORRECT, actor=by, now=now, target=row.customer_id)
    return errors


def note_changes(
    before: Texts,
    after: Texts,
    *,
    by: StaffUser,
    now: dt.datetime,
    customer: Customer | None = None,
    respondent: Respondent | None = None,
) -> bool:
    change = partial(FieldChange, customer=customer, respondent=respondent, at=now, by=by)
    made = [
        change(field=name, before=before.get(name, ""), after=after.get(name, ""))
        for name in {**after, **before}
        if before.get(name, "") != after.get(name, "")
    ]
    FieldChange.objects.bulk_create(made)
    return bool(made)
