from __future__ import annotations

import pytest

from accounts.domain.imports.file_columns import FileKind
from accounts.models import Customer, Person, Respondent
from surveys.services import slots
from tests.accounts.importing import NOW, Files, counts
from tests.world import make_person, person_for

pytestmark = pytest.mark.django_db


def merge(kept: Person, gone: Person) -> None:
    slots.merge_persons(kept, gone, now=NOW, by=None)


@pytest.mark.usefixtures("customers")
def test_spellings_of_one_mailbox_share_one_person(files: Files) -> None:
    rows = [
        ["email", "customer_id"],
        ["Hanako.Aoyama+koe@gmail.com", "C1"],
        ["hanakoaoyama@googlemail.com", "C2"],
    ]

    tally = files.bring_in(FileKind.RESPONDENTS, rows)

    assert counts(tally) == (2, 2, 0, 0, 0)
    assert Person.objects.count() == 1
    assert list(Respondent.objects.values_list("email", "customer__customer_id")) == [
        ("Hanako.Aoyama+koe@gmail.com", "C1"),
        ("hanakoaoyama@googlemail.com", "C2"),
    ]


@pytest.mark.usefixtures("customers")
def test_two_spellings_at_one_customer_are_named_as_the_same(files: Files) -> None:
    rows = [["email", "customer_id"], ["a@x.example", "C1"], ["A+koe@x.example", "C1"]]

    assert files.bring_in(FileKind.RESPONDENTS, rows).bad == 1
    assert files.errors == [
        "line 3: email: line 2 has the same key with other values; keep one of them"
    ]


@pytest.mark.usefixtures("customers")
def test_importing_respondents_again_changes_nothing(files: Files) -> None:
    rows = [
        ["email", "customer_id", "name", "role", "language", "time_zone", "team"],
        ["a@x.example", "C1", "青山", "Admin", "ja", "Asia/Tokyo", "red"],
        ["b@x.example", "C1", "", "", "", "", ""],
    ]
    files.bring_in(FileKind.RESPONDENTS, rows)
    before = list(Respondent.objects.values()), list(Person.objects.values())

    assert counts(files.bring_in(FileKind.RESPONDENTS, rows)) == (2, 0, 0, 2, 0)
    assert (list(Respondent.objects.values()), list(Person.objects.values())) == before


@pytest.mark.usefixtures("customers")
def test_changed_respondent_keeps_its_id_and_what_the_file_leaves_out(files: Files) -> None:
    files.bring_in(
        FileKind.RESPONDENTS,
        [["email", "customer_id", "name", "role"], ["a@x.example", "C1", "Old", "Admin"]],
    )
    before = Respondent.objects.get()

    tally = files.bring_in(
        FileKind.RESPONDENTS, [["email", "customer_id", "name"], ["A@x.example", "C1", "New"]]
    )

    after = Respondent.objects.get()
    assert counts(tally) == (1, 0, 1, 0, 0)
    assert (after.pk, after.email, after.name, after.role) == (
        before.pk,
        "A@x.example",
        "New",
        "Admin",
    )
    assert after.created_at == before.created_at


@pytest.mark.usefixtures("customers")
def test_respondent_without_customer_is_given_the_one_the_file_names(files: Files) -> None:
    alone = Respondent.objects.create(person=person_for("a@x.example"), email="a@x.example")
    rows = [["email", "customer_id"], ["a@x.example", "C1"], ["a@x.example", "C2"]]

    tally = files.bring_in(FileKind.RESPONDENTS, rows)

    assert counts(tally) == (2, 1, 1, 0, 0)
    alone.refresh_from_db()
    assert alone.customer is not None
    assert alone.customer.customer_id == "C1"
    assert Respondent.objects.count() == 2


@pytest.mark.usefixtures("customers")
def test_address_of_a_merged_person_leads_to_the_person_kept(files: Files) -> None:
    kept = person_for("kept@x.example")
    Person.objects.create(mail_key="gone@x.example", merged_into=kept, merged_at=NOW)

    files.bring_in(FileKind.RESPONDENTS, [["email", "customer_id"], ["gone@x.example", "C1"]])

    assert Respondent.objects.get().person == kept


def test_a_file_that_still_lists_both_addresses_changes_nothing_back_and_forth(
    files: Files,
) -> None:
    Customer.objects.create(customer_id="C1")

    def rows(*roles: str) -> list[list[str]]:
        people = (("a", roles[0]), ("b", roles[1]))
        listed = [[f"{name}@x.example", "C1", role] for name, role in people]
        return [["email", "customer_id", "role"], *listed]

    files.bring_in(FileKind.RESPONDENTS, rows("Dev", "Dev"))
    merge(person_for("a@x.example"), person_for("b@x.example"))

    changed = files.bring_in(FileKind.RESPONDENTS, rows("Ops", "Buyer"))
    again = files.bring_in(FileKind.RESPONDENTS, rows("Ops", "Buyer"))

    assert (counts(changed), counts(again)) == ((2, 0, 1, 1, 0), (2, 0, 0, 2, 0))
    kept = Respondent.objects.get(person=person_for("a@x.example"))
    assert (kept.email, kept.role) == ("a@x.example", "Ops")


def test_a_merged_address_speaks_where_the_kept_one_is_silent(files: Files) -> None:
    Customer.objects.create(customer_id="C1")
    header = ["email", "customer_id", "role"]
    files.bring_in(FileKind.RESPONDENTS, [header, ["b@x.example", "C1", "Dev"]])
    merge(make_person("a@x.example"), person_for("b@x.example"))

    tally = files.bring_in(FileKind.RESPONDENTS, [header, ["b@x.example", "C1", "Ops"]])

    assert counts(tally) == (1, 0, 1, 0, 0)
    assert Respondent.objects.get().role == "Ops"
    both = [header, ["b@x.example", "C1", "Dev"], ["a@x.example", "C1", "Lead"]]
    assert counts(files.bring_in(FileKind.RESPONDENTS, both)) == (2, 0, 1, 1, 0)
    assert counts(files.bring_in(FileKind.RESPONDENTS, both)) == (2, 0, 0, 2, 0)
    assert Respondent.objects.get().email == "a@x.example"
