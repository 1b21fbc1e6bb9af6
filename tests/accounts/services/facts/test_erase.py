from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from accounts.domain.imports.file_columns import FileKind
from accounts.models import Event, Pulse, Reading, RespondentReading, WaitingRow
from accounts.services.facts.erase import forget_facts
from accounts.services.facts.readings import Given, Readings
from accounts.services.imports.programs.bringing import bring_in_rows
from accounts.services.people import erased_key
from tests.customer_facts import make_event
from tests.world import NOW, make_customer, make_person, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DAY = dt.date(2026, 10, 10)


def test_an_erased_persons_readings_addresses_and_words_go_and_counts_stay() -> None:
    customer = make_customer()
    gone, stays = (
        make_respondent(make_person(f"{name}@x.example"), customer=customer)
        for name in ("gone", "stays")
    )
    readings = Readings(today=DAY)
    readings.write(
        [Given("logins", DAY, customer.pk, each.pk, Decimal(2)) for each in (gone, stays)]
    )
    for each in (gone, stays):
        make_event(
            customer, "trained", NOW, email=each.email, mail_key=each.email, respondent=each,
            note=f"said {each.email}",
        )  # fmt: skip
    named_only = "gone@x.example"
    make_event(make_customer(), "attended", NOW, email=named_only, mail_key=named_only, note="x")

    forget_facts([gone.person_id], {"gone@x.example"})

    assert list(RespondentReading.objects.values_list("respondent", flat=True)) == [stays.pk]
    assert Reading.objects.get().value == Decimal(4)
    hashed = erased_key("gone@x.example")
    rows = Event.objects.order_by("pk").values_list("kind", "email", "mail_key", "note")
    assert list(rows) == [
        ("trained", "", hashed, ""),
        ("trained", "stays@x.example", "stays@x.example", "said stays@x.example"),
        ("attended", "", hashed, ""),
    ]
    assert Event.objects.filter(respondent=gone).count() == 1


def test_two_erased_persons_of_one_moment_stay_two_events() -> None:
    customer = make_customer()
    for name in ("a@x.example", "b@x.example"):
        make_event(customer, "trained", NOW, email=name, mail_key=name)

    forget_facts([], {"a@x.example", "b@x.example"})
    forget_facts([], {"a@x.example", "b@x.example"})

    assert Event.objects.values("mail_key").distinct().count() == 2
    assert not Event.objects.exclude(email="").exists()


def test_what_staff_wrote_of_their_customer_and_names_them_goes() -> None:
    gone = make_respondent(make_person("gone@x.example"), name="Aya Sato")
    other = make_customer()
    for place, customer in enumerate((gone.customer, gone.customer, other)):
        note = "Talked of the renewal." if place == 1 else "Called aya sato."
        make_event(customer, "contacted", NOW, note=note, ref=f"{place}")
        Pulse.objects.create(customer=customer, at=NOW, value=place, reason=note)

    forget_facts([gone.person_id], {"gone@x.example"}, names={"Aya Sato", "", "a"})

    kept = ["", "Talked of the renewal.", "Called aya sato."]
    assert list(Event.objects.order_by("ref").values_list("note", flat=True)) == kept
    assert list(Pulse.objects.order_by("value").values_list("reason", flat=True)) == kept


def test_what_waits_for_a_customer_names_nobody_who_was_erased() -> None:
    person = make_person("gone@x.example")

    def rows(**more: str) -> list[dict[str, str]]:
        given = {"customer_id": "later", "at": "2026-01-01T00:00:00Z"}
        notes = ("wrote to Gone@x.example", "wrote to stays@x.example")
        return [
            {**given, "kind": f"k{number}", "note": note, **more}
            for number, note in enumerate(notes)
        ]

    bring_in_rows(FileKind.EVENTS, rows(), now=NOW, source="test")
    bring_in_rows(FileKind.EVENTS, rows(email="gone@x.example"), now=NOW, source="test")
    assert WaitingRow.objects.count() == 4

    forget_facts([person.pk], {"gone@x.example"}, names={"gone@x.example", ""})
    notes = [row.cells[row.header.index("note")] for row in WaitingRow.objects.order_by("pk")]
    assert notes == ["", "wrote to stays@x.example"]
    # They are brought in as any other, once their customer is there.
    bring_in_rows(FileKind.CUSTOMERS, [{"customer_id": "later"}], now=NOW, source="test")
    assert set(Event.objects.values_list("note", flat=True)) == {"", "wrote to stays@x.example"}
    assert not WaitingRow.objects.exists()
