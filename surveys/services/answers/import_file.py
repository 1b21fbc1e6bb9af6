"""Answers given in another system: they count like any other, and nobody is ever mailed for them.

Each row becomes an invitation of an imported campaign (sent, with the segment values of today
frozen on it), its response and a line in the ledger that figures are folded from. A row that tells
of an answer given to us ourselves, as our own files do, finds it and changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from django.db.models import QuerySet
from django.utils import timezone

from accounts.domain.imports.cells.values import comment_as_read
from accounts.domain.imports.changes import CellChange
from accounts.domain.imports.file_columns import FileKind, ResponseRow
from accounts.domain.imports.rows import RowError
from accounts.domain.reasons import Reason, ReasonCode, reason
from accounts.models import Customer, Dimension
from accounts.queries.merges import members_of, merges
from accounts.services.imports.kinds.base import Importer, Plan, erased_errors
from accounts.services.people import find_persons
from surveys.domain.answers.origin import own_id, public_id_in, wall_second
from surveys.domain.reasons import InvitationReason
from surveys.models import Response
from surveys.services.answers.import_campaigns import is_campaign_for
from surveys.services.answers.import_rows import Change, New, write_responses

NEARBY = dt.timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Known:
    """What the database holds about a batch."""

    persons: dict[str, int]
    customers: dict[str, int]
    by_id: dict[str, Response]
    by_moment: dict[tuple[int, dt.datetime], Response]
    # Those given to us, by person and the second of their clock.
    ours: dict[tuple[int, dt.datetime], Response]
    # Whom those who were merged turned out to be: their answers stay with who gave them.
    merged: dict[int, int]

    def response(self, row: ResponseRow) -> Response | None:
        """By its id, else the person's answer of that moment, unless that has another id."""
        if row.response_id in self.by_id:
            return self.by_id[row.response_id]
        person = self.persons.get(row.mail_key)
        if person is None:
            return None
        found = self.by_moment.get((person, row.answered_at))
        if row.response_id:
            return None if found and found.response_id else found
        return found or self.ours.get((person, _second(row.answered_at)))


