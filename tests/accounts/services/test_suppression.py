from __future__ import annotations

import pytest

from accounts.domain.contactability import SuppressionReason as Reason
from accounts.models import AuditEvent, Person, Suppression
from accounts.services.suppression import lift, suppress
from tests.staffing import make_staff
from tests.world import HOUR, NOW, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def active() -> set[tuple[int, str]]:
    return set(Suppression.objects.active().values_list("person", "reason"))


def merged(kept: Person) -> Person:
    person = make_person()
    Person.objects.filter(pk=person.pk).update(merged_into=kept, merged_at=NOW)
    return person


def test_stopping_twice_changes_nothing_and_each_reason_stands_alone() -> None:
    person = make_person()

    first = suppress(person, Reason.OPTED_OUT, now=NOW, source="a link")
    again = suppress(person, Reason.OPTED_OUT, now=NOW + HOUR, source="another")
    suppress(person, Reason.BOUNCED, now=NOW)

    assert (again.pk, again.created_at, again.source) == (first.pk, NOW, "a link")
    assert active() == {(person.pk, "opted_out"), (person.pk, "bounced")}


def test_who_was_merged_is_stopped_under_every_name_and_let_go_under_every_name() -> None:
    kept = make_person()
    gone = merged(kept)
    gone_before = merged(gone)
    bystander = make_person()
    suppress(bystander, Reason.OPTED_OUT, now=NOW)

    row = suppress(gone_before, Reason.OPTED_OUT, now=NOW + HOUR)
    assert row.person == kept
    names = {(each.pk, "opted_out") for each in (kept, gone, gone_before)}
    assert active() == names | {(bystander.pk, "opted_out")}
    suppress(kept, Reason.COMPLAINED, now=NOW)

    admin = make_staff("admin")
    lift(row, by=admin, note="asked for it", now=NOW + 2 * HOUR)

    complained = {(each.pk, "complained") for each in (kept, gone, gone_before)}
    assert active() == complained | {(bystander.pk, "opted_out")}
    event = AuditEvent.objects.get()
    assert (event.actor, event.target) == (admin, f"person {kept.pk}")
    assert event.detail == {"reason": "opted_out", "note": "asked for it"}


def test_lifting_twice_is_on_record_once_and_a_new_opt_out_is_a_new_row() -> None:
    person, admin = make_person(), make_staff("admin")
    row = suppress(person, Reason.OPTED_OUT, now=NOW)

    lift(row, by=admin, note="first", now=NOW + HOUR)
    lift(row, by=admin, note="second", now=NOW + 2 * HOUR)
    suppress(person, Reason.OPTED_OUT, now=NOW + 3 * HOUR)

    row.refresh_from_db()
    assert (row.note, row.lifted_at, row.lifted_by) == ("first", NOW + HOUR, admin)
    assert AuditEvent.objects.count() == 1
    assert (Suppression.objects.count(), active()) == (2, {(person.pk, "opted_out")})
