from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Sequence
from functools import partial
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone

from accounts.domain.imports.changes import cell_changes
from accounts.domain.imports.declaration import fields_of
from accounts.domain.imports.file_columns import CustomerRow, FileKind
from accounts.domain.imports.merge import merged_attributes
from accounts.domain.imports.rows import RowError
from accounts.domain.reasons import ReasonCode, reason
from accounts.models import Customer, CustomerTerms, CustomerVersion, Dimension, ImportedFact
from accounts.services.bulk import upsert
from accounts.services.imports.kinds.base import Importer, Plan

FIELDS = fields_of(CustomerRow)
DATES = frozenset({"started_on", "churned_on"})


class CustomerImporter(Importer[CustomerRow]):
    kind = FileKind.CUSTOMERS
    attributes_of = Dimension.Source.CUSTOMER
    tells_of: ClassVar = {
        "churned_on": ImportedFact.Fact.CHURN,
        "churn_reason": ImportedFact.Fact.CHURN_REASON,
        "renews_on": ImportedFact.Fact.RENEWALS,
        "seats": ImportedFact.Fact.SEATS,
    }

    def key(self, row: CustomerRow) -> tuple[str, Hashable]:
        return "customer_id", row.customer_id

    def check(self, rows: Sequence[tuple[int, CustomerRow]]) -> list[RowError]:
        return self._but_for_zeros(rows) + self._ended_before_started(rows)

    def _but_for_zeros(self, rows: Sequence[tuple[int, CustomerRow]]) -> list[RowError]:
        """A spreadsheet makes 101 of 00101, which would be a second customer."""
        if self.zeros_count:
            return []
        known = self.customers.find(row.customer_id for _, row in rows)
        unknown = [(line, row.customer_id) for line, row in rows if row.customer_id not in known]
        alike = self.customers.but_for_zeros(customer for _, customer in unknown)
        return [
            RowError(
                line,
                "customer_id",
                reason(ReasonCode.ID_ZEROS, value=customer, known=alike[customer]),
            )
            for line, customer in unknown
            if customer in alike
        ]

    def _ended_before_started(self, rows: Sequence[tuple[int, CustomerRow]]) -> list[RowError]:
        """A file with one of the two dates alone must agree with the other that is known."""
        if len(DATES & self.given) != 1:
            return []
        known = self._known([row for _, row in rows])
        found = ((line, self._after(row, known.get(row.customer_id))) for line, row in rows)
        return [_dates_error(line, after) for line, after in found if _ends_too_early(after)]

    def plan(self, rows: Sequence[CustomerRow]) -> Plan:
        known = self._known(rows)
        created: list[Customer] = []
        changed: list[tuple[Customer, Customer]] = []
        for row in rows:
            before = known.get(row.customer_id)
            after = self._after(row, before)
            if before is None:
                created.append(after)
            elif _values(after) != _values(before):
                changed.append((before, after))
        write = partial(self._write, created, changed)
        cells = [
            each
            for before, after in changed
            for each in cell_changes(after.customer_id, before=_cells(before), after=_cells(after))
        ]
        unchanged = len(rows) - len(created) - len(changed)
        touched = [each.customer_id for each in [*created, *(after for _, after in changed)]]
        return Plan(len(created), len(changed), unchanged, write, cells, _touches(touched))

    def _known(self, rows: Sequence[CustomerRow]) -> dict[str, Customer]:
        ids = [row.customer_id for row in rows]
        return {each.customer_id: each for each in Customer.objects.filter(customer_id__in=ids)}

    def _after(self, row: CustomerRow, before: Customer | None) -> Customer:
        after = Customer(customer_id=row.customer_id)
        for field in FIELDS:
            source = row if before is None or field in self.given else before
            setattr(after, field, getattr(source, field))
        after.attributes = merged_attributes(before.attributes if before else {}, row.attributes)
        return after

    def _write(self, created: list[Customer], changed: list[tuple[Customer, Customer]]) -> None:
        upsert(
            [*created, *(after for _, after in changed)],
            unique=["customer_id"],
            update=[*FIELDS, "attributes", "updated_at"],
        )
        moved = [(old, new) for old, new in changed if old.attributes != new.attributes]
        today = timezone.localdate(self.now)
        self._keep_terms(created, changed, today=today)
        self._keep_first_versions([old for old, _ in moved], today=today)
        new = [each for each in created if each.attributes] + [after for _, after in moved]
        ids = {each.customer_id: each.pk for each in self._known_again(new)}
        upsert(
            [
                CustomerVersion(
                    customer_id=ids[each.customer_id], known_from=today, attributes=each.attributes
                )
                for each in new
            ],
            unique=["customer", "known_from"],
            update=["attributes"],
        )

    def _keep_terms(
        self, created: list[Customer], changed: list[tuple[Customer, Customer]], *, today: dt.date
    ) -> None:
        """Each renewal date and number of seats is kept with the day it became known."""
        new = [each for each in created if _terms(each) != (None, None)]
        new += [after for before, after in changed if _terms(after) != _terms(before)]
        ids = {each.customer_id: each.pk for each in self._known_again(new)}
        upsert(
            [
                CustomerTerms(
                    customer_id=ids[each.customer_id],
                    known_from=today,
                    renews_on=each.renews_on,
                    seats=each.seats,
                )
                for each in new
            ],
            unique=["customer", "known_from"],
            update=["renews_on", "seats"],
        )

    def _known_again(self, customers: list[Customer]) -> list[Customer]:
        ids = [each.customer_id for each in customers]
        return list(Customer.objects.filter(customer_id__in=ids).only("customer_id"))

    def _keep_first_versions(self, customers: list[Customer], *, today: dt.date) -> None:
        """Customers from before there were versions keep the values they had until now."""
        with_attributes = [each for each in customers if each.attributes]
        have = set(
            CustomerVersion.objects.filter(customer__in=with_attributes).values_list(
                "customer_id", flat=True
            )
        )
        CustomerVersion.objects.bulk_create(
            CustomerVersion(customer=each, known_from=first, attributes=each.attributes)
            for each in with_attributes
            if each.pk not in have and (first := timezone.localdate(each.created_at)) < today
        )


def _touches(ids: Sequence[str]) -> list[QuerySet[Any]]:
    if not ids:
        return []
    return [
        Customer.objects.filter(customer_id__in=ids),
        CustomerVersion.objects.filter(customer__customer_id__in=ids),
        CustomerTerms.objects.filter(customer__customer_id__in=ids),
    ]


def _values(customer: Customer) -> tuple[object, ...]:
    return (*(getattr(customer, field) for field in FIELDS), customer.attributes)


def _cells(customer: Customer) -> dict[str, object]:
    return {**{field: getattr(customer, field) for field in FIELDS}, **customer.attributes}


def _terms(customer: Customer) -> tuple[dt.date | None, int | None]:
    return customer.renews_on, customer.seats


def _ends_too_early(customer: Customer) -> bool:
    start, end = customer.started_on, customer.churned_on
    return start is not None and end is not None and end < start


def _dates_error(line: int, customer: Customer) -> RowError:
    why = reason(
        ReasonCode.CHURNED_BEFORE_STARTED,
        churned_on=customer.churned_on,
        started_on=customer.started_on,
    )
    return RowError(line, "churned_on", why)
