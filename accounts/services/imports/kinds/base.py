"""What the kinds of file have in common."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from django.db.models import QuerySet

from accounts.domain.imports.changes import CellChange
from accounts.domain.imports.file_columns import FileKind
from accounts.domain.imports.rows import RowError, given_fields
from accounts.domain.reasons import Reason, ReasonCode, reason
from accounts.models import Dimension, ImportedFact
from accounts.services.people import CustomerIds, erased_persons

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a batch would change, and the function that changes it."""

    created: int
    updated: int
    unchanged: int
    write: Callable[[], object]
    changes: Sequence[CellChange] = ()
    # Finds, before and after, every row that writing may make, change or delete.
    touches: Sequence[QuerySet[Any]] = ()


class Importer(ABC, Generic[Row]):
    """One file being imported: `check` and `plan` only read, `Plan.write` writes one batch."""

    kind: ClassVar[FileKind]
    # Whose attributes the columns beyond the known ones are; None: there is no place for them.
    attributes_of: ClassVar[Dimension.Source | None]
    # Whether `Plan.touches` finds all that it writes; the other kinds have totals of their own.
    can_be_undone: ClassVar[bool] = True
    # What is known as soon as a file has the column, even where each of its cells is empty.
    tells_of: ClassVar[Mapping[str, ImportedFact.Fact]] = {}

    # Somebody says of ids that differ by leading zeros only that they are of two customers.
    zeros_count = False

    def __init__(self, *, header: Sequence[str], now: dt.datetime) -> None:
        self.now = now
        self.given = given_fields(header, self.kind)
        self.customers = CustomerIds()

    def facts(self) -> list[str]:
        return [fact for column, fact in self.tells_of.items() if column in self.given]

    def join(self, first: Importer[Row]) -> None:
        """Rows of other headers come in one step with these: `first` is one of their importers."""

    @abstractmethod
    def key(self, row: Row) -> tuple[str, Hashable]:
        """The field that tells rows apart, and its value: no file may hold one twice."""

    def tells_attributes(self, row: Row) -> bool:
        """Whether its further columns are kept, after `check`."""
        return True

    def check(self, rows: Sequence[tuple[int, Row]]) -> list[RowError]:
        """What is wrong with rows in the light of what the database holds."""
        return []

    def finish(self) -> None:
        """What is kept of the whole file, once all its rows are written."""

    @abstractmethod
    def plan(self, rows: Sequence[Row]) -> Plan: ...

    def unknown_customers(self, named: Sequence[tuple[int, str]]) -> list[RowError]:
        """Errors for the lines that name a customer nobody imported."""
        known = self.customers.find(customer for _, customer in named)
        unknown = [(line, customer) for line, customer in named if customer not in known]
        alike = self.customers.but_for_zeros(customer for _, customer in unknown)
        return [
            RowError(line, "customer_id", _unknown(customer, alike.get(customer)))
            for line, customer in unknown
        ]


def _unknown(customer: str, alike: str | None) -> Reason:
    if alike is None:
        return reason(ReasonCode.CUSTOMER_UNKNOWN, value=customer)
    return reason(ReasonCode.CUSTOMER_ZEROS, value=customer, known=alike)


def erased_errors(named: Sequence[tuple[int, str]]) -> list[RowError]:
    """Errors for the lines whose mail key is that of an erased person."""
    erased = erased_persons([key for _, key in named])
    why = reason(ReasonCode.PERSON_ERASED)
    return [RowError(line, "email", why) for line, key in named if key in erased]
