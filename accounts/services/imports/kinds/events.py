from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Sequence
from functools import partial
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.domain.facts.known import event_fact
from accounts.domain.imports.changes import CellChange, cell_changes
from accounts.domain.imports.fact_columns import EventRow
from accounts.domain.imports.file_columns import FileKind
from accounts.domain.imports.rows import RowError
from accounts.models import Event
from accounts.services.imports.kinds.base import Importer, Plan, erased_errors
from accounts.services.people import RespondentIds

# With a reference it is known by that, and the moment and the address can be corrected.
BY_REF, BY_MOMENT = ("customer", "kind", "ref"), ("customer", "kind", "at", "mail_key")
VALUES = ("at", "email", "mail_key", "respondent_id", "value", "note")
CELLS = ("at", "email", "value", "note")
OPTIONAL = frozenset({"email", "value", "note"})
Key = tuple[Any, ...]


class EventImporter(Importer[EventRow]):
    kind = FileKind.EVENTS
    attributes_of = None

    def __init__(self, *, header: Sequence[str], now: dt.datetime) -> None:
        super().__init__(header=header, now=now)
        self._respondents = RespondentIds()
        self._kinds: set[str] = set()

    def facts(self) -> list[str]:
        return [event_fact(kind) for kind in sorted(self._kinds)]

    def key(self, row: EventRow) -> tuple[str, Hashable]:
        named = row.ref or (row.at, row.mail_key)
        return "ref" if row.ref else "at", (row.customer_id, row.kind, named)

    def check(self, rows: Sequence[tuple[int, EventRow]]) -> list[RowError]:
        self._kinds |= {row.kind for _, row in rows}
        errors = self.unknown_customers([(line, row.customer_id) for line, row in rows])
        return errors + erased_errors([(line, row.mail_key) for line, row in rows if row.mail_key])

    def plan(self, rows: Sequence[EventRow]) -> Plan:
        events = self._events(rows)
        known = _known(events)
        created: list[Event] = []
        changed: list[Event] = []
        cells: list[CellChange] = []
        for row, each in zip(rows, events, strict=True):
            before = known.get(_key(each))
            if before is None:
                created.append(each)
                continue
            old = _cells(before)
            if self._corrects(each, before):
                changed.append(before)
                cells += cell_changes(_name(row), before=old, after=_cells(before))
        write = partial(_write, created, changed)
        unchanged = len(rows) - len(created) - len(changed)
        # Not by what they hold: a correction moves the moment.
        named = {event.pk for event in changed}
        touches = [Event.objects.filter(_at(created) | Q(pk__in=named))] if created or named else []
        return Plan(len(created), len(changed), unchanged, write, cells, touches)

    def _events(self, rows: Sequence[EventRow]) -> list[Event]:
        customers = self.customers.find(row.customer_id for row in rows)
        respondents = self._respondents.find((row.customer_id, row.mail_key) for row in rows)
        today = timezone.localdate(self.now)
        return [
            Event(
                customer_id=customers[row.customer_id],
                kind=row.kind,
                at=row.at,
                respondent_id=respondents.get((row.customer_id, row.mail_key)),
                email=row.email,
                mail_key=row.mail_key,
                ref=row.ref,
                value=row.value,
                note=row.note,
                known_from=today,
            )
            for row in rows
        ]

    def _corrects(self, given: Event, before: Event) -> bool:
        """Whether the file says otherwise; then `before` says the same from here on."""
        kept = OPTIONAL - self.given
        # The same address says nothing new of whose it is: of an erased person there is a hash.
        if "email" in kept or given.email == before.email:
            kept |= {"mail_key", "respondent_id"}
        names = [name for name in VALUES if name not in kept]
        if all(getattr(given, name) == getattr(before, name) for name in names):
            return False
        for name in names:
            setattr(before, name, getattr(given, name))
        return True


def _cells(event: Event) -> dict[str, object]:
    return {name: getattr(event, name) for name in CELLS}


def _name(row: EventRow) -> str:
    return f"{row.customer_id} {row.kind} {row.ref or row.at.isoformat()}"


def _key(event: Event) -> Key:
    named = (event.ref,) if event.ref else (event.at, event.mail_key)
    return (event.customer_id, event.kind, *named)


def _known(wanted: Sequence[Event]) -> dict[Key, Event]:
    return {_key(each): each for each in Event.objects.filter(_at(wanted))}


def _at(wanted: Sequence[Event]) -> Q:
    refs = {each.ref for each in wanted if each.ref}
    moments = {each.at for each in wanted if not each.ref}
    customers = {each.customer_id for each in wanted}
    return (Q(ref__in=refs) | Q(ref="", at__in=moments)) & Q(customer__in=customers)


def _write(created: Sequence[Event], changed: Sequence[Event]) -> None:
    Event.objects.bulk_create(created)
    Event.objects.bulk_update(changed, VALUES) if changed else None
