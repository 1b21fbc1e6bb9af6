from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from accounts.models import AuditEvent, Customer, Dimension, Event, Measure, Pulse
from tests.staffing import client_as
from tests.world import make_customer, make_respondent

pytestmark = pytest.mark.django_db


def contact(customer: Customer, **fields: object) -> tuple[str, dict[str, object]]:
    data = {"channel": "call", "at": "2026-01-05T10:30", "note": "Talked.", "respondent": ""}
    return f"/customers/{customer.pk}/contacts/new/", {**data, "ref": uuid.uuid4(), **fields}


def test_a_contact_is_written_down_and_stands_on_the_customers_page() -> None:
    respondent = make_respondent(name="Aya Sato")
    client = client_as("cs")
    address, data = contact(respondent.customer, respondent=respondent.pk)

    for _ in range(2):
        answer = client.post(address, data)
        assert answer.headers["Location"] == f"/customers/{respondent.customer.pk}/"

    event = Event.objects.get()
    assert (event.kind, event.channel, event.respondent) == ("contacted", "call", respondent)
    page = client.get(f"/customers/{respondent.customer.pk}/").content.decode()
    assert "Talked." in page
    assert "Aya Sato" in page
    assert AuditEvent.objects.filter(action="contact.write").count() == 1


def test_a_contact_of_the_future_or_with_somebody_elses_respondent_is_refused() -> None:
    stranger = make_respondent()
    customer = make_customer()
    tomorrow = timezone.localtime() + dt.timedelta(days=1)
    client = client_as("cs")

    for wrong in (
        {"at": f"{tomorrow:%Y-%m-%dT%H:%M}"},
        {"respondent": stranger.pk},
        {"note": " "},
        {"channel": "smoke"},
        {"ref": "x"},
        {"at": ""},
    ):
        address, data = contact(customer, **wrong)
        answer = client.post(address, data)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, list(wrong))
    assert not Event.objects.exists()


def test_the_moment_is_given_in_the_readers_time() -> None:
    customer = make_customer()
    address, data = contact(customer)
    client_as("cs").post(address, data)

    assert timezone.localtime(Event.objects.get().at).hour == 10


def test_a_pulse_wants_a_reason_and_is_shown_until_it_is_too_old() -> None:
    customer = make_customer()
    client = client_as("admin")
    address = f"/customers/{customer.pk}/pulse/"

    assert client.post(address, {"value": "3", "reason": ""}).status_code == 422
    assert client.post(address, {"value": "11", "reason": "x"}).status_code == 422
    client.post(address, {"value": "3", "reason": "Went silent."})

    page = client.get(f"/customers/{customer.pk}/").content.decode()
    assert "3 of 10" in page
    assert "Went silent." in page
    assert "no longer counts" not in page
    Pulse.objects.update(at=timezone.now() - dt.timedelta(days=91))
    assert "no longer counts" in client.get(f"/customers/{customer.pk}/").content.decode()


def test_a_viewer_writes_nothing() -> None:
    customer = make_customer()
    client = client_as("viewer")
    address, data = contact(customer)

    assert client.post(address, data).status_code == 403
    pulse = client.post(f"/customers/{customer.pk}/pulse/", {"value": "3", "reason": "x"})
    assert pulse.status_code == 403
    assert not Event.objects.exists()
    assert not Pulse.objects.exists()


def test_the_measures_are_listed_with_their_last_day(django_assert_num_queries) -> None:
    client = client_as("cs")
    assert "No usage has been imported yet" in client.get("/imports/measures/").content.decode()
    days = [f"{timezone.localdate() - dt.timedelta(days=back)}" for back in range(9, 4, -1)]
    for key in ("logins", "exports"):
        Measure.objects.create(
            key=key, first_day=days[0], last_day=days[-1], recent_days=days, arrivals=[]
        )

    with django_assert_num_queries(4):
        page = client.get("/imports/measures/").content.decode()

    assert "<code>logins</code>" in page
    assert "every 1 day" in page
    assert page.count(">late<") == 2
    home = client.get("/").content.decode()
    assert "exports" in home
    assert "it usually comes every 1 day." in home


def test_seats_are_named_once_on_the_customers_page() -> None:
    customer = make_customer(seats=25, attributes={"seats": "25"})
    for name, bands in (("seats", {}), ("size", {"thresholds": ["10"], "labels": ["s", "l"]})):
        Dimension.objects.create(name=name, source="customer", attribute="seats", bands=bands)

    page = client_as("cs").get(f"/customers/{customer.pk}/").content.decode()

    assert page.count("<dt>Seats</dt>") == 1
    assert "<dt>Size</dt>" in page
