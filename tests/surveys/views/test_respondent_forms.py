from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import AuditEvent, FieldChange, Person, Respondent
from surveys.services.people.erase import erase_person
from tests.accounts.views.test_by_hand import opened
from tests.staffing import client_as, make_staff
from tests.world import make_customer, make_person, make_respondent

pytestmark = pytest.mark.django_db


def test_a_respondent_is_added_once_and_not_over_another() -> None:
    customer = make_customer()
    client, address = client_as("cs"), f"/customers/{customer.pk}/respondents/new/"
    given = {"email": "Hanako@x.example", "name": "Hanako", "language": "ja"}

    for _ in range(2):
        assert client.post(address, given).headers["Location"] == f"/customers/{customer.pk}/"
    again = client.post(address, given | {"email": "hanako@X.example", "name": "Other"})

    assert "is a respondent of this customer already" in again.content.decode()
    row = Respondent.objects.get()
    assert (row.email, row.name, row.language) == ("Hanako@x.example", "Hanako", "ja")
    assert [each.target for each in AuditEvent.objects.filter(action="respondent.add")] == [
        customer.customer_id
    ]


def test_what_was_corrected_is_shown_and_goes_with_who_is_erased() -> None:
    row = make_respondent(make_person("old@x.example"), name="Hanako")
    client, address = client_as("cs"), f"/respondents/{row.pk}/edit/"

    form = opened(client, address) | {"email": "new@x.example", "time_zone": "Asia/Tokyo"}
    assert client.post(address, form).status_code == 302

    page = client.get(address).content.decode()
    assert "old@x.example" in page
    assert FieldChange.objects.count() == 2
    # The audit log stays for ever, so it names nobody.
    assert "x.example" not in str(list(AuditEvent.objects.values("target", "detail")))
    person = Person.objects.get(mail_key="old@x.example")
    erase_person(person, by=make_staff("admin"), now=timezone.now())
    assert not FieldChange.objects.exists()
    assert client.get(address).status_code == 404


def test_who_is_no_longer_there_is_asked_no_more() -> None:
    row = make_respondent()

    client_as("cs").post(f"/respondents/{row.pk}/end/")

    assert [each.reason for each in row.person.suppressions.active()] == ["manual"]
    assert client_as("viewer").post(f"/respondents/{row.pk}/end/").status_code == 403


def test_attributes_of_a_respondent_are_corrected_with_their_history() -> None:
    row = make_respondent(make_person("a@x.example"), attributes={"team": "Sales"})
    client, address = client_as("cs"), f"/respondents/{row.pk}/edit/"

    client.post(address, opened(client, address) | {"team": "開発"})

    row.refresh_from_db()
    assert row.attributes == {"team": "開発"}
    assert FieldChange.objects.values_list("field", "before", "after").get() == (
        "team", "Sales", "開発"
    )  # fmt: skip
