"""Rows that were taken out of Delighted come into a project, with their ids; nobody is mailed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from accounts.domain.contactability import SuppressionReason
from accounts.domain.imports.file_columns import ResponseRow
from accounts.domain.mail_key import AddressError, clean_address, mail_key
from accounts.services.people import erased_persons, persons_for
from accounts.services.suppression import suppress
from api.domain.exported import Given, Somebody
from api.domain.special import plain
from api.domain.values import BLANK, INVALID, Invalid
from api.models import Ask, Member, Project
from api.queries.members import email_key
from api.services.members import FORGOTTEN
from common.resilience.retry import in_transaction
from surveys.models import Response
from surveys.services.answers.import_rows import New, write_responses

BATCH = 1000
Fault = tuple[int, Invalid]


@dataclass(slots=True)
class Moved:
    """How many rows were new, how many were there before, and which are wrong."""

    added: int
    known: int
    faults: list[Fault]


def move_people(
    project: Project, rows: Sequence[tuple[int, Somebody]], *, now: dt.datetime
) -> Moved:
    """A batch; by line of the file."""
    return in_transaction(partial(_move_people, project, rows, now=now))


def move_answers(project: Project, rows: Sequence[tuple[int, Given]], *, now: dt.datetime) -> Moved:
    """A batch, after all people; one that is known by its id, or by whom, when and what, stays."""
    return in_transaction(partial(_move_answers, project, rows, now=now))


def move_suppression(
    project: Project, row: Somebody, reason: SuppressionReason, *, at: dt.datetime, now: dt.datetime
) -> Moved:
    moved = move_people(project, [(0, row)], now=now)
    if not moved.faults:
        [member] = _Members(project, [row]).found([row])
        suppress(member.person, reason, now=at, source="Delighted")
    return moved


class _Members:
    """Those of a batch who are known, by id and by address or number."""

    def __init__(self, project: Project, rows: Sequence[Somebody]) -> None:
        known = Member.objects.of(project)
        ids = [row.kept_id for row in rows if row.kept_id is not None]
        keys = [email_key(row.email) for row in rows if row.email]
        numbers = [row.phone_number for row in rows if row.phone_number]
        self.by_id = {each.kept_id: each for each in known.filter(kept_id__in=ids)}
        self.by_key = {each.email_key: each for each in known.filter(email_key__in=keys)}
        by_number = known.filter(phone_number__in=numbers, email_key="")
        self.by_key |= {each.phone_number: each for each in by_number}

    def get(self, row: Somebody) -> Member | None:
        found = self.by_id.get(row.kept_id) if row.kept_id is not None else None
        return found or self.by_key.get(email_key(row.email) or row.phone_number)

    def found(self, rows: Sequence[Somebody]) -> list[Member]:
        return [member for row in rows if (member := self.get(row)) is not None]

    def put(self, row: Somebody, member: Member) -> None:
        if row.kept_id is not None:
            self.by_id[row.kept_id] = member
        self.by_key[member.email_key or member.phone_number] = member


def _move_people(
    project: Project, rows: Sequence[tuple[int, Somebody]], *, now: dt.datetime
) -> Moved:
    known = _Members(project, [row for _, row in rows])
    faults: list[Fault] = []
    wanted: list[tuple[Somebody, str]] = []
    changed: list[Member] = []
    keys = {line: _key_of(row) for line, row in rows}
    erased = erased_persons([key for key in keys.values() if isinstance(key, str)])
    for line, row in rows:
        key = keys[line]
        if (member := known.get(row)) is not None:
            changed += _completed(member, row)
        elif isinstance(key, Invalid):
            faults.append((line, key))
        elif key in erased:
            faults.append((line, Invalid(email=FORGOTTEN)))
        else:
            wanted.append((row, key))
    added = _added(project, wanted, known, now=now)
    Member.objects.bulk_update(changed, ["kept_id", "last_sent_at", "name"])
    return Moved(added, len(rows) - added - len(faults), faults)


def _added(
    project: Project, wanted: Sequence[tuple[Somebody, str]], known: _Members, *, now: dt.datetime
) -> int:
    persons = persons_for({key for _, key in wanted})
    made: list[Member] = []
    numbers = [row.phone_number for row, _ in wanted if row.phone_number]
    taken = Member.objects.filter(project=project, phone_number__in=numbers)
    used = {"", *taken.values_list("phone_number", flat=True)}
    for row, key in wanted:
        if known.get(row) is not None:
            continue  # twice in this batch
        email = clean_address(row.email) if row.email else ""
        member = Member(
            project=project,
            person_id=persons[key],
            kept_id=row.kept_id,
            email=email,
            email_key=email.lower(),
            name=row.name,
            phone_number="" if row.phone_number in used else row.phone_number,
            created_at=row.created_at or now,
            last_sent_at=row.last_sent_at,
        )
        used.add(member.phone_number)
        known.put(row, member)
        made.append(member)
    Member.objects.bulk_create(made)
    return len(made)


def _completed(member: Member, row: Somebody) -> list[Member]:
    """What was not known yet of somebody who is there."""
    before = (member.kept_id, member.name, member.last_sent_at)
    member.kept_id = row.kept_id if member.kept_id is None else member.kept_id
    member.name = member.name or row.name
    told = [at for at in (member.last_sent_at, row.last_sent_at) if at is not None]
    member.last_sent_at = max(told, default=None)
    after = (member.kept_id, member.name, member.last_sent_at)
    return [] if before == after else [member]


def _key_of(row: Somebody) -> str | Invalid:
    if not row.email:
        return f"tel:{row.phone_number}" if row.phone_number else Invalid(email=BLANK)
    try:
        return mail_key(clean_address(row.email))
    except AddressError:
        return Invalid(email=INVALID)


def _move_answers(
    project: Project, rows: Sequence[tuple[int, Given]], *, now: dt.datetime
) -> Moved:
    people = _move_people(
        project, [(line, row.by) for line, row in rows if _names_somebody(row.by)], now=now
    )
    members = _Members(project, [row.by for _, row in rows])
    wrong = {line for line, _ in people.faults}
    faults = list(people.faults)
    ids = [row.kept_id for _, row in rows if row.kept_id is not None]
    known = set(
        Ask.objects.filter(project=project, kept_id__in=ids).values_list("kept_id", flat=True)
    )
    same = _given_before(project, [row for _, row in rows])
    wanted: list[tuple[Member, Given]] = []
    for line, row in rows:
        member = members.get(row.by)
        if line in wrong:
            continue
        if member is None:
            faults.append((line, Invalid(person=INVALID)))
        elif not _is_known(member, row, known, same):
            wanted.append((member, row))
            same.add((member.pk, row.at, row.score))
            known.add(row.kept_id)
    _write(project, wanted, now=now)
    return Moved(len(wanted), len(rows) - len(wanted) - len(faults), faults)


def _is_known(
    member: Member, row: Given, ids: set[int | None], same: set[tuple[int, dt.datetime, int]]
) -> bool:
    if row.kept_id is not None:
        return row.kept_id in ids
    return (member.pk, row.at, row.score) in same


def _given_before(project: Project, rows: Sequence[Given]) -> set[tuple[int, dt.datetime, int]]:
    moments = [row.at for row in rows if row.kept_id is None]
    asks = Ask.objects.filter(project=project, invitation__response__answered_at__in=moments)
    response = "invitation__response__"
    return set(asks.values_list("member", f"{response}answered_at", f"{response}score"))


def _names_somebody(row: Somebody) -> bool:
    return bool(row.email or row.phone_number)


def _write(project: Project, wanted: Sequence[tuple[Member, Given]], *, now: dt.datetime) -> None:
    new = [
        New(
            ResponseRow(
                email=member.email,
                score=row.score,
                answered_at=row.at,
                customer_id="",
                comment=row.comment,
                language="",
                campaign=project.name,
                invited_at=None,
                response_id="",
                mail_key=mail_key(member.email) if member.email else f"tel:{member.phone_number}",
                attributes=plain(row.properties),
            ),
            None,
        )
        for member, row in wanted
    ]
    responses = write_responses(new, [], now=now)
    tagged = []
    for response, (_, row) in zip(responses, wanted, strict=True):
        if row.tags:
            response.tags = row.tags
            tagged.append(response)
    Response.objects.bulk_update(tagged, ["tags"])
    Ask.objects.bulk_create(
        Ask(
            project=project,
            member=member,
            invitation=response.invitation,
            properties=row.properties,
            kept_id=row.kept_id,
        )
        for response, (member, row) in zip(responses, wanted, strict=True)
    )