class ResponseImporter(Importer[ResponseRow]):
    kind = FileKind.RESPONSES
    attributes_of = Dimension.Source.RESPONDENT
    # An answer stands in a ledger that is only added to, and has taken its slot.
    can_be_undone = False
    dimensions = ("language",)

    def __init__(self, *, header: Sequence[str], now: dt.datetime) -> None:
        super().__init__(header=header, now=now)
        self._known_before: set[Hashable] = set()

    def tells_attributes(self, row: ResponseRow) -> bool:
        """What is known of an answer keeps the values that were frozen with it."""
        return self.key(row) not in self._known_before

    def key(self, row: ResponseRow) -> tuple[str, Hashable]:
        if row.response_id:
            return "response_id", row.response_id
        return "answered_at", (row.mail_key, row.answered_at)

    def check(self, rows: Sequence[tuple[int, ResponseRow]]) -> list[RowError]:
        named = [(line, row.customer_id) for line, row in rows if row.customer_id]
        errors = self.unknown_customers(named)
        errors += erased_errors([(line, row.mail_key) for line, row in rows])
        known = self._known([row for _, row in rows])
        places = _customers_of(known.persons)
        self._known_before = set()
        for line, row in rows:
            response = known.response(row)
            if response is None:
                errors += self._ambiguous(line, row, places)
                continue
            self._known_before.add(self.key(row))
            if field_and_why := self._moved(row, response, known):
                errors.append(RowError(line, *field_and_why))
        return errors

    def plan(self, rows: Sequence[ResponseRow]) -> Plan:
        known = self._known(rows)
        new: list[New] = []
        changes: list[Change] = []
        cells: list[CellChange] = []
        for row in rows:
            response = known.response(row)
            if response is None:
                new.append(New(row, known.customers.get(row.customer_id), known_at=self.now))
            elif not _is_ours(response) and (change := self._change(row, response)).matters:
                changes.append(change)
                cells += change.cells(row.email)
        unchanged = len(rows) - len(new) - len(changes)
        write = partial(write_responses, new, changes, now=self.now)
        return Plan(len(new), len(changes), unchanged, write, cells)

    def _known(self, rows: Sequence[ResponseRow]) -> Known:
        persons = find_persons([row.mail_key for row in rows])
        members = members_of(persons.values())
        found = Response.objects.select_related("invitation__respondent", "invitation__campaign")
        imported = found.filter(invitation__reason=InvitationReason.IMPORTED)
        by_id = imported.filter(response_id__in={row.response_id for row in rows} - {""})
        by_moment = imported.filter(
            invitation__person__in=members, answered_at__in={row.answered_at for row in rows}
        )
        return Known(
            persons=persons,
            customers=self.customers.find(row.customer_id for row in rows if row.customer_id),
            by_id=_by_own_id(found, rows) | {str(each.response_id): each for each in by_id},
            by_moment={
                (members[each.invitation.person_id], each.answered_at): each for each in by_moment
            },
            ours=_ours(found, rows, members=members, persons=persons),
            merged=merges(),
        )

    def _ambiguous(
        self, line: int, row: ResponseRow, places: dict[str, list[str]]
    ) -> list[RowError]:
        """Rows of this file count as well: the line above may have put the person somewhere."""
        customers = places.setdefault(row.mail_key, [])
        if row.customer_id:
            if row.customer_id not in customers:
                customers.append(row.customer_id)
            return []
        if len(customers) <= 1:
            return []
        why = reason(ReasonCode.CUSTOMER_AMBIGUOUS, customers=", ".join(sorted(customers)))
        return [RowError(line, "customer_id", why)]

    def _moved(
        self, row: ResponseRow, response: Response, known: Known
    ) -> tuple[str, Reason] | None:
        """Who answered what when is not changed by an import: figures were counted by it."""
        invitation = response.invitation
        person = invitation.person_id
        customer = known.customers.get(row.customer_id, invitation.respondent.customer_id)
        elsewhere = (
            known.persons.get(row.mail_key) != known.merged.get(person, person)
            or customer != invitation.respondent.customer_id
            or ("campaign" in self.given and not is_campaign_for(invitation.campaign, row.campaign))
        )
        name = row.response_id or response.answered_at.isoformat()
        if elsewhere:
            return "response_id", reason(ReasonCode.RESPONSE_ELSEWHERE, value=name)
        if _is_ours(response) and self._says_otherwise(row, response):
            return "response_id", reason(ReasonCode.RESPONSE_OURS, value=name)
        if _second(row.answered_at) != _second(response.answered_at):
            before = response.answered_at.isoformat()
            return "answered_at", reason(ReasonCode.RESPONSE_MOVED, value=name, before=before)
        return None

    def _says_otherwise(self, row: ResponseRow, response: Response) -> bool:
        comment = comment_as_read(response.comment)
        return (row.score, row.comment if "comment" in self.given else comment) != (
            response.score,
            comment,
        )

    def _change(self, row: ResponseRow, response: Response) -> Change:
        """A blank cell clears what it stands for; a column that is not there keeps it."""
        given = self.given
        sent_at = response.invitation.sent_at
        keeps = "invited_at" not in given or _same_second(row.invited_at, sent_at)
        return Change(
            response,
            score=row.score,
            comment=row.comment if "comment" in given else response.comment,
            sent_at=sent_at if keeps else row.invited_at,
            response_id=response.response_id or _foreign(row.response_id) or None,
        )


def _customers_of(persons: dict[str, int]) -> dict[str, list[str]]:
    keys = {pk: key for key, pk in persons.items()}
    found = Customer.objects.filter(respondents__person__in=persons.values())
    places: dict[str, list[str]] = {}
    for person, customer in found.values_list("respondents__person", "customer_id"):
        if person in keys:
            places.setdefault(keys[person], []).append(customer)
    return places


def _by_own_id(found: QuerySet[Response], rows: Sequence[ResponseRow]) -> dict[str, Response]:
    """Those that files know by an id of ours."""
    named = {public_id_in(row.response_id) for row in rows} - {""}
    known = found.filter(invitation__public_id__in=named) if named else ()
    return {own_id(each.invitation.public_id): each for each in known}


def _ours(
    found: QuerySet[Response],
    rows: Sequence[ResponseRow],
    *,
    members: Mapping[int, int],
    persons: Mapping[str, int],
) -> dict[tuple[int, dt.datetime], Response]:
    """Answers given to us that the rows without an id may mean."""
    moments = [row.answered_at for row in rows if not row.response_id and row.mail_key in persons]
    if not moments:
        return {}
    # More than an hour: see `wall_second`.
    first, last = min(moments) - NEARBY, max(moments) + NEARBY
    known = found.exclude(invitation__reason=InvitationReason.IMPORTED).filter(
        invitation__person__in=members, answered_at__range=(first, last)
    )
    return {(members[each.invitation.person_id], _second(each.answered_at)): each for each in known}


def _is_ours(response: Response) -> bool:
    return response.invitation.reason != InvitationReason.IMPORTED


def _foreign(response_id: str) -> str:
    """An id of ours names an answer that has none."""
    return "" if public_id_in(response_id) else response_id


def _second(moment: dt.datetime) -> dt.datetime:
    return wall_second(moment, zone=timezone.get_default_timezone())


def _same_second(one: dt.datetime | None, other: dt.datetime | None) -> bool:
    return one is not None and other is not None and _second(one) == _second(other)
