"""Rows that were taken out of Delighted come into a project, with their ids; nobody is mailed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from accounts.domain.contactability import SuppressionReason
from accounts.domain.mail_key import clean_address
from accounts.services.people import erased_persons, persons_for
from accounts.services.suppression import suppress
from api.domain.exported import Given, Somebody, Suppressed
from api.domain.values import INVALID, Invalid
from api.models import Ask, Member, Project
from api.queries.members import email_key
from api.services.answers import Answered, write_answers
from api.services.members import FORGOTTEN, address_of, key_of
from common.resilience.retry import in_transaction

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
    known = partial(_Members, project, [row for _, row in rows])
    return in_transaction(lambda: _move_people(project, rows, known(), now=now))


def move_answers(project: Project, rows: Sequence[tuple[int, Given]], *, now: dt.datetime) -> Moved:
    """A batch, after all people; one that is known by its id, or by whom, when and what, stays."""
    return in_transaction(partial(_move_answers, project, rows, now=now))


def move_suppressions(
    project: Project,
    rows: Sequence[tuple[int, Suppressed]],
    reason: SuppressionReason,
    *,
    now: dt.datetime,
) -> Moved:
    """A batch of people, then each by itself. Twice changes nothing."""
    moved = move_people(project, [(line, row.who) for line, row in rows], now=now)
    wrong = {line for line, _ in moved.faults}
    members = _Members(project, [row.who for _, row in rows])
    for line, row in rows:
        if line not in wrong and (member := members.get(row.who)) is not None:
            suppress(member.person, reason, now=row.at or now, source="Delighted")
    return moved


class _Members:
    """Those of a batch who are known, by id and, where that is not, by address or number."""

    def __init__(self, project: Project, rows: Sequence[Somebody]) -> None:
        known = Member.objects.of(project)
        ids = {row.kept_id for row in rows if row.kept_id is not None}
        self.by_id = {each.kept_id: each for each in known.filter(kept_id__in=ids)}
        left = [row for row in rows if row.kept_id not in self.by_id]
        keys = {email_key(row.email) for row in left if row.email}
        numbers = {row.phone_number for row in left if row.phone_number}
        self.by_key = {each.email_key: each for each in known.filter(email_key__in=keys)}
        by_number = known.filter(phone_number__in=numbers, email_key="")
        self.by_key |= {each.phone_number: each for each in by_number}

    def get(self, row: Somebody) -> Member | None:
        found = self.by_id.get(row.kept_id) if row.kept_id is not None else None
        return found or self.by_key.get(email_key(row.email) or row.phone_number)

    def put(self, row: Somebody, member: Member) -> None:
        if row.kept_id is not None:
            self.by_id[row.kept_id] = member
        self.by_key[member.email_key or member.phone_number] = member


def _move_people(
    project: Project, rows: Sequence[tuple[int, Somebody]], known: _Members, *, now: dt.datetime
) -> Moved:
    """Afterwards they are among the known ones."""
    faults: list[Fault] = []
    wanted: list[tuple[Somebody, str]] = []
    changed: list[Member] = []
    keys = {line: _key_of(row) for line, row in rows if known.get(row) is None}
    erased = erased_persons([key for key in keys.values() if isinstance(key, str)])
    for line, row in rows:
        key = keys.get(line, "")
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
    try:
        email = address_of(row.email) if row.email or not row.phone_number else ""
    except Invalid as fault:
        return fault
    return key_of(email, row.phone_number)


def _move_answers(
    project: Project, rows: Sequence[tuple[int, Given]], *, now: dt.datetime
) -> Moved:
    members = _Members(project, [row.by for _, row in rows])
    named = [(line, row.by) for line, row in rows if _names_somebody(row.by)]
    people = _move_people(project, named, members, now=now)
    wrong = {line for line, _ in people.faults}
    faults = list(people.faults)
    ids = [row.kept_id for _, row in rows if row.kept_id is not None]
    known = set(
        Ask.objects.filter(project=project, kept_id__in=ids).values_list("kept_id", flat=True)
    )
    same = _given_before(project, [row for _, row in rows])
    wanted: list[tuple[Member, Answered]] = []
    for line, row in rows:
        member = members.get(row.by)
        if line in wrong:
            continue
        if member is None:
            faults.append((line, Invalid(person=INVALID)))
        elif not _is_known(member, row, known, same):
            wanted.append((member, _answered(row)))
            same.add((member.pk, row.at, row.score))
            known.add(row.kept_id)
    write_answers(project, wanted, now=now)
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


def _answered(row: Given) -> Answered:
    return Answered(
        row.score, row.comment, row.properties, row.at, tags=row.tags, kept_id=row.kept_id
    )
