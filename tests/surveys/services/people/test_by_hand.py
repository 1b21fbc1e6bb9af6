"""Another address is the same person: never a way around the cap or the opt-out."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.domain.contactability import SuppressionReason
from accounts.domain.imports.file_columns import FileKind
from accounts.models import Person, Respondent, StaffUser
from accounts.services.people import RespondentIds
from accounts.services.suppression import suppress
from surveys.queries.proofs import frequency_violations
from surveys.services import slots
from surveys.services.people.by_hand import correct_respondent
from tests.accounts.importing import Files
from tests.staffing import make_staff
from tests.world import DAY, NOW, make_customer, make_person, make_respondent, queue, send

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def correct(row: Respondent, **values: str) -> list[str]:
    by = StaffUser.objects.first() or make_staff("cs")
    errors = correct_respondent(row, values, by=by, now=NOW)
    return [str(each) for each in errors]


def asked_twice() -> Respondent:
    row = make_respondent(make_person("old@x.example"))
    for days in (20, 10):
        assert send(row, now=NOW - days * DAY)
    return row


def test_who_was_asked_twice_is_not_asked_under_the_new_address(files: Files) -> None:
    row = asked_twice()
    head = ["email", "customer_id", "name"]

    assert correct(row, email="New+tag@x.example") == []

    row.refresh_from_db()
    assert (row.email, row.person.mail_key) == ("New+tag@x.example", "old@x.example")
    assert slots.next_possible(row.person, now=NOW) > NOW
    # Nor when files bring the address, at this customer or at another.
    other = make_customer()
    for customer in (row.customer, other):
        assert customer is not None
        rows: list[list[Any]] = [head, ["new@x.example", customer.customer_id, "Hanako"]]
        assert files.bring_in(FileKind.RESPONDENTS, rows).complete
    assert Respondent.objects.count() == 2
    assert {each.person_id for each in Respondent.objects.all()} == {row.person_id}
    assert all(queue(each) is None for each in Respondent.objects.all())
    assert frequency_violations().violations == 0


def test_an_opt_out_holds_under_the_new_address() -> None:
    row = make_respondent(make_person("old@x.example"))
    suppress(row.person, SuppressionReason.OPTED_OUT, now=NOW, source="")

    assert correct(row, email="new@x.example") == []

    row.refresh_from_db()
    assert row.person.suppressions.active().exists()
    assert Person.objects.get(mail_key="new@x.example").merged_into == row.person


def test_the_address_of_somebody_else_is_refused_and_nothing_is_written() -> None:
    row, other = asked_twice(), make_respondent(make_person("there@x.example"))

    [error] = correct(row, email="There@x.example", name="Changed")

    assert "is the address of somebody else here" in error
    row.refresh_from_db()
    other.person.refresh_from_db()
    assert (row.email, row.name, other.person.merged_into) == ("old@x.example", "", None)


def test_a_bad_address_and_a_bad_zone_are_refused_in_the_words_of_the_import() -> None:
    row = asked_twice()

    assert "is not an e-mail address" in correct(row, email="nobody")[0]
    assert "is not a time zone" in correct(row, email="new@x.example", time_zone="Mars")[0]
    # With the zone the new address went back, too.
    assert not Person.objects.filter(mail_key="new@x.example").exists()


def test_back_to_the_old_address_and_another_spelling_are_no_new_person() -> None:
    row = asked_twice()
    for email in ("new@x.example", "old@x.example", "OLD@x.example"):
        assert correct(row, email=email) == []

    row.refresh_from_db()
    assert row.email == "OLD@x.example"
    assert Person.objects.filter(merged_into__isnull=True).count() == 1


def test_usage_under_either_address_is_that_of_the_respondent() -> None:
    row = asked_twice()
    assert correct(row, email="new@x.example") == []
    assert row.customer is not None
    named = [(row.customer.customer_id, f"{name}@x.example") for name in ("old", "new", "none")]

    assert RespondentIds().find(named) == {named[0]: row.pk, named[1]: row.pk}
