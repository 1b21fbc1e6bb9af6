from __future__ import annotations

import csv
from io import StringIO

import pytest
from django.core.management import call_command

from accounts.domain.contactability import SuppressionReason
from accounts.models import Person, Suppression
from accounts.services.suppression import suppress
from tests.world import DAY, NOW, make_customer, make_person, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def exported() -> list[list[str]]:
    screen = StringIO()
    call_command("export_suppressions", stdout=screen)
    return list(csv.reader(StringIO(screen.getvalue(), newline="")))


def test_each_address_of_a_person_has_a_line_with_its_reason_and_moments() -> None:
    person = make_person("hanako@aozora.example")
    for email in ("Hanako@aozora.example", "hanako@AOZORA.example", "hanako+x@aozora.example"):
        make_respondent(person=person, customer=make_customer(), email=email)
    suppress(person, SuppressionReason.OPTED_OUT, now=NOW)
    gone = Person.objects.create(mail_key="gone@x.example")
    suppress(gone, SuppressionReason.BOUNCED, now=NOW + DAY)
    Suppression.objects.filter(person=gone).update(until=NOW + 9 * DAY)

    since = NOW.isoformat()
    assert exported() == [
        ["email", "reason", "since", "until"],
        ["Hanako@aozora.example", "unsubscribed", since, ""],
        ["hanako+x@aozora.example", "unsubscribed", since, ""],
        ["gone@x.example", "bounced", (NOW + DAY).isoformat(), (NOW + 9 * DAY).isoformat()],
    ]


def test_who_may_be_mailed_again_and_who_has_no_address_is_left_out() -> None:
    for key in ("lifted@x.example", "erased:0123", "tel:+81312345678"):
        suppress(Person.objects.create(mail_key=key), SuppressionReason.MANUAL, now=NOW)
    Suppression.objects.filter(person__mail_key="lifted@x.example").update(lifted_at=NOW)

    assert exported() == [["email", "reason", "since", "until"]]
