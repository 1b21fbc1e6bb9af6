from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from accounts.domain.imports.changes import CellChange, cell_changes
from accounts.domain.imports.declaration import fields_of
from accounts.domain.imports.file_columns import FileKind, RespondentRow
from accounts.domain.imports.merge import merged_attributes
from accounts.domain.imports.rows import RowError
from accounts.domain.mail_key import mail_key
from accounts.models import Dimension, Person, Respondent
from accounts.services.bulk import upsert
from accounts.services.imports.kinds.base import Importer, Plan, erased_errors
from accounts.services.people import find_persons, merged_keys, persons_for

FIELDS = fields_of(RespondentRow)
# Respondents by (person, customer), both by primary key; the customer is None where not known.
ByPlace = dict[tuple[int, int | None], Respondent]


class RespondentImporter(Importer[RespondentRow]):
    kind = FileKind.RESPONDENTS
    attributes_of = Dimension.Source.RESPONDENT

    def key(self, row: RespondentRow) -> tuple[str, Hashable]:
        return "email", (row.mail_key, row.customer_id)

    def check(self, rows: Sequence[tuple[int, RespondentRow]]) -> list[RowError]:
        errors = self.unknown_customers([(line, row.customer_id) for line, row in rows])
        return errors + erased_errors([(line, row.mail_key) for line, row in rows])

    def plan(self, rows: Sequence[RespondentRow]) -> Plan:
        customers = self.customers.find(row.customer_id for row in rows)
        persons = find_persons([row.mail_key for row in rows])
        merged = merged_keys(persons)
        known = _by_place(persons)
        created: list[tuple[str, Respondent]] = []
        changed: list[Respondent] = []
        cells: list[CellChange] = []
        placed: list[Respondent] = []
        taken: set[tuple[int | None, int]] = set()
        # Who was merged comes last: their address speaks only where the other one is silent.
        for row in sorted(rows, key=lambda row: row.mail_key in merged):
            person, customer = persons.get(row.mail_key), customers[row.customer_id]
            if row.mail_key in merged and _is_spoken_for(
                row, (person, customer), known=known, taken=taken
            ):
                continue
            taken.add((person, customer))
            before = _respondent_at(known, person=person, customer=customer, placed=placed)
            after = self._after(row, before, customer=customer)
            if before is None:
                created.append((row.mail_key, after))
            elif before in placed or _values(after) != _values(before):
                changed.append(after)
                cells += _changes(row, before, after, is_placed=before in placed)
        write = partial(_write, created, changed, placed)
        unchanged = len(rows) - len(created) - len(changed)
        touches = _touches([key for key, _ in created], changed)
        return Plan(len(created), len(changed), unchanged, write, cells, touches)

    def _after(self, row: RespondentRow, before: Respondent | None, *, customer: int) -> Respondent:
        after = Respondent(customer_id=customer, email=row.email)
        if before is not None:
            after.person_id = before.person_id
        for field in FIELDS:
            source = row if before is None or field in self.given else before
            setattr(after, field, getattr(source, field))
        after.language = after.language or settings.LANGUAGE_CODE
        after.attributes = merged_attributes(before.attributes if before else {}, row.attributes)
        return after


def _is_spoken_for(
    row: RespondentRow,
    place: tuple[int | None, int],
    *,
    known: ByPlace,
    taken: Collection[tuple[int | None, int]],
) -> bool:
    """Whether the customer's respondent goes by another address, in this file or so far.

    A file that still lists both addresses of one person would change them back and forth.
    """
    person, customer = place
    there = None if person is None else known.get((person, customer))
    return place in taken or (there is not None and mail_key(there.email) != row.mail_key)


def _by_place(persons: dict[str, int]) -> ByPlace:
    known = Respondent.objects.filter(person__in=persons.values())
    return {(each.person_id, each.customer_id): each for each in known}


def _respondent_at(
    known: ByPlace, *, person: int | None, customer: int, placed: list[Respondent]
) -> Respondent | None:
    """The respondent at the customer, else the person's respondent whose customer is not known."""
    if person is None:
        return None
    there = known.get((person, customer))
    if there is None and (there := known.pop((person, None), None)):
        there.customer_id = customer
        placed.append(there)
    return there


def _values(respondent: Respondent) -> tuple[object, ...]:
    fields = (getattr(respondent, field) for field in FIELDS)
    return (respondent.email, *fields, respondent.attributes)


def _changes(
    row: RespondentRow, before: Respondent, after: Respondent, *, is_placed: bool
) -> list[CellChange]:
    known, given = _cells(before), _cells(after)
    if is_placed:
        known["customer_id"], given["customer_id"] = "", row.customer_id
    return cell_changes(f"{row.email} ({row.customer_id})", before=known, after=given)


def _cells(respondent: Respondent) -> dict[str, object]:
    fields = {field: getattr(respondent, field) for field in ("email", *FIELDS)}
    return {**fields, **respondent.attributes}


def _touches(keys: Sequence[str], changed: Sequence[Respondent]) -> list[QuerySet[Any]]:
    if not keys and not changed:
        return []
    theirs = Q(person__mail_key__among=keys) | Q(person__in={each.person_id for each in changed})
    # Who was merged or erased is found by another key than that of the file.
    theirs |= Q(person__in=set(find_persons(keys).values()))
    return [Person.objects.filter(mail_key__among=keys), Respondent.objects.filter(theirs)]


def _write(
    created: list[tuple[str, Respondent]], changed: list[Respondent], placed: list[Respondent]
) -> None:
    persons = persons_for([key for key, _ in created])
    for key, respondent in created:
        respondent.person_id = persons[key]
    for respondent in placed:
        respondent.save(update_fields=["customer"])
    upsert(
        [*(respondent for _, respondent in created), *changed],
        unique=["person", "customer"],
        update=["email", *FIELDS, "attributes", "updated_at"],
    )
