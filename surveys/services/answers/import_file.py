"""Answers given in another system: they count like any other, and nobody is ever mailed for them.

Each row becomes an invitation of an imported campaign (sent, with the segment values of today
frozen on it), its response and a line in the ledger that figures are folded from.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import partial

from accounts.domain.imports.changes import CellChange
from accounts.domain.imports.file_columns import FileKind, ResponseRow
from accounts.domain.imports.rows import RowError
from accounts.domain.reasons import Reason, ReasonCode, reason
from accounts.models import Customer, Dimension
from accounts.queries.merges import members_of, merges
from accounts.services.imports.kinds.base import Importer, Plan, erased_errors
from accounts.services.people import find_persons
from surveys.domain.reasons import InvitationReason
from surveys.models import Response
from surveys.services.answers.import_campaigns import is_campaign_for
from surveys.services.answers.import_rows import Change, New, write_responses


@dataclass(frozen=True, slots=True)
class Known:
    """What the database holds about a batch."""

    persons: dict[str, int]
    customers: dict[str, int]
    by_id: dict[str, Response]
    by_moment: dict[tuple[int, dt.datetime], Response]
    # Whom those who were merged turned out to be: their answers stay with who gave them.
    merged: dict[int, int]

    def response(self, row: ResponseRow) -> Response | None:
        """By its id, else the person's answer of that moment, unless that has another id."""
        if row.response_id in self.by_id:
            return self.by_id[row.response_id]
        person = self.persons.get(row.mail_key)
        found = None if person is None else self.by_moment.get((person, row.answered_at))
        return None if found and found.response_id and row.response_id else found


class ResponseImporter(Importer[ResponseRow]):
    kind = FileKind.RESPONSES
    attributes_of = Dimension.Source.RESPONDENT
    dimensions = ("language",)

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
        for line, row in rows:
            response = known.response(row)
            if response is None:
                errors += self._ambiguous(line, row, places)
            elif field_and_why := self._moved(row, response, known):
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
                new.append(New(row, known.customers.get(row.customer_id)))
            elif (change := self._change(row, response)).matters:
                changes.append(change)
                cells += change.cells(row.email)
        unchanged = len(rows) - len(new) - len(changes)
        write = partial(write_responses, new, changes, now=self.now)
        return Plan(len(new), len(changes), unchanged, write, cells)

    def _known(self, rows: Sequence[ResponseRow]) -> Known:
        persons = find_persons([row.mail_key for row in rows])
        members = members_of(persons.values())
        imported = Response.objects.filter(
            invitation__reason=InvitationReason.IMPORTED
        ).select_related("invitation__respondent", "invitation__campaign")
        by_id = imported.filter(response_id__in={row.response_id for row in rows} - {""})
        by_moment = imported.filter(
            invitation__person__in=members, answered_at__in={row.answered_at for row in rows}
        )
        return Known(
            persons=persons,
            customers=self.customers.find(row.customer_id for row in rows if row.customer_id),
            by_id={str(each.response_id): each for each in by_id},
            by_moment={
                (members[each.invitation.person_id], each.answered_at): each for each in by_moment
            },
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
        if row.answered_at != response.answered_at:
            before = response.answered_at.isoformat()
            return "answered_at", reason(ReasonCode.RESPONSE_MOVED, value=name, before=before)
        return None

    def _change(self, row: ResponseRow, response: Response) -> Change:
        """A blank cell clears what it stands for; a column that is not there keeps it."""
        given = self.given
        sent_at = response.invitation.sent_at
        return Change(
            response,
            score=row.score,
            comment=row.comment if "comment" in given else response.comment,
            sent_at=row.invited_at if "invited_at" in given else sent_at,
            response_id=response.response_id or row.response_id or None,
        )


def _customers_of(persons: dict[str, int]) -> dict[str, list[str]]:
    keys = {pk: key for key, pk in persons.items()}
    found = Customer.objects.filter(respondents__person__in=persons.values())
    places: dict[str, list[str]] = {}
    for person, customer in found.values_list("respondents__person", "customer_id"):
        if person in keys:
            places.setdefault(keys[person], []).append(customer)
    return places
